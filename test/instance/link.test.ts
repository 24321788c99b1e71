// Holds import matching to the specification, and its errors to plain words.
import assert from "node:assert/strict";
import test from "node:test";
import { type HostModuleBuilder, type Imports, LinkError, Runtime } from "zerowasm";
import { ModuleBuilder } from "../support/module-builder.ts";

type Add = (module: ModuleBuilder) => unknown;
type Offer = (module: HostModuleBuilder) => unknown;

function link(wanted: Add, offered: Offer): void {
  const runtime = new Runtime({ engine: "interpreter" });
  const host = runtime.hostModule("m");
  offered(host);
  host.instantiate();
  const module = new ModuleBuilder();
  wanted(module);
  runtime.instantiate(module.build());
}

const memory = (min: number, max?: number) => (m: HostModuleBuilder) => m.memory("x", { min, max });
const table = (type: string, min: number, max?: number) => (m: HostModuleBuilder) => m.table("x", { type, min, max });

const matching: Record<string, [Add, Offer]> = {
  "a memory that is larger": [(m) => m.importMemory("m", "x", 1), memory(2)],
  "a memory with a lower maximum": [(m) => m.importMemory("m", "x", 1, 5), memory(2, 4)],
  "a memory with a maximum where none is asked for": [(m) => m.importMemory("m", "x", 1), memory(1, 4)],
  "a table that is larger": [(m) => m.importTable("m", "x", "funcref", 1, 9), table("funcref", 2, 9)],
  "a constant": [(m) => m.importGlobal("m", "x", "i32"), (m) => m.global("x", { type: "i32" }, 1)],
  "a constant of a subtype": [
    (m) => m.importGlobal("m", "x", "funcref"),
    (m) => m.global("x", { type: "nullfuncref" }, null),
  ],
  "a variable": [(m) => m.importGlobal("m", "x", "f64", true), (m) => m.global("x", { type: "f64", mutable: true })],
  "a tag": [(m) => m.importTag("m", "x", ["i32"]), (m) => m.tag("x", { params: ["i32"] })],
};

for (const [name, [wanted, offered]] of Object.entries(matching)) {
  test(`${name} matches`, () => link(wanted, offered));
}

const wrong: [Add, Offer, string][] = [
  [
    (m) => m.importFunction("m", "x", { params: ["i32"], results: ["i64"] }),
    (m) => m.function("x", { params: ["i32"] }, () => 1),
    'incompatible import type: "m"."x" should be a function (i32) -> (i64), and is a function (i32) -> ()',
  ],
  [
    (m) => m.importFunction("m", "x"),
    memory(1),
    'incompatible import type: "m"."x" should be a function () -> (), and is a memory of at least 1 page',
  ],
  [
    (m) => m.importMemory("m", "x", 2),
    memory(1, 3),
    'incompatible import type: "m"."x" should be a memory of at least 2 pages, and is a memory of 1 to 3 pages',
  ],
  [(m) => m.importMemory("m", "x", 1, 2), memory(1), "incompatible import type"],
  [(m) => m.importMemory("m", "x", 1, 2), memory(1, 3), "incompatible import type"],
  [
    (m) => m.importMemory("m", "x", 1),
    (m) => m.memory("x", { min: 1, max: 2, shared: true }),
    'incompatible import type: "m"."x" should be a memory of at least 1 page, and is a shared memory of 1 to 2 pages',
  ],
  [
    (m) => m.importMemory("m", "x", 1),
    (m) => m.memory("x", { min: 1, index64: true }),
    'incompatible import type: "m"."x" should be a memory of at least 1 page, and is a 64-bit memory of at least 1 page',
  ],
  [
    (m) => m.importTable("m", "x", "funcref", 1),
    table("externref", 1),
    'incompatible import type: "m"."x" should be a table of at least 1 element of type funcref, and is a table of at least 1 element of type externref',
  ],
  [(m) => m.importTable("m", "x", "funcref", 1), table("nullfuncref", 1), "incompatible import type"],
  [
    (m) => m.importGlobal("m", "x", "i32", true),
    (m) => m.global("x", { type: "i32" }, 1),
    'incompatible import type: "m"."x" should be a mutable global of type i32, and is an immutable global of type i32',
  ],
  [
    (m) => m.importGlobal("m", "x", "funcref", true),
    (m) => m.global("x", { type: "nullfuncref", mutable: true }),
    "incompatible import type",
  ],
  [(m) => m.importGlobal("m", "x", "i32"), (m) => m.global("x", { type: "i64" }), "incompatible import type"],
  [
    (m) => m.importTag("m", "x", ["i32"]),
    (m) => m.tag("x", { params: [] }),
    'incompatible import type: "m"."x" should be a tag (i32) -> (), and is a tag () -> ()',
  ],
  [
    (m) => m.importFunction("m", "y"),
    memory(1),
    'unknown import: "m"."y", a function () -> (): its module does not export it',
  ],
  [
    (m) => m.importFunction("n", "x"),
    memory(1),
    'unknown import: "n"."x", a function () -> (): there is no such module',
  ],
  [
    (m) => m.importFunction("wasi_snapshot_preview1", "sched_yield", { results: ["i32"] }),
    memory(1),
    'unknown import: "wasi_snapshot_preview1"."sched_yield", a function () -> (i32): there is no such module; `wasi.instantiate(runtime)` of zerowasm/wasi makes it',
  ],
];

