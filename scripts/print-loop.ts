// Prints the interpreter's four generated files from the list of opcodes: the codes, the switch loops, the closures.
// With --check it compares instead and fails where a file is not what its source prints.
import { readFileSync, writeFileSync } from "node:fs";
import { printClosures } from "./interpreter/closures.ts";
import { printCodes } from "./interpreter/codes.ts";
import { printLoop } from "./interpreter/loop.ts";
import { codeOps, specials } from "./interpreter/ops.ts";
import { printVectorLoop } from "./interpreter/vector-loop.ts";

const ops = codeOps();
const folder = "src/engine/interpreter";
const files: Readonly<Record<string, string>> = {
  [`${folder}/codes.generated.ts`]: printCodes(specials, ops),
  [`${folder}/loop.ts`]: printLoop(specials, ops),
  [`${folder}/vectors.generated.ts`]: printVectorLoop(specials, ops),
  [`${folder}/closures.generated.ts`]: printClosures(specials, ops),
};
for (const [path, source] of Object.entries(files)) {
  if (!process.argv.includes("--check")) writeFileSync(path, source);
  else if (readFileSync(path, "utf8") !== source) {
    console.error(`${path} is not what scripts/interpreter prints: run npm run print`);
    process.exitCode = 1;
  }
}
