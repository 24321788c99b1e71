// Takes modules on the command line, compiles them ahead of time, imports what was written.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { Runtime } from "zerowasm/aot";
import { file, folder, zerowasm } from "./command.ts";

const wat = file(
  "add.wat",
  '(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))',
);

test("compile writes a module that a runtime takes", async () => {
  const out = join(folder, "add.mjs");
  assert.deepEqual(await zerowasm("compile", wat, "-o", out), { stdout: "", stderr: "", code: 0 });
  const app = (await import(pathToFileURL(out).href)).default;
  assert.equal(new Runtime().instantiate(app).exportedFunction("add")!.call(40, 2), 42);
  assert.match((await zerowasm("compile", wat)).stdout, /^\/\/ Compiled by zerowasm/);
});

test("a module that is not valid, and wrong flags, are told", async () => {
  const invalid = file("invalid.wat", "(module (func (result i32)))");
  const refused = await zerowasm("compile", invalid);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /invalid/);
  for (const args of [[], ["nothing.wasm"], [wat, wat], [wat, "--features", "magic"], [wat, "--fast"]]) {
    assert.equal((await zerowasm("compile", ...args)).code, 2, args.join(" "));
  }
});

test("--features decides what is valid", async () => {
  const vector = file("vector.wat", "(module (func (drop (v128.const i32x4 0 0 0 0))))");
  assert.equal((await zerowasm("compile", vector)).code, 0);
  assert.equal((await zerowasm("compile", vector, "--features", "wasm1")).code, 1);
});
