// Holds host modules to what their author writes: functions, memories, tables, globals and tags.
import assert from "node:assert/strict";
import test from "node:test";
import { type Module, Runtime, type ValueType } from "zerowasm";
import { ModuleBuilder } from "../support/module-builder.ts";

const runtime = new Runtime({ engine: "interpreter" });

test("a host function is called by the host as by a guest", async () => {
  const module = runtime
    .hostModule("math")
    .function("add", { params: ["i32", "i32"], results: ["i32"] }, (a, b) => a + b)
    .function("pair", { params: ["f32"], results: ["i64", "f32"] }, (x) => [1n, x])
    .function("later", { params: ["i32"], results: ["i32"] }, async (x) => x + 1)
    .function("none", {}, () => "ignored")
    .instantiate();
  const get = (name: string) => module.exportedFunction(name)!;
  assert.equal(get("add").call(2 ** 31 - 1, 1), -(2 ** 31));
  assert.deepEqual(get("pair").call(0.1), [1n, Math.fround(0.1)]);
  assert.equal(get("none").call(), undefined);
  assert.equal(await get("later").callAsync(1), 2);
  assert.throws(() => get("later").call(1), { name: "SuspendError" });
  assert.throws(() => get("add").call(1), /host function "math.add" takes 2 arguments, got 1/);
  assert.throws(() => get("add").call(1, "2"), /argument 1 of host function "math.add" is of type i32/);
  const stack = BigUint64Array.of(0xffff_ffffn, 3n);
  get("add").callRaw(stack);
  assert.equal(stack[0], 2n);
  module.close();
});

test("a host function knows its definition", () => {
  const module = runtime
    .hostModule("")
    .memory("m", { min: 1 })
    .function("f", { params: ["i32", "externref"], results: ["v128"] }, () => new Uint8Array(16))
    .function("g", {}, () => {})
    .instantiate();
  assert.deepEqual(module.exportedFunction("f")!.definition, {
    name: "f",
    index: 0,
    exportNames: ["f"],
    import: undefined,
    params: ["i32", "externref"],
    results: ["v128"],
  });
  assert.equal(module.exportedFunction("g")!.definition.index, 1);
  assert.deepEqual(module.exportNames, ["m", "f", "g"]);
  assert.equal(module.exportedFunction("m"), undefined);
  assert.equal(module.exportedGlobal("f"), undefined);
});

test("a function with the module gets its own module where the host calls it", () => {
  let seen: Module | undefined;
  const module = runtime
    .hostModule("")
    .functionWithModule("f", {}, (caller) => {
      seen = caller;
    })
    .instantiate();
  module.exportedFunction("f")!.call();
  assert.equal(seen, module);
});

test("several results must be an array of that many", () => {
  const give = (value: unknown) =>
    runtime
      .hostModule("")
      .function("f", { results: ["i32", "i32"] as ValueType[] }, () => value)
      .instantiate()
      .exportedFunction("f")!
      .call();
  assert.deepEqual(give([1, 2]), [1, 2]);
  assert.throws(() => give([1]), { message: 'host function "f" gives 2 results as an array, got an array of 1' });
  assert.throws(() => give(1), /got a number$/);
  assert.throws(() => give(undefined), /got undefined$/);
  assert.throws(() => give(new Set([1, 2])), /got an object$/);
  // What is looked at is what is taken.
  let reads = 0;
  const second = { get: () => (reads++ === 0 ? 2 : "two"), enumerable: true };
  assert.deepEqual(give(Object.defineProperty([1, 0], 1, second)), [1, 2]);
  assert.throws(() => give([1, "2"]), /result 1 of host function "f" is of type i32/);
});

test("memories, tables, globals and tags of a module are offered again", () => {
  const first = runtime
    .hostModule("")
    .memory("memory", { min: 1 })
    .table("table", { type: "externref", min: 1 })
    .global("global", { type: "i32", mutable: true }, 1)
    .tag("tag", { params: ["i64"] })
    .instantiate();
  const second = runtime
    .hostModule("")
    .memory("m", first.exportedMemory("memory")!)
    .table("t", first.exportedTable("table")!)
    .global("g", first.exportedGlobal("global")!)
    .tag("e", first.exportedTag("tag")!)
    .instantiate();
  assert.equal(second.exportedMemory("m"), first.memory);
  assert.equal(second.memory, first.memory);
  assert.equal(second.exportedTable("t"), first.exportedTable("table"));
  assert.equal(second.exportedGlobal("g"), first.exportedGlobal("global"));
  assert.equal(second.exportedTag("e"), first.exportedTag("tag"));
  assert.deepEqual(second.exportedTag("e")!.params, ["i64"]);
  assert.throws(
    () => runtime.hostModule("x").memory("m", first.exportedTable("table") as never),
    /x.m is not a memory/,
  );
});

