// Memory as host and guest see it: growth on either side, and stores that write all or nothing.
import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "zerowasm/text";
import { ModuleBuilder } from "../../support/module-builder.ts";
import type { NewRuntime } from "../contract.ts";

const PAGE = 65536;

function guest(max?: number): Uint8Array {
  const module = new ModuleBuilder();
  module.memory(1, max, "memory");
  module.function({ params: ["i32"], results: ["i32"], export: "grow" }, ["local.get", 0], ["memory.grow"]);
  module.function({ results: ["i32"], export: "size" }, ["memory.size"]);
  module.function({ params: ["i32"], results: ["i32"], export: "load" }, ["local.get", 0], ["i32.load"]);
  module.function({ params: ["i32", "i32"], export: "store" }, ["local.get", 0], ["local.get", 1], ["i32.store"]);
  module.function({ params: ["i32", "i64"], export: "store64" }, ["local.get", 0], ["local.get", 1], ["i64.store"]);
  module.function({ params: ["i32", "f64"], export: "store f64" }, ["local.get", 0], ["local.get", 1], ["f64.store"]);
  module.function(
    { params: ["i32", "i32"], results: ["i32"], export: "grow and load" },
    ["local.get", 1],
    ["i32.const", 0x1234],
    ["i32.store"],
    ["local.get", 0],
    ["memory.grow"],
    "drop",
    ["local.get", 1],
    ["i32.load"],
  );
  return module.build();
}

