// Holds what `inspect` shows to a module that has some of everything.
import assert from "node:assert/strict";
import test from "node:test";
import { ModuleBuilder } from "../support/module-builder.ts";
import { file, zerowasm } from "./command.ts";

const text = (value: string): number[] => [value.length, ...Buffer.from(value)];

const module = new ModuleBuilder();
module.importFunction("env", "log", { params: ["i32", "f64"] });
module.importFunction("env", "now", { results: ["i64"] });
module.importFunction("other\n", "a b", {});
module.importGlobal("env", "base", "i32");
module.importTag("env", "tag", ["i32"]);
module.memory(1, 4, "memory");
module.table("externref", 3, 3, "refs");
module.global("f32", true, [["f32.const", 1]], "level");
module.function({ export: "f", params: ["v128"], results: ["i32", "i32"] }, ["i32.const", 1], ["i32.const", 2]);
module.start(2);
module.data([["i32.const", 0]], [1, 2, 3]);
module.custom("producers", [1, ...text("language"), 2, ...text("C11"), ...text(""), ...text("Zig"), ...text("0.13")]);
module.custom("odd \x1b[31m", []);
const path = file("all.wasm", module.build("the module"));

test("inspect shows what there is", async () => {
  const { stdout, stderr, code } = await zerowasm("inspect", path);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const page = stdout.replace(/at 0x[\da-f]+/g, "at 0x…").replace(/^.*all\.wasm {2}\d+ B/, "all.wasm");
  assert.equal(
    page,
    `all.wasm  module "the module"

features used
  mutable-globals, multi-value, reference-types, bulk-memory, simd, exceptions

contents
  4 functions  3 imported
  memory 0     1 page (64 KiB) to 4 pages (256 KiB)
  table 0      externref, 3 elements, fixed
  2 globals    1 imported; 1 mutable
  1 tag        1 imported
  start        function 2

imports (5)
  env
    log    (i32 f64) -> ()
    now    () -> (i64)
  "other\\u{a}"
    "a b"  () -> ()
  env
    base   constant i32
    tag    tag (i32)

exports (4)
  memory  memory of 1 page (64 KiB) to 4 pages (256 KiB)  memory 0
  refs    table of externref, 3 elements, fixed           table 0
  level   mutable f32                                     global 1
  f       (v128) -> (i32 i32)                             function 3

sections
`.concat(page.slice(page.indexOf("\n  type") + 1)),
  );
  assert.match(page, /\n {2}code +\d+ B {2}1 entry +at 0x…\n/);
  assert.match(page, /\n {2}custom "odd \\u\{1b\}\[31m" {2}/);
  assert.ok(page.endsWith("\nproducers\n  language  C11\n            Zig 0.13\n"), page);
  assert.doesNotMatch(page, /\x1b/);
});

test("inspect --json has nothing that a terminal obeys", async () => {
  const name = "\x9b31m \u202e \u2028 \u{e0001} \0 \x1b[31m";
  const hostile = new ModuleBuilder();
  hostile.function({ export: name });
  const { stdout } = await zerowasm("inspect", "--json", file("hostile.wasm", hostile.build()));
  assert.doesNotMatch(stdout, /[^\P{C}\n]/u);
  assert.equal(JSON.parse(stdout).exports[0].name, name);
});

test("inspect --json is for programs", async () => {
  const { stdout, code } = await zerowasm("inspect", "--json", path);
  assert.equal(code, 0);
  const found = JSON.parse(stdout);
  assert.equal(found.name, "the module");
  assert.deepEqual(found.functions, { imported: 3, defined: 1 });
  assert.deepEqual(found.imports[0], {
    module: "env",
    name: "log",
    kind: "function",
    index: 0,
    params: ["i32", "f64"],
    results: [],
  });
  assert.deepEqual(found.exports[0], {
    name: "memory",
    kind: "memory",
    index: 0,
    min: 1,
    max: 4,
    pageBytes: 65536,
    shared: false,
    index64: false,
  });
  assert.equal(found.start, 2);
  assert.deepEqual(found.producers, {
    language: [
      { name: "C11", version: "" },
      { name: "Zig", version: "0.13" },
    ],
  });
  assert.equal(found.sections.at(-1).name, "odd \x1b[31m");
  const covered = found.sections.reduce((sum: number, { byteLength }: { byteLength: number }) => sum + byteLength, 0);
  assert.ok(covered < found.byteLength);
});

test("inspect of the least module", async () => {
  const { stdout } = await zerowasm("inspect", file("least.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
  assert.match(stdout, /^\S+least\.wasm {2}8 B\n\nfeatures used\n {2}none after version 1\.0\n$/);
});

test("inspect needs a module that decodes, not one that is valid", async () => {
  const invalid = new ModuleBuilder();
  invalid.function({ export: "f", results: ["i32"] }, "nop");
  assert.equal((await zerowasm("inspect", file("invalid.wasm", invalid.build()))).code, 0);
  const unknown = new ModuleBuilder();
  unknown.exportFunction("f", 9);
  const { stderr, code } = await zerowasm("inspect", file("unknown.wasm", unknown.build()));
  assert.equal(code, 1);
  assert.match(stderr, /invalid module: unknown function 9 at offset 0x/);
  const cut = file("cut.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1));
  assert.match((await zerowasm("inspect", cut)).stderr, /malformed module: .* at offset 0x9\n$/);
});
