// Takes a validated module, gives an ES module with its functions as JavaScript, so that hosts run it that make no code from text.
import type { PrecompiledSource } from "../../api/precompiled.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { encodeBase64 } from "../../util/base64.ts";
import { checksum } from "../../util/checksum.ts";
import { VERSION } from "../../util/version.ts";
import { DEEPEST } from "./chunk.ts";
import { type Printed, printChunk } from "./print-chunk.ts";

/** Prints a module ahead of time. Its default export is a `PrecompiledModule`. */
export function precompileModule(module: ValidatedModule): PrecompiledSource {
  const { bytes, functions, importedFunctions } = module;
  const chunks: string[] = [];
  let compiled = 0;
  for (let from = importedFunctions; from < functions.length; ) {
    const indices = Array.from(functions.keys()).slice(from);
    const printed = printChunk(module, DEEPEST, { indices, label: -1, asynchronous: false });
    if (printed === null) break;
    chunks.push(chunkSource(printed));
    compiled += printed.functions.length;
    // Of a large module a chunk has only the first ones.
    from = printed.functions[printed.functions.length - 1]! + 1;
  }
  const source = `// Compiled by zerowasm ${VERSION} from a module of ${bytes.length} bytes.
export default {
zerowasm:${JSON.stringify(VERSION)},
checksum:"${checksum(bytes)}",
binary:"${encodeBase64(bytes)}",
chunks:[${chunks.join()}]};
`;
  return { source, functions: functions.length - importedFunctions, compiled };
}

function chunkSource({ functions, callees, source }: Printed): string {
  return `{functions:${JSON.stringify(functions)},callees:${JSON.stringify(callees)},make:(E)=>{
${source}
}}`;
}
