// Takes src/, gives dist/ (with the argument `test`, the compiled tests too). One file's error doesn't keep the others from being emitted, but the exit code tells.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { bundleDoors, bundleForNode } from "./bundle.mjs";

const project = process.argv[2] ?? "src/cli";
const tsc = ["node_modules/typescript/bin/tsc", "--build", project];
const { status } = spawnSync(process.execPath, tsc, { stdio: "inherit" });

// tsc leaves the output of a source that is gone.
for (const path of existsSync("dist") ? readdirSync("dist", { recursive: true }) : []) {
  const stem = path.replace(/(?:\.d\.ts|\.js|\.js\.map)$/, "");
  if (stem !== path && !existsSync(`src/${stem}.ts`)) rmSync(`dist/${path}`, { force: true });
}

if (existsSync("dist/cli/main.js")) await bundleForNode();
if (existsSync("dist/js-api/index.js")) {
  for (const { file, minified, gzipped } of await bundleDoors()) {
    console.log(`${file}: ${minified} bytes, ${gzipped} by gzip`);
  }
}
process.exitCode = status ?? 1;