for (const [i, [wanted, offered, message]] of wrong.entries()) {
  test(`an import that does not match is a LinkError (${i})`, () => {
    assert.throws(
      () => link(wanted, offered),
      (error) => error instanceof LinkError && (error.message === message || message === "incompatible import type"),
    );
  });
}

test("a memory that has grown is as large as it is now", () => {
  const runtime = new Runtime({ engine: "interpreter" });
  const host = runtime.hostModule("m").memory("x", { min: 1, max: 3 }).instantiate();
  host.memory!.grow(1);
  const module = new ModuleBuilder();
  module.importMemory("m", "x", 2, 3);
  runtime.instantiate(module.build());
});

function instantiate(module: ModuleBuilder, imports: Imports): void {
  new Runtime({ engine: "interpreter" }).instantiate(module.build(), { imports });
}

test("values that cannot stand for an import are named", () => {
  const f = new ModuleBuilder();
  f.importFunction("m", "x");
  assert.throws(() => instantiate(f, { m: { x: 5 } }), {
    name: "LinkError",
    message: 'incompatible import type: "m"."x" should be a function () -> (), and is a number',
  });
  const g = new ModuleBuilder();
  g.importGlobal("m", "x", "i64");
  assert.throws(
    () => instantiate(g, { m: { x: 5 } }),
    /should be an immutable global of type i64, and is a number, not a bigint/,
  );
  const h = new ModuleBuilder();
  h.importGlobal("m", "x", "i32", true);
  assert.throws(() => instantiate(h, { m: { x: 5 } }), /and is a number, which cannot change/);
});

test("names of a guest never reach prototypes", () => {
  for (const [module, name] of [
    ["m", "toString"],
    ["m", "constructor"],
    ["m", "__proto__"],
    ["toString", "call"],
    ["__proto__", "hasOwnProperty"],
    ["constructor", "name"],
  ] as const) {
    const builder = new ModuleBuilder();
    builder.importFunction(module, name);
    assert.throws(() => instantiate(builder, { m: {} }), { name: "LinkError", message: /^unknown import/ });
  }
});

test("exports of any name are just names", () => {
  const module = new ModuleBuilder();
  for (const name of ["__proto__", "constructor", "", "ä\u0000"]) module.function({ export: name }, "nop");
  const instance = new Runtime({ engine: "interpreter" }).instantiate(module.build());
  assert.deepEqual(instance.exportNames, ["__proto__", "constructor", "", "ä\u0000"]);
  assert.equal(instance.exportedFunction("__proto__")!.definition.index, 0);
  assert.equal(instance.exportedFunction("toString"), undefined);
});

test("own imports come before the runtime's modules, which fill the gaps", () => {
  const runtime = new Runtime({ engine: "interpreter" });
  runtime
    .hostModule("m")
    .function("a", { results: ["i32"] }, () => 1)
    .function("b", { results: ["i32"] }, () => 2)
    .instantiate();
  const module = new ModuleBuilder();
  const [a, b] = ["a", "b"].map((name) => module.importFunction("m", name, { results: ["i32"] }));
  module.function({ results: ["i32", "i32"], export: "run" }, ["call", a], ["call", b]);
  const instance = runtime.instantiate(module.build(), { imports: { m: { b: () => 20 } } });
  assert.deepEqual(instance.exportedFunction("run")!.call(), [1, 20]);
});
