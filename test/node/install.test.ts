// Takes Node without WebAssembly, looks whose `WASI` programs find there by each way to it, in workers too.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "zerowasm-node-install-"));
// A program there finds the package as one that has it installed.
mkdirSync(join(folder, "node_modules"));
symlinkSync(process.cwd(), join(folder, "node_modules", "zerowasm"), "junction");
after(() => rmSync(folder, { recursive: true }));

/** What Node prints of a program. */
function printed(flags: readonly string[], script: string): string {
  const file = join(folder, "program.mjs");
  writeFileSync(file, script);
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, file], { encoding: "utf8" });
  // V8 tells of a flag that the other one excludes.
  return stdout + stderr.replace(/^Warning: disabling flag.*\n/m, "");
}

const door = ["--import", "zerowasm/node/install"]; // from the package's root, where the package knows itself
const ways = `
  import { createRequire } from "node:module";
  import * as all from "node:wasi";
  import { WASI } from "node:wasi";
  const required = createRequire(process.cwd() + "/x.js")("node:wasi");
  const own = await import("zerowasm/node/wasi");
  console.log([WASI, all.WASI, all.default.WASI, required.WASI].map((found) => found === own.WASI).join());`;

test("ES modules and CommonJS get it, and no warning", () => {
  assert.equal(printed(["--jitless", ...door], ways), "true,true,true,true\n");
});

test("where the host's WebAssembly works, so does its own", () => {
  const script = `const { installed } = await import("zerowasm/node/install"); ${ways} console.log(installed);`;
  assert.equal(printed(["--no-warnings"], script), "false,false,false,false\nfalse\n");
});

test("workers have it, also those with flags of their own", () => {
  const file = join(folder, "worker.mjs");
  writeFileSync(
    file,
    `import { WASI } from "node:wasi";
    import { parentPort, workerData } from "node:worker_threads";
    const wasi = new WASI({ version: "preview1", args: ["a"] });
    wasi.initialize({ exports: { memory: workerData } });
    wasi.wasiImport.args_sizes_get(0, 4);
    parentPort.postMessage(workerData.constructor === WebAssembly.Memory);`,
  );
  const script = `
    import { once } from "node:events";
    import { Worker } from "node:worker_threads";
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    for (const options of [{}, { execArgv: ["--no-deprecation"] }, { execArgv: [], env: {} }]) {
      const worker = new Worker(${JSON.stringify(file)}, { ...options, workerData: memory });
      const [same] = await once(worker, "message");
      console.log(same, new Int32Array(memory.buffer, 0, 2).join(), worker instanceof Worker);
    }`;
  assert.equal(printed(["--jitless", ...door], script), "true 1,2 true\n".repeat(3));
});