test("mistakes are found where they are written", () => {
  const builder = () => runtime.hostModule("m");
  const f = () => {};
  assert.throws(() => builder().function("f", { params: ["i33"] }, f), { message: '"i33" is not a value type' });
  assert.throws(() => builder().function("f", {}, 5 as never), /m.f needs a JavaScript function/);
  assert.throws(() => builder().function("f", {}, f).memory("f", { min: 1 }), /host module "m" already exports "f"/);
  assert.throws(() => builder().memory("m", { min: 2, max: 1 }), /the maximum 1 is below the minimum 2/);
  assert.throws(() => builder().memory("m", { min: -1 }), TypeError);
  assert.throws(() => builder().memory("m", { min: 1, shared: true }), /a shared memory needs a maximum/);
  assert.throws(() => builder().table("t", { type: "i32", min: 1 }), /"i32" is not a reference type/);
  assert.throws(() => builder().table("t", { type: "(ref func)", min: 1 }), /got null/);
  assert.throws(
    () => builder().global("g", { type: "i64" }, 1 as never),
    /global "g" is of type i64 \(a bigint\), got a number/,
  );
  assert.throws(() => builder().global("g", { type: "(ref func)" }), /got null/);
  // What would be taken for something else.
  assert.throws(() => builder().function("f", { params: "i32" as never }, f), /"i" is not a value type/);
  assert.throws(() => builder().function("f", { params: new Array(1) }, f), /"undefined" is not a value type/);
  assert.throws(() => builder().table("t", { min: 1 } as never), /"undefined" is not a value type/);
  assert.throws(
    () => builder().memory("m", { min: 1, max: 1, shared: 1 as never }),
    /shared is true or false, got a number/,
  );
  assert.throws(
    () => builder().memory("m", { min: 1, index64: "no" as never }),
    /index64 is true or false, got a string/,
  );
  assert.throws(
    () => builder().global("g", { type: "i32", mutable: 1 as never }),
    /mutable is true or false, got a number/,
  );
  assert.throws(
    () => builder().memory("m", { min: 1, max: 1, shared: true, buffer: new ArrayBuffer(65_536) as never }),
    /the buffer of a shared memory is a SharedArrayBuffer, got an object/,
  );
  for (const name of [undefined, null, 5, {}])
    assert.throws(() => runtime.hostModule(name as never), {
      name: "TypeError",
      message: /^a module's name is a string, got /,
    });
  assert.equal(runtime.module("m"), undefined);
});

test("a host function is called without an object, by guests and by the host", () => {
  const seen: unknown[] = [];
  const note = function (this: unknown): void {
    seen.push(this);
  };
  for (const engine of ["compiler", "interpreter"] as const) {
    const runtime = new Runtime({ engine });
    const host = runtime.hostModule("env").function("f", {}, note).functionWithModule("g", {}, note).instantiate();
    const module = new ModuleBuilder();
    const [f, g] = ["f", "g"].map((name) => module.importFunction("env", name));
    module.function({ export: "run" }, ["call", f!], ["call", g!]);
    runtime.instantiate(module.build()).exportedFunction("run")!.call();
    for (const name of host.exportNames) host.exportedFunction(name)!.call();
  }
  assert.deepEqual(seen, new Array(8).fill(undefined));
});

test("functions of a closed host module refuse calls of the host", () => {
  const module = runtime
    .hostModule("")
    .function("f", {}, () => {})
    .instantiate();
  module.close(5);
  assert.throws(() => module.exportedFunction("f")!.call(), { name: "ExitError", exitCode: 5 });
});

test("types of literal signatures reach the function", () => {
  runtime
    .hostModule("")
    .function("f", { params: ["i32", "i64", "externref"], results: ["f64"] }, (a, b, c) => {
      const [x, y, z]: [number, bigint, unknown] = [a, b, c];
      return x + Number(y) + (z === null ? 0 : 1);
    })
    // @ts-expect-error: an i64 is a bigint
    .function("g", { results: ["i64"] }, () => 1);
  const params: ValueType[] = ["i32"];
  runtime.hostModule("").function("f", { params }, (x: number) => x);
});
