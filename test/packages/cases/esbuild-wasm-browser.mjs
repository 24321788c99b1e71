// esbuild-wasm as browsers run it: in the page's own thread. Transforms TypeScript, and minifies a script.
import { createRequire } from "node:module";
import { bytesOf, sha256, textOf } from "../files.mjs";

export const about = { package: "esbuild-wasm", heavy: true };

const script = textOf("assemblyscript/dist/assemblyscript.js");
const types = textOf("hash-wasm/lib/WASMInterface.ts");
const wasm = bytesOf("esbuild-wasm/esbuild.wasm");

export async function start() {
  globalThis.self ??= globalThis;
  const esbuild = createRequire(import.meta.url)("esbuild-wasm/lib/browser.js");
  await esbuild.initialize({ wasmModule: await WebAssembly.compile(wasm), worker: false });
  return async () => {
    const minified = await esbuild.transform(script, { minify: true, sourcemap: "external", target: "es2022" });
    const typed = await esbuild.transform(types, { loader: "ts" });
    const message = await esbuild.transform("let x = ;", { logLevel: "silent" }).catch((error) => error.message);
    return {
      version: esbuild.version,
      code: sha256(minified.code),
      length: minified.code.length,
      map: sha256(minified.map),
      typed: sha256(typed.code),
      message,
    };
  };
}
