// Takes modules of dist/, gives bundles: the command, and the bytes that a page loads for a door.
import { chmodSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const folder = "dist/bin";
const command = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  splitting: true,
  minifyWhitespace: true,
  outdir: folder,
  chunkNames: "part-[hash]",
};
const door = { bundle: true, minify: true, format: "esm", target: "es2022", write: false };

/** Writes the command: a few files instead of some 300, and those of a subcommand are loaded when it is asked for. */
export async function bundleCommand() {
  rmSync(folder, { recursive: true, force: true });
  await build({ ...command, entryPoints: ["dist/cli/main.js"] });
  chmodSync(`${folder}/main.js`, 0o755);
}

/** The sizes of a door with all that it imports: minified, and that by gzip. */
export async function sizeOf(path) {
  const { outputFiles } = await build({ ...door, entryPoints: [path] });
  const { contents } = outputFiles[0];
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}
