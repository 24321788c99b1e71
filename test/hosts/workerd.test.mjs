// Takes the worker of examples/ahead-of-time, builds it as its README says, and asks it for sums in workerd, which forbids code from text.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const example = join(root, "examples/ahead-of-time");
const bin = (name) => fileURLToPath(new URL(`node_modules/.bin/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "zerowasm-"));
after(() => rmSync(folder, { recursive: true }));

for (const name of ["worker.mjs", "worker.capnp"]) copyFileSync(join(example, name), join(folder, name));
execFileSync(process.execPath, [
  join(root, "dist/bundled/main.js"),
  "compile",
  join(root, "examples/add/add.wasm"),
  "-o",
  join(folder, "guest.mjs"),
]);
execFileSync(bin("esbuild"), [
  join(folder, "worker.mjs"),
  "--bundle",
  "--format=esm",
  "--log-level=error",
  `--alias:zerowasm/aot=${join(root, "dist/aot.js")}`,
  `--outfile=${join(folder, "worker.bundle.mjs")}`,
]);

test("workerd runs a module that was compiled ahead of time", async () => {
  const child = spawn(bin("workerd"), ["serve", join(folder, "worker.capnp"), "--control-fd=3"], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  try {
    const port = await new Promise((resolve, reject) => {
      let text = "";
      child.once("exit", (code) => reject(new Error(`workerd ended with ${code}`)));
      child.stdio[3].on("data", (bytes) => {
        text += bytes;
        const found = /"port":(\d+)/.exec(text);
        if (found !== null) resolve(found[1]);
      });
    });
    const sum = async (a, b) => (await fetch(`http://127.0.0.1:${port}/?a=${a}&b=${b}`)).text();
    assert.equal(await sum(40, 2), "42\n");
    assert.equal(await sum(2147483647, 1), "-2147483648\n");
  } finally {
    child.kill();
  }
});
