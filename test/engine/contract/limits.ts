// Depth of calls: deep recursion works, endless recursion traps, and the engine is as good as new afterwards.
import assert from "node:assert/strict";
import test from "node:test";
import type { ExportedFunction } from "zerowasm";
import { parse } from "zerowasm/text";
import { caller, recursive } from "../../support/guests.ts";
import { ModuleBuilder } from "../../support/module-builder.ts";
import type { NewRuntime } from "../contract.ts";

const exhausted = { name: "Trap", code: "call stack exhausted" };

export function limits(newRuntime: NewRuntime): void {
  test("10,000 frames are no problem", () => {
    const count = newRuntime().instantiate(recursive()).exportedFunction("count")!;
    assert.equal(count.call(10_000), 10_000);
  });

  test("10,000,000 frames trap, and the instance goes on", () => {
    const instance = newRuntime().instantiate(recursive());
    for (let times = 0; times < 3; times++) {
      assert.throws(() => instance.exportedFunction("count")!.call(10_000_000), exhausted);
      assert.throws(() => instance.exportedFunction("forever")!.call(), exhausted);
      assert.equal(instance.exportedFunction("count")!.call(10_000), 10_000);
    }
  });

  test("1,000 frames of 1,000 locals are no problem", () => {
    const places = Array.from({ length: 1000 }, (_, i) => i + 1);
    const text = `(module (func $f (export "f") (param i32) (result i32) (local ${"i32 ".repeat(1000)})
      ${places.map((i) => `(local.set ${i} (i32.add (local.get 0) (i32.const ${i})))`).join("")}
      (if (local.get 0) (then (local.set 1 (call $f (i32.sub (local.get 0) (i32.const 1))))))
      (i32.sub ${places.map((i) => `(i32.xor (local.get ${i})`).join("")} (i32.const 0) ${")".repeat(1000)} (i32.const 1)))
    )`;
    let expected = 1;
    for (let depth = 0; depth <= 1000; depth++) {
      const locals = places.map((i) => (i === 1 ? expected : depth + i));
      expected = (locals.reduce((all, value) => all ^ value) - 1) | 0;
    }
    const f = newRuntime().instantiate(parse(text)).exportedFunction("f")!;
    for (let times = 0; times < 3; times++) assert.equal(f.call(1000), expected);
  });

  test("the stack of an endless recursion is cut", () => {
    const forever = newRuntime().instantiate(recursive()).exportedFunction("forever")!;
    assert.throws(
      () => forever.call(),
      (error: { wasmStack: unknown[] }) => error.wasmStack.length > 10 && error.wasmStack.length < 1000,
    );
  });

  test("endless recursion through the host traps", () => {
    const runtime = newRuntime();
    let depth = 0;
    runtime
      .hostModule("env")
      .functionWithModule("f", { params: ["i32"], results: ["i32"] }, (module, x) => {
        depth++;
        return module.exportedFunction("run")!.call(x) as number;
      })
      .instantiate();
    const run = runtime.instantiate(caller()).exportedFunction("run")!;
    for (let times = 0; times < 3; times++) {
      depth = 0;
      assert.throws(() => run.call(1), exhausted);
      assert.ok(depth >= 50, `only ${depth} levels`);
    }
    const count = runtime.instantiate(recursive()).exportedFunction("count")!;
    assert.equal(count.call(10_000), 10_000);
  });

  test("endless recursion across instances traps", () => {
    const runtime = newRuntime();
    const table = runtime
      .hostModule("host")
      .table("table", { type: "funcref", min: 2 })
      .instantiate()
      .exportedTable("table")!;
    const module = new ModuleBuilder();
    module.importTable("host", "table", "funcref", 2);
    const type = module.type();
    module.function({ params: ["i32"], export: "unused" }, "nop");
    module.function({ export: "ping" }, ["i32.const", 1], ["call_indirect", type, 0]);
    module.function({ export: "pong" }, ["i32.const", 0], ["call_indirect", type, 0]);
    const [a, b] = [runtime.instantiate(module.build()), runtime.instantiate(module.build())];
    table.set(0, a.exportedFunction("ping"));
    table.set(1, b.exportedFunction("pong"));
    assert.throws(() => a.exportedFunction("ping")!.call(), exhausted);
    assert.throws(() => b.exportedFunction("pong")!.call(), exhausted);
  });

  test("maxCallDepth is the greatest number of frames", () => {
    const count = newRuntime({ maxCallDepth: 100 }).instantiate(recursive()).exportedFunction("count")!;
    assert.equal(count.call(99), 99);
    assert.throws(() => count.call(100), exhausted);
  });

  test("a function that calls nothing is a frame too, called from Wasm or by the host", () => {
    const runtime = newRuntime({ maxCallDepth: 10 });
    let entered: ExportedFunction | undefined;
    runtime
      .hostModule("env")
      .function("enter", {}, () => void entered!.call())
      .instantiate();
    const module = new ModuleBuilder();
    const enter = module.importFunction("env", "enter");
    const leaf = module.function({ export: "leaf" }, "nop");
    for (const [name, callee] of [
      ["toLeaf", leaf],
      ["toHost", enter],
    ] as const) {
      const self = leaf + (name === "toLeaf" ? 1 : 2);
      module.function(
        { params: ["i32"], export: name },
        ["local.get", 0],
        "if",
        ["local.get", 0],
        ["i32.const", 1],
        "i32.sub",
        ["call", self],
        "else",
        ["call", callee],
        "end",
      );
    }
    const instance = runtime.instantiate(module.build());
    entered = instance.exportedFunction("leaf");
    for (const name of ["toLeaf", "toHost"]) {
      const descend = instance.exportedFunction(name)!;
      descend.call(8);
      assert.throws(() => descend.call(9), exhausted, name);
    }
  });

  test("frames with very many locals trap instead of failing", () => {
    const module = new ModuleBuilder();
    const locals = Array.from({ length: 10_000 }, () => "i64");
    module.function({ locals, export: "forever" }, ["call", 0]);
    const instance = newRuntime().instantiate(module.build());
    assert.throws(() => instance.exportedFunction("forever")!.call(), exhausted);
  });
}
