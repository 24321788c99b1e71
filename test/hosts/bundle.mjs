// Takes a program of this folder, gives one script of it that any host can run: no modules, and the guests' binaries in it.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform } from "@swc/core";
import { build } from "esbuild";
import { modules } from "./modules.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What hosts without classes need beside what esbuild does: Hermes before its version 1. */
const withoutClasses = [
  ...["class-static-block", "classes", "class-properties", "private-methods", "private-property-in-object"],
  ...["block-scoping", "object-rest-spread", "destructuring", "computed-properties", "parameters"],
  ...["async-to-generator", "async-generator-functions", "unicode-property-regex"],
];

function literal(value) {
  if (value instanceof Uint8Array) return `bytes("${Buffer.from(value).toString("hex")}")`;
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, member]) => `"${key}": ${literal(member)}`)}}`;
}

/** Makes a module of the guests, as hosts read no files. */
const guests = {
  name: "guests",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^modules$/ }, ({ path }) => ({ path, namespace: "guests" }));
    onLoad({ filter: /.*/, namespace: "guests" }, () => ({
      contents: `const bytes = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
export default ${literal(modules)};`,
    }));
  },
};

/** Writes the script. The door is "js-api" or "js-api-interpreter", of the two single files. */
export async function bundle(program, outfile, { door = "js-api", classes = true } = {}) {
  const isWhole = door === "js-api";
  await build({
    entryPoints: [here(program)],
    bundle: true,
    format: "iife",
    target: "es2020",
    logLevel: "error",
    outfile,
    define: { engines: JSON.stringify(isWhole ? ["compiler", "interpreter"] : ["interpreter"]) },
    alias: {
      door: here(`../../dist/min/${door}.js`),
      runtime: here(`../../dist/${isWhole ? "index" : "interpreter"}.js`),
      "zerowasm/wasi": here("../../dist/wasi/index.js"),
    },
    plugins: [guests],
  });
  if (classes) return;
  const env = { targets: { chrome: "70" }, include: withoutClasses.map((name) => `transform-${name}`) };
  const options = { swcrc: false, configFile: false, isModule: "unknown", env };
  writeFileSync(outfile, (await transform(readFileSync(outfile, "utf8"), options)).code);
}