export function memories(newRuntime: NewRuntime): void {
  test("a guest's growth is seen by the host", () => {
    const instance = newRuntime().instantiate(guest(4));
    const memory = instance.memory!;
    memory.writeUint32(8, 0xdeadbeef);
    assert.equal(instance.exportedFunction("grow")!.call(2), 1);
    assert.equal(memory.byteLength, 3 * PAGE);
    assert.equal(memory.readUint32(8), 0xdeadbeef);
    assert.equal(instance.exportedFunction("grow")!.call(2), -1);
    assert.equal(memory.writeUint8(3 * PAGE - 1, 1), true);
    assert.equal(memory.writeUint8(3 * PAGE, 1), false);
  });

  test("the host's growth is seen by the guest", () => {
    const instance = newRuntime().instantiate(guest());
    assert.throws(() => instance.exportedFunction("store")!.call(PAGE, 1), { code: "out of bounds memory access" });
    assert.equal(instance.memory!.grow(1), 1);
    assert.equal(instance.exportedFunction("size")!.call(), 2);
    instance.exportedFunction("store")!.call(PAGE, 5);
    assert.equal(instance.memory!.readUint32(PAGE), 5);
  });

  test("growth in the middle of a function keeps what was written", () => {
    const instance = newRuntime().instantiate(guest());
    assert.equal(instance.exportedFunction("grow and load")!.call(3, 100), 0x1234);
    assert.equal(instance.memory!.readUint32(100), 0x1234);
  });

  test("growth by a host function during a call is seen when it returns", () => {
    const module = new ModuleBuilder();
    const f = module.importFunction("env", "grow");
    module.memory(1, undefined, "memory");
    module.function({ results: ["i32"], export: "run" }, ["call", f], ["i32.const", PAGE], ["i32.load"]);
    const runtime = newRuntime();
    runtime
      .hostModule("env")
      .functionWithModule("grow", {}, (caller) => {
        caller.memory!.grow(1);
        caller.memory!.writeUint32(PAGE, 99);
      })
      .instantiate();
    assert.equal(runtime.instantiate(module.build()).exportedFunction("run")!.call(), 99);
  });

  test("growth by another instance during a call is seen when it returns", () => {
    const runtime = newRuntime();
    const shared = runtime.instantiate(guest());
    const module = new ModuleBuilder();
    const grow = module.importFunction("m", "grow", { params: ["i32"], results: ["i32"] });
    module.importMemory("m", "memory", 1);
    module.function(
      { results: ["i32"], export: "run" },
      ["i32.const", 1],
      ["call", grow],
      "drop",
      ["i32.const", PAGE],
      ["i32.const", 3],
      ["i32.store"],
      ["memory.size"],
    );
    const run = runtime.instantiate(module.build(), { imports: { m: shared } }).exportedFunction("run")!;
    assert.equal(run.call(), 2);
    assert.equal(shared.memory!.readUint32(PAGE), 3);
  });

  test("a store that is partly out of range writes nothing", () => {
    const instance = newRuntime().instantiate(guest());
    const before = instance.memory!.read(PAGE - 16, 16);
    for (let at = PAGE - 7; at < PAGE + 3; at++) {
      assert.throws(() => instance.exportedFunction("store64")!.call(at, -1n), { code: "out of bounds memory access" });
      assert.throws(() => instance.exportedFunction("store f64")!.call(at, -1.5), {
        code: "out of bounds memory access",
      });
    }
    for (let at = PAGE - 3; at < PAGE + 3; at++) {
      assert.throws(() => instance.exportedFunction("store")!.call(at, -1), { code: "out of bounds memory access" });
    }
    assert.throws(() => instance.exportedFunction("store")!.call(-4, -1), { code: "out of bounds memory access" });
    assert.deepEqual(instance.memory!.read(PAGE - 16, 16), before);
    instance.exportedFunction("store64")!.call(PAGE - 8, -1n);
    assert.equal(instance.memory!.readUint64(PAGE - 8), 2n ** 64n - 1n);
  });

  test("the runtime's limit bounds growth and instantiation", () => {
    const runtime = newRuntime({ memoryLimitPages: 2 });
    const instance = runtime.instantiate(guest());
    assert.equal(instance.exportedFunction("grow")!.call(1), 1);
    assert.equal(instance.exportedFunction("grow")!.call(1), -1);
    const large = new ModuleBuilder();
    large.memory(3);
    assert.throws(() => runtime.instantiate(large.build()), {
      name: "LinkError",
      message: /3 pages is over the limit of 2/,
    });
  });

  test("the runtime's limit is for an instance's own memories together", () => {
    const runtime = newRuntime({ memoryLimitPages: 5 });
    const module = parse(`(module (memory 1) (memory (export "memory") 2 9)
      (func (export "grow") (param i32) (result i32) (memory.grow 0 (local.get 0)))
      (func (export "grow other") (param i32) (result i32) (memory.grow 1 (local.get 0))))`);
    const instance = runtime.instantiate(module);
    const grow = (name: string, delta: number): unknown => instance.exportedFunction(name)!.call(delta);
    assert.deepEqual([grow("grow", 3), grow("grow other", 1), grow("grow", 2), grow("grow", 1)], [-1, 2, -1, 1]);
    assert.deepEqual([grow("grow", 1), grow("grow other", 1), instance.memory!.grow(1)], [-1, -1, -1]);
    assert.equal(runtime.instantiate(module).exportedFunction("grow")!.call(2), 1);
    const large = parse(`(module ${"(memory 1)".repeat(6)})`);
    assert.throws(() => runtime.instantiate(large), { name: "LinkError", message: /1 page is over the limit of 0/ });
  });

  test("an active segment out of range traps and leaves earlier ones written", () => {
    const runtime = newRuntime();
    const shared = runtime.instantiate(guest());
    const module = new ModuleBuilder();
    module.importMemory("m", "memory", 1);
    module.data([["i32.const", 10]], [1, 2, 3]);
    module.data([["i32.const", PAGE - 1]], [4, 5]);
    assert.throws(() => runtime.instantiate(module.build(), { name: "late", imports: { m: shared } }), {
      name: "Trap",
      code: "out of bounds memory access",
    });
    assert.deepEqual(shared.memory!.read(10, 3), Uint8Array.of(1, 2, 3));
    assert.equal(shared.memory!.readUint8(PAGE - 1), 0);
    assert.equal(runtime.module("late"), undefined);
  });
}
