// The package loaded into a context of `vm`, as Jest loads it: Node's own objects and errors are of another realm there.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { node } from "../examples/process.ts";

const folder = mkdtempSync(join(tmpdir(), "zerowasm-realm-"));
after(() => rmSync(folder, { recursive: true }));

/** Loads modules into a context, with those of Node as they are. */
const loader = `
  import { readFileSync } from "node:fs";
  import { fileURLToPath, pathToFileURL } from "node:url";
  import { createContext, SourceTextModule, SyntheticModule } from "node:vm";
  const context = createContext({ console, process, performance, Buffer, setTimeout, clearTimeout });
  const modules = new Map();
  async function load(url) {
    let module = modules.get(url);
    if (module !== undefined) return module;
    if (url.startsWith("node:")) {
      const names = await import(url);
      module = new SyntheticModule(Object.keys(names), () => {
        for (const name of Object.keys(names)) module.setExport(name, names[name]);
      }, { context });
    } else module = new SourceTextModule(readFileSync(fileURLToPath(url), "utf8"), { context, identifier: url });
    modules.set(url, module);
    return module;
  }
  const link = (name, { identifier }) =>
    load(name.startsWith(".") ? new URL(name, identifier).href : import.meta.resolve(name));
  const main = await load(pathToFileURL(process.argv[1]).href);
  await main.link(link);
  await main.evaluate();`;

const program = `
  import { Runtime } from "zerowasm";
  import { hostDirectory } from "zerowasm/node";
  import { parse } from "zerowasm/text";
  import { wasi } from "zerowasm/wasi";
  console.log(process instanceof Object);
  const binary = parse(\`(module
    (import "wasi_snapshot_preview1" "path_create_directory" (func $make (param i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_unlink_file" (func $remove (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "name")
    (func (export "make") (result i32) (call $make (i32.const 3) (i32.const 0) (i32.const 4)))
    (func (export "remove") (result i32) (call $remove (i32.const 3) (i32.const 1) (i32.const 3)))
    (func (export "load") (result i32) (i32.load (i32.const -1))))\`);
  for (const engine of ["compiler", "interpreter"]) {
    const runtime = new Runtime({ engine });
    wasi.instantiate(runtime);
    const module = runtime.instantiate(binary, { fs: hostDirectory(process.argv[2]) });
    console.log(["make", "make", "remove"].map((name) => module.exportedFunction(name).call()).join());
    try {
      module.exportedFunction("load").call();
    } catch (error) {
      console.log(error.message);
    }
  }`;

test("guests in a context of vm get errnos of a directory, and trap", async () => {
  const path = join(folder, "program.mjs");
  writeFileSync(path, program);
  const { stdout } = await node([
    "--experimental-vm-modules",
    "--no-warnings",
    "--input-type=module",
    "--eval",
    loader,
    path,
    folder,
  ]);
  const told = "out of bounds memory access";
  assert.deepEqual(stdout.trim().split("\n"), ["false", "0,20,44", told, "20,20,44", told]);
});
