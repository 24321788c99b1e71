// Takes a validated module, gives an ES module with its functions as JavaScript, so that hosts run it that make no code from text.
import type { PrecompiledSource } from "../../api/precompiled.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { encodeBase64 } from "../../util/base64.ts";
import { checksum } from "../../util/checksum.ts";
import { VERSION } from "../../util/version.ts";
import { DEEPEST } from "./chunk.ts";
import { type Printed, printChunk } from "./emitted-chunks.ts";

/** Prints a module ahead of time. Its default export is a `PrecompiledModule`. */
export function precompileModule(module: ValidatedModule): PrecompiledSource {
  const { bytes, functions, importedFunctions } = module;
  const indices = Array.from(functions.keys()).slice(importedFunctions);
  const printed = printChunk(module, DEEPEST, { indices, label: -1, asynchronous: false });
  const chunks = printed === null ? "" : chunkSource(printed);
  const source = `// Compiled by zerowasm ${VERSION} from a module of ${bytes.length} bytes.
export default {
zerowasm:${JSON.stringify(VERSION)},
checksum:"${checksum(bytes)}",
binary:"${encodeBase64(bytes)}",
chunks:[${chunks}]};
`;
  return { source, functions: indices.length, compiled: printed?.functions.length ?? 0 };
}

function chunkSource({ functions, callees, source }: Printed): string {
  return `{functions:${JSON.stringify(functions)},callees:${JSON.stringify(callees)},make:(E)=>{
${source}
}}`;
}
