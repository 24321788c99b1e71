// Holds instantiation to the specification's order, and to its cost for large modules.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { ModuleBuilder } from "../support/module-builder.ts";

const runtime = new Runtime({ engine: "interpreter" });

test("constant expressions compute with imported globals", () => {
  const module = new ModuleBuilder();
  const base = module.importGlobal("env", "base", "i32");
  const wide = module.importGlobal("env", "wide", "i64");
  const get = (index: number) => ["global.get", index] as const;
  const three = ["i32.const", 3] as const;
  module.global("i32", false, [get(base), three, "i32.mul", get(base), "i32.add", three, "i32.sub"], "a");
  module.global("i64", false, [get(wide), get(wide), "i64.mul", ["i64.const", 1], "i64.sub"], "b");
  module.global("i32", false, [["i32.const", 2 ** 31 - 1], ["i32.const", 1], "i32.add"], "c");
  module.memory(1, undefined, "memory");
  module.data([get(base), ["i32.const", 90], "i32.sub"], [1, 2, 3]);
  const instance = runtime.instantiate(module.build(), { imports: { env: { base: 100, wide: 2n ** 62n + 3n } } });
  assert.equal(instance.exportedGlobal("a")!.get(), 397);
  assert.equal(instance.exportedGlobal("b")!.get(), BigInt.asIntN(64, (2n ** 62n + 3n) ** 2n - 1n));
  assert.equal(instance.exportedGlobal("c")!.get(), -(2 ** 31));
  assert.deepEqual(instance.memory!.read(10, 3), Uint8Array.of(1, 2, 3));
});

test("globals hold references to functions that tables hold too", () => {
  const module = new ModuleBuilder();
  const f = module.function({ results: ["i32"], export: "f" }, ["i32.const", 1]);
  module.table("funcref", 2, undefined, "table");
  module.global("funcref", false, [["ref.func", f]], "global");
  module.global("funcref", true, [["ref.null", "func"]], "null");
  module.elements([["i32.const", 1]], [f]);
  const instance = runtime.instantiate(module.build());
  const exported = instance.exportedFunction("f");
  assert.equal(instance.exportedGlobal("global")!.get(), exported);
  assert.equal(instance.exportedGlobal("null")!.get(), null);
  assert.deepEqual(
    [instance.exportedTable("table")!.get(0), instance.exportedTable("table")!.get(1)],
    [null, exported],
  );
});

test("element segments come before data segments, and each traps alone", () => {
  const host = runtime.hostModule("").table("t", { type: "funcref", min: 2 }).memory("m", { min: 1 }).instantiate();
  const build = (at: number, address: number) => {
    const module = new ModuleBuilder();
    module.importTable("host", "t", "funcref", 2);
    module.importMemory("host", "m", 1);
    const f = module.function({}, "nop");
    module.elements([["i32.const", 0]], [f]);
    module.elements([["i32.const", at]], [f, f]);
    module.data([["i32.const", address]], [7]);
    return module.build();
  };
  const imports = { host };
  assert.throws(() => runtime.instantiate(build(1, 0), { imports }), { code: "out of bounds table access" });
  assert.notEqual(host.exportedTable("t")!.get(0), null);
  assert.equal(host.exportedTable("t")!.get(1), null);
  assert.equal(host.memory!.readUint8(0), 0);
  assert.throws(() => runtime.instantiate(build(0, 65536), { imports }), { code: "out of bounds memory access" });
  assert.notEqual(host.exportedTable("t")!.get(1), null);
  assert.throws(() => runtime.instantiate(build(0, -1), { imports }), { code: "out of bounds memory access" });
});

test("a segment of no bytes may stand at the end, not behind it", () => {
  const build = (address: number) => {
    const module = new ModuleBuilder();
    module.memory(1);
    module.data([["i32.const", address]], []);
    return module.build();
  };
  runtime.instantiate(build(65536));
  assert.throws(() => runtime.instantiate(build(65537)), { code: "out of bounds memory access" });
});

test("passive and dropped segments do what the guest expects", () => {
  const module = new ModuleBuilder();
  module.memory(1, undefined, "memory");
  module.data(undefined, [1, 2, 3, 4]);
  module.data([["i32.const", 100]], [5, 6]);
  const init = (segment: number, name: string) =>
    module.function(
      { params: ["i32", "i32", "i32"], export: name },
      ["local.get", 0],
      ["local.get", 1],
      ["local.get", 2],
      ["memory.init", segment],
    );
  init(0, "passive");
  init(1, "active");
  module.function({ export: "drop" }, ["data.drop", 0]);
  const instance = runtime.instantiate(module.build());
  const call = (name: string, ...args: number[]) => instance.exportedFunction(name)!.call(...args);
  call("passive", 8, 1, 2);
  assert.deepEqual(instance.memory!.read(8, 3), Uint8Array.of(2, 3, 0));
  assert.throws(() => call("active", 0, 0, 1), { code: "out of bounds memory access" });
  call("active", 0, 0, 0);
  call("drop");
  assert.throws(() => call("passive", 0, 0, 1), { code: "out of bounds memory access" });
});

test("36,000 functions in a table and 100,000 data segments are instantiated in milliseconds", () => {
  const module = new ModuleBuilder();
  const count = 36_000;
  module.memory(8);
  module.table("funcref", count);
  for (let i = 0; i < count; i++) module.function({ params: ["i32"], results: ["i32"] }, ["local.get", 0]);
  module.elements(
    [["i32.const", 0]],
    Array.from({ length: count }, (_, i) => i),
  );
  for (let i = 0; i < 100_000; i++) module.data([["i32.const", i * 4]], [1, 2, 3, 4]);
  const compiled = runtime.compile(module.build());
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    runtime.instantiate(compiled);
    return performance.now() - start;
  });
  // Far above what it takes, far below what a mistake costs.
  assert.ok(Math.min(...times) < 250, `${Math.min(...times)} ms`);
});
