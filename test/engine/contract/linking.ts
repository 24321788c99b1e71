// Modules that import from one another: functions, tables, memories and globals are shared, not copied.
import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "zerowasm/text";
import { caller, counter, single } from "../../support/guests.ts";
import { ModuleBuilder } from "../../support/module-builder.ts";
import type { NewRuntime } from "../contract.ts";

export function linking(newRuntime: NewRuntime): void {
  test("a global that two instances share has all bits of its type", () => {
    for (const [type, value] of [
      ["i32", -5],
      ["i64", -0x1_2345_6789n],
      ["f32", 0.1],
      ["f64", 0.1],
    ] as const) {
      const runtime = newRuntime();
      const owner = runtime.instantiate(parse(`(module (global (export "g") (mut ${type}) (${type}.const 0)))`));
      const user = runtime.instantiate(
        parse(`(module (import "owner" "g" (global $g (mut ${type})))
          (func (export "set") (param ${type}) (global.set $g (local.get 0)))
          (func (export "get") (result ${type}) (global.get $g)))`),
        { imports: { owner } },
      );
      user.exportedFunction("set")!.call(value);
      const expected = type === "f32" ? Math.fround(value) : value;
      assert.deepEqual([user.exportedFunction("get")!.call(), owner.exportedGlobal("g")!.get()], [expected, expected]);
    }
  });

  test("a guest imports a function of another guest by the runtime's names", () => {
    const runtime = newRuntime();
    const env = new ModuleBuilder();
    env.function({ params: ["i32"], results: ["i32"], export: "f" }, ["local.get", 0], ["i32.const", 3], "i32.mul");
    const f = runtime.instantiate(env.build(), { name: "env" }).exportedFunction("f")!;
    assert.equal(runtime.instantiate(caller()).exportedFunction("run")!.call(5), 16);
    assert.equal(f.call(5), 15);
  });

  test("a call into another instance runs on that instance's memory and globals", () => {
    const runtime = newRuntime();
    const library = new ModuleBuilder();
    library.memory(1, undefined, "memory");
    const calls = library.global("i32", true, [["i32.const", 0]], "calls");
    library.function(
      { params: ["i32", "i32"], export: "poke" },
      ["local.get", 0],
      ["local.get", 1],
      ["i32.store8"],
      ["global.get", calls],
      ["i32.const", 1],
      "i32.add",
      ["global.set", calls],
    );
    const program = new ModuleBuilder();
    const poke = program.importFunction("library", "poke", { params: ["i32", "i32"] });
    program.memory(1, undefined, "memory");
    program.function(
      { results: ["i32"], export: "run" },
      ["i32.const", 4],
      ["i32.const", 77],
      ["call", poke],
      ["i32.const", 4],
      ["i32.load8_u"],
    );
    const a = runtime.instantiate(library.build(), { name: "library" });
    const b = runtime.instantiate(program.build());
    assert.equal(b.exportedFunction("run")!.call(), 0);
    assert.equal(a.memory!.readUint8(4), 77);
    assert.equal(a.exportedGlobal("calls")!.get(), 1);
  });

  test("guests call each other back and forth, each in its own instance", () => {
    // Even and odd by mutual recursion across two instances, the second linked through a shared table.
    const runtime = newRuntime();
    const shape = { params: ["i32"], results: ["i32"] } as const;
    const half = (other: string, atZero: number, self: string) => {
      const module = new ModuleBuilder();
      module.importTable("host", "table", "funcref", 2);
      const type = module.type(["i32"], ["i32"]);
      const f = module.function(
        { ...shape, export: self },
        ["local.get", 0],
        "i32.eqz",
        ["if", "i32"],
        ["i32.const", atZero],
        "else",
        ["local.get", 0],
        ["i32.const", 1],
        "i32.sub",
        ["i32.const", other === "odd" ? 1 : 0],
        ["call_indirect", type, 0],
        "end",
      );
      module.elements([["i32.const", self === "odd" ? 1 : 0]], [f]);
      return module.build();
    };
    runtime.hostModule("host").table("table", { type: "funcref", min: 2 }).instantiate();
    const even = runtime.instantiate(half("odd", 1, "even"));
    runtime.instantiate(half("even", 0, "odd"));
    const run = even.exportedFunction("even")!;
    assert.deepEqual([run.call(0), run.call(7), run.call(1000)], [1, 0, 1]);
  });

  test("a shared table grows for all", () => {
    const runtime = newRuntime();
    const host = runtime.hostModule("host").table("table", { type: "externref", min: 1, max: 10 }).instantiate();
    const module = new ModuleBuilder();
    const table = module.importTable("host", "table", "externref", 1);
    module.function(
      { params: ["externref"], results: ["i32"], export: "push" },
      ["local.get", 0],
      ["i32.const", 1],
      ["table.grow", table],
    );
    module.function({ params: ["i32"], results: ["externref"], export: "at" }, ["local.get", 0], ["table.get", table]);
    const [a, b] = [runtime.instantiate(module.build()), runtime.instantiate(module.build())];
    const value = { any: "thing" };
    assert.equal(a.exportedFunction("push")!.call(value), 1);
    assert.equal(b.exportedFunction("push")!.call("second"), 2);
    assert.equal(b.exportedFunction("at")!.call(1), value);
    assert.equal(host.exportedTable("table")!.get(2), "second");
    assert.equal(host.exportedTable("table")!.length, 3);
    assert.equal(host.exportedTable("table")!.grow(8), -1);
  });

  test("an imported variable is one variable", () => {
    const runtime = newRuntime();
    const host = runtime.hostModule("host").global("count", { type: "i64", mutable: true }, 40n).instantiate();
    const module = new ModuleBuilder();
    const count = module.importGlobal("host", "count", "i64", true);
    module.function(
      { results: ["i64"], export: "increment" },
      ["global.get", count],
      ["i64.const", 1],
      "i64.add",
      ["global.set", count],
      ["global.get", count],
    );
    const [a, b] = [runtime.instantiate(module.build()), runtime.instantiate(module.build())];
    a.exportedFunction("increment")!.call();
    assert.equal(b.exportedFunction("increment")!.call(), 42n);
    assert.equal(host.exportedGlobal("count")!.get(), 42n);
    host.exportedGlobal("count")!.set(-1n);
    assert.equal(a.exportedFunction("increment")!.call(), 0n);
  });

  test("imported constants start globals, and come as plain values", () => {
    const module = new ModuleBuilder();
    const base = module.importGlobal("env", "base", "i32");
    const text = module.importGlobal("env", "text", "externref");
    const next = module.global("i32", false, [["global.get", base], ["i32.const", 2], "i32.mul"], "next");
    module.function({ results: ["i32", "externref"], export: "run" }, ["global.get", next], ["global.get", text]);
    const instance = newRuntime().instantiate(module.build(), { imports: { env: { base: 21, text: "hello" } } });
    assert.deepEqual(instance.exportedFunction("run")!.call(), [42, "hello"]);
  });

  test("a re-exported import is the function itself", () => {
    const runtime = newRuntime();
    const f = runtime.instantiate(single([], ["i32"], ["i32.const", 9])).exportedFunction("run")!;
    const module = new ModuleBuilder();
    const index = module.importFunction("a", "f", { results: ["i32"] });
    module.exportFunction("again", index);
    const again = runtime.instantiate(module.build(), { imports: { a: { f } } }).exportedFunction("again");
    assert.equal(again, f);
  });

  test("sandboxes of one compiled module share nothing", () => {
    const runtime = newRuntime();
    const compiled = runtime.compile(counter());
    const instances = Array.from({ length: 100 }, () => runtime.instantiate(compiled));
    for (const [i, instance] of instances.entries()) {
      for (let times = 0; times <= i; times++) instance.exportedFunction("increment")!.call();
    }
    assert.deepEqual(
      instances.map((instance) => instance.exportedGlobal("count")!.get()),
      instances.map((_, i) => i + 1),
    );
  });
}
