// Takes modules of dist/, gives bundles: the doors and the command for Node, and single files of the namespace for pages.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minifySync } from "oxc-minify";
import { apart } from "./apart.mjs";
import { fewParts } from "./few-parts.mjs";
import { shortNames } from "./short-names.mjs";
import { withoutUnused } from "./unused.mjs";

const { exports, bin } = JSON.parse(readFileSync("package.json", "utf8"));
const folder = "dist/bundled";
const bundled = [
  ...Object.values(exports).filter(({ node }) => node !== undefined),
  // No door, but what a door that is bundled alone has to find: the classes in it are those of the others.
  { default: "./dist/js-api/host-messages.js", node: `./${folder}/host-messages.js` },
];
// Tools that guess a module's kind look for an export at a line's beginning.
const footer = "export {};\n";
/** Rooms where each function of a module passes through once; not those of their files that compiled code calls. */
const rooms = /\/dist\/(?:ir|valid|engine\/compiler)\/[\w-]+\.js$/;
const isCalled = /\/(?:(?:\w+-)?support|environment|enter|host-code|trampoline|chunk-engine)\.js$/;
const loadApart = ({ path }) => (isCalled.test(path) ? undefined : { contents: apart(readFileSync(path, "utf8")) });
const parts = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  splitting: true,
  minifyWhitespace: true,
  outdir: folder,
  chunkNames: "part-[hash]",
  footer: { js: footer },
  logOverride: { "ignored-bare-import": "silent" },
  plugins: [{ name: "apart", setup: ({ onLoad }) => onLoad({ filter: rooms }, loadApart) }, fewParts(bundled)],
};
const pages = "dist/min";
const page = { format: "esm", target: "es2022", logLevel: "error" };
/** What single files begin with, each with what it imports: gzip finds again what is alike only within 32 KB. */
const foremost = [
  "num/v128-wide",
  "api/module",
  "num/i32",
  "binary/section-id",
  "engine/compiler/vector-form",
  "engine/interpreter/forms",
  "num/wide",
  "syntax/instructions",
  "num/float",
  "num/i64",
  "syntax/types",
  "instance/engine",
  "instance/ranges",
  "num/v128-float",
  "syntax/opcodes",
  "util/bytes",
  "engine/interpreter/lower-aggregates",
  "instance/convention",
  "ir/tree",
  "instance/tag",
  "engine/interpreter/activation",
  "engine/interpreter/values",
  "syntax/immediate-parts",
  "instance/wait",
  "engine/interpreter/arrays",
  "instance/value",
  "engine/compiler/numbers",
  "engine/interpreter/atomics",
  "num/v128-relaxed",
  "instance/signature",
  "instance/prepared-module",
  "engine/interpreter/outside",
  "instance/exception",
  "engine/compiler/host-code",
  "engine/interpreter/rare",
  "api/precompiled",
  "instance/catchable",
  "num/op",
  "engine/compiler/exception-support",
];
// Its names for variables repeat more often than those of esbuild.
const again = {
  module: true,
  compress: { target: page.target },
  mangle: { toplevel: true },
  codegen: { asciiOnly: true },
};
/** The doors that are single files too. */
const doors = { "js-api": "js-api/index", "js-api-interpreter": "js-api/interpreter" };

/** Writes doors and command as Node loads them: a few files instead of some 300, which all doors share. */
export async function bundleForNode() {
  rmSync(folder, { recursive: true, force: true });
  const entryPoints = bundled.map((door) => ({ in: door.default, out: door.node.slice(folder.length + 3, -3) }));
  // These are loaded where little else is needed, and share no state: one file each, which leaves the parts of others whole.
  const isAlone = ({ out }) => /^(?:js-api-install-on-demand|node-(?:wasi|install))$/.test(out);
  for (const entry of entryPoints.filter(isAlone)) await build({ ...parts, entryPoints: [entry] });
  const others = entryPoints.filter((entry) => !isAlone(entry));
  await build({ ...parts, entryPoints: [...others, { in: "dist/cli/main.js", out: "main" }] });
  chmodSync(bin.zerowasm, 0o755);
}

/** Names as esbuild gives them; of two letters, neighbours have neighbouring ones: gzip takes what is alike for a repetition. */
async function shorten(bundle, mangleProps) {
  const { mangleCache } = await transform(bundle, { ...page, minify: true, mangleProps, mangleCache: {} });
  const inOrder = new Set(bundle.match(/[\w$]+/g).filter((name) => mangleCache[name]?.length === 2));
  const pairs = [...inOrder].map((name) => mangleCache[name]).sort();
  for (const name of inOrder) mangleCache[name] = pairs.shift();
  return transform(bundle, { ...page, minify: true, mangleProps, mangleCache });
}

/** Writes single files of the doors that pages load, and gives the bytes of each: as it is, and by gzip. */
export async function bundleDoors() {
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages);
  const sizes = [];
  for (const [out, door] of Object.entries(doors)) {
    const file = `${pages}/${out}.js`;
    const modules = [...foremost.map((name) => `import "./${name}.js";`), `export * from "./${door}.js";`];
    const stdin = { contents: modules.join(""), resolveDir: "dist" };
    const bundle = await build({ ...page, stdin, bundle: true, minifySyntax: true, write: false });
    const needed = withoutUnused(bundle.outputFiles[0].text);
    const shortened = await shorten(needed, await shortNames(needed));
    const { code } = minifySync(file, shortened.code, again);
    const contents = code.replace(/export\{[^{}]*\};?\s*$/, "\n$&");
    writeFileSync(file, contents);
    writeFileSync(`${pages}/${out}.d.ts`, `export * from "../${door}.js";\n`);
    sizes.push({ file, minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length });
  }
  return sizes;
}
