// The command `node run.mjs [options] COMMAND…`: runs a program of this folder in a host, and compares what it prints.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { differences } from "./expected.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    door: { type: "string", default: "js-api" },
    "no-classes": { type: "boolean", default: false },
    times: { type: "boolean", default: false },
  },
});
const [command, ...args] = positionals;
if (command === undefined) {
  console.error("node run.mjs [--door js-api-interpreter] [--no-classes] [--times] COMMAND [ARGUMENTS]");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "zerowasm-"));
const file = join(folder, "program.js");
try {
  const options = { door: values.door, classes: !values["no-classes"] };
  await bundle(values.times ? "times.mjs" : "main.mjs", file, options);
  const { stdout, stderr, status } = spawnSync(command, [...args, file], { encoding: "utf8", maxBuffer: 1e9 });
  if (values.times || status !== 0) console.log(stdout + stderr);
  const found = values.times ? [] : differences(stdout);
  console.log(found.length === 0 ? "no difference" : found.join("\n"));
  process.exitCode = status === 0 && found.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
