// @rollup/wasm-node: the bundler with its parser in Wasm. Bundles a package's modules, with tree shaking.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sha256 } from "../files.mjs";

export const about = { package: "@rollup/wasm-node" };

const input = fileURLToPath(new URL("../node_modules/yoga-layout/dist/src/load.js", import.meta.url));

export async function start() {
  // It instantiates as it is imported.
  const { rollup, VERSION } = await import("@rollup/wasm-node");
  const { parseAst } = await import("@rollup/wasm-node/parseAst");
  return async () => {
    const warnings = [];
    const bundle = await rollup({ input, onwarn: ({ code }) => warnings.push(code) });
    const { output } = await bundle.generate({ format: "cjs", compact: true, sourcemap: true });
    await bundle.close();
    const tree = parseAst(readFileSync(input, "utf8"));
    let message;
    try {
      parseAst("const a = ;");
    } catch (error) {
      message = error.message;
    }
    const [{ code, map, exports, modules }] = output;
    return {
      VERSION,
      code: sha256(code),
      mappings: sha256(map.mappings),
      exports,
      kept: Object.values(modules).map(({ renderedLength }) => renderedLength),
      warnings,
      tree: tree.body.map(({ type, start: from, end }) => [type, from, end]),
      message,
    };
  };
}
