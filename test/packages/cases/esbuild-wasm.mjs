// esbuild-wasm in Node: a Go program that is started as a process, with its files and sockets through the host. Bundles and minifies.
import { fileURLToPath } from "node:url";
import esbuild from "esbuild-wasm";
import { sha256, textOf } from "../files.mjs";

export const about = { package: "esbuild-wasm", heavy: true };

const entry = fileURLToPath(new URL("../node_modules/yoga-layout/dist/src/load.js", import.meta.url));
const script = textOf("assemblyscript/dist/assemblyscript.js");

export function start() {
  return async () => {
    const { code, map } = await esbuild.transform(script, { minify: true, sourcemap: true, target: "es2022" });
    const { outputFiles, metafile, warnings } = await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      format: "cjs",
      outdir: "out",
      absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    });
    const message = await esbuild.transform("let x = ;", { logLevel: "silent" }).catch((error) => error.message);
    return {
      version: esbuild.version,
      code: sha256(code),
      map: sha256(map),
      bundle: outputFiles.map(({ text }) => sha256(text)),
      inputs: Object.keys(metafile.inputs),
      warnings,
      message,
    };
  };
}
