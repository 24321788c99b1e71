// Takes doors of dist/, gives the bytes that a page loads for each: bundled with all it imports, minified, and by gzip.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const options = { bundle: true, minify: true, format: "esm", target: "es2022", write: false };

/** The sizes of a door's bundle. */
export async function sizeOf(door) {
  const { outputFiles } = await build({ ...options, entryPoints: [door] });
  const { contents } = outputFiles[0];
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}
