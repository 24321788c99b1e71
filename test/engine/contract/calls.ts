// Calls between the host and guests, in both directions and through each other.
import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "zerowasm/text";
import { caller, single } from "../../support/guests.ts";
import { ModuleBuilder } from "../../support/module-builder.ts";
import type { NewRuntime } from "../contract.ts";

export function calls(newRuntime: NewRuntime): void {
  test("the host calls a guest's function", () => {
    const bytes = single(["i32", "i32"], ["i32"], ["local.get", 0], ["local.get", 1], "i32.add");
    const run = newRuntime().instantiate(bytes).exportedFunction("run")!;
    assert.equal(run.call(2, 3), 5);
    assert.equal(run.call(2 ** 31 - 1, 1), -(2 ** 31));
  });

  test("the host calls by callAsync", async () => {
    const bytes = single(["i64"], ["i64"], ["local.get", 0], ["i64.const", 1], "i64.add");
    const run = newRuntime().instantiate(bytes).exportedFunction("run")!;
    assert.equal(await run.callAsync(41n), 42n);
  });

  test("no result is undefined, several are an array", () => {
    const runtime = newRuntime();
    const none = runtime.instantiate(single([], [], "nop")).exportedFunction("run")!;
    assert.equal(none.call(), undefined);
    const many = single(["i32"], ["i64", "i32", "f64"], ["i64.const", -1], ["local.get", 0], ["f64.const", 0.5]);
    assert.deepEqual(runtime.instantiate(many).exportedFunction("run")!.call(7), [-1n, 7, 0.5]);
  });

  test("a closure of the host is called with the guest's values", () => {
    const runtime = newRuntime();
    const seen: number[] = [];
    runtime
      .hostModule("env")
      .function("f", { params: ["i32"], results: ["i32"] }, (x) => seen.push(x) + 100)
      .instantiate();
    const run = runtime.instantiate(caller()).exportedFunction("run")!;
    assert.equal(run.call(5), 102);
    assert.equal(run.call(-6), 103);
    assert.deepEqual(seen, [5, -6]);
  });

  test("a guest that is called a thousand times, within itself too, has its own state in each call", () => {
    const runtime = newRuntime();
    const guest = parse(`(module
      (import "env" "again" (func $again (param i32) (result i32)))
      (func (export "run") (param $n i32) (result i32)
        (if (result i32) (i32.lt_s (local.get $n) (i32.const 0)) (then unreachable) (else
          (if (result i32) (local.get $n)
            (then (i32.add (i32.mul (local.get $n) (i32.const 10)) (call $again (i32.sub (local.get $n) (i32.const 1)))))
            (else (i32.const 7)))))))`);
    const again = (n: number): number => run.call(n) as number;
    const run = runtime.instantiate(guest, { imports: { env: { again } } }).exportedFunction("run")!;
    const expected = [7, 17, 37, 67];
    for (let i = 0; i < 1000; i++) {
      assert.equal(run.call(i & 3), expected[i & 3]);
      if (i % 100 === 0) assert.throws(() => run.call(-1), /unreachable/);
    }
  });

  test("a host function of many parameters and results keeps their order", () => {
    const types = ["i32", "i64", "f32", "f64", "externref", "i32"] as const;
    const reversed = [...types].reverse();
    const module = new ModuleBuilder();
    const f = module.importFunction("env", "f", { params: types, results: reversed });
    module.function(
      { params: types, results: reversed, export: "run" },
      ...types.map((_, i) => ["local.get", i] as const),
      ["call", f],
    );
    const reverse = (...values: unknown[]) => values.reverse();
    const instance = newRuntime().instantiate(module.build(), { imports: { env: { f: reverse } } });
    const object = {};
    assert.deepEqual(instance.exportedFunction("run")!.call(1, 2n, 3.5, 4.25, object, 6), [
      6,
      object,
      4.25,
      3.5,
      2n,
      1,
    ]);
  });

  test("a host function with the module gets the module whose code calls", () => {
    const runtime = newRuntime();
    const names: string[] = [];
    runtime
      .hostModule("env")
      .functionWithModule("f", { params: ["i32"], results: ["i32"] }, (module, x) => {
        names.push(module.name);
        return x;
      })
      .instantiate();
    const [one, two] = ["one", "two"].map((name) => runtime.instantiate(caller(), { name }));
    two!.exportedFunction("run")!.call(0);
    one!.exportedFunction("run")!.call(0);
    assert.deepEqual(names, ["two", "one"]);
  });

  test("the host re-enters the guest that called it", () => {
    const runtime = newRuntime();
    runtime
      .hostModule("env")
      .functionWithModule("f", { params: ["i32"], results: ["i32"] }, (module, x) => {
        return x === 0 ? 0 : (module.exportedFunction("run")!.call(x - 1) as number) + 10;
      })
      .instantiate();
    assert.equal(runtime.instantiate(caller()).exportedFunction("run")!.call(20), 221);
  });

  test("what a host function throws passes through guests as it is", async () => {
    const runtime = newRuntime();
    const error = new RangeError("mine");
    const f = () => {
      throw error;
    };
    const inner = runtime.instantiate(caller(), { imports: { env: { f } } });
    const outer = runtime.instantiate(caller(), { imports: { env: { f: inner.exportedFunction("run") } } });
    const run = outer.exportedFunction("run")!;
    assert.throws(
      () => run.call(1),
      (thrown) => thrown === error,
    );
    await assert.rejects(run.callAsync(1), (thrown) => thrown === error);
    const caught = runtime.instantiate(caller(), { imports: { env: { f: (x: number) => x } } });
    assert.equal(caught.exportedFunction("run")!.call(1), 2);
  });

  test("arguments that do not fit name their place and type", () => {
    const run = newRuntime()
      .instantiate(single(["i32", "i64"], [], "nop"))
      .exportedFunction("run")!;
    assert.throws(() => run.call(1, 2), {
      name: "TypeError",
      message: 'argument 1 of function "run" is of type i64 (a bigint), got a number',
    });
    assert.throws(() => run.call(1n, 2n), /argument 0 of function "run" is of type i32 \(a number\), got a bigint/);
    assert.throws(() => run.call(1), /function "run" takes 2 arguments, got 1/);
    assert.equal(run.call(2 ** 40 + 1, 2n ** 70n), undefined);
  });

  test("results that do not fit name the host function", () => {
    const run = (f: (x: number) => unknown) =>
      newRuntime()
        .instantiate(caller(), { imports: { env: { f } } })
        .exportedFunction("run")!
        .call(1);
    assert.throws(() => run(() => "1"), {
      name: "TypeError",
      message: 'result 0 of host function "env.f" is of type i32 (a number), got a string',
    });
    assert.throws(() => run(() => undefined), /got undefined/);
    assert.equal(
      run(() => 2 ** 32 + 7.9),
      8,
    );
  });

  test("a function reference calls what it refers to", () => {
    const module = new ModuleBuilder();
    const table = module.table("funcref", 4, undefined, "table");
    const type = module.type(["i32"], ["i32"]);
    const double = module.function(
      { params: ["i32"], results: ["i32"], export: "double" },
      ["local.get", 0],
      ["i32.const", 2],
      "i32.mul",
    );
    module.function(
      { params: ["i32", "i32"], results: ["i32"], export: "run" },
      ["local.get", 0],
      ["local.get", 1],
      ["call_indirect", type, table],
    );
    module.elements([["i32.const", 1]], [double]);
    const runtime = newRuntime();
    const instance = runtime.instantiate(module.build());
    const run = instance.exportedFunction("run")!;
    assert.equal(run.call(21, 1), 42);
    const host = runtime
      .hostModule("")
      .function("negate", { params: ["i32"], results: ["i32"] }, (x) => -x)
      .instantiate();
    assert.equal(instance.exportedTable("table")!.set(2, host.exportedFunction("negate")), true);
    assert.equal(run.call(21, 2), -21);
    assert.equal(instance.exportedTable("table")!.get(1), instance.exportedFunction("double"));
  });

  test("what is called is what the table holds now, however that came there", () => {
    const runtime = newRuntime();
    const numbers = ["one", "two", "three", "four", "five"];
    const text = `(module (type $f (func (result i32))) (table (export "table") 8 funcref) (memory 1)
      ${numbers.map((name, i) => `(func $${name} (export "${name}") (result i32) (i32.const ${i + 1}))`).join("\n")}
      (func $other (result i64) (i64.const 0))
      (func $grown (result i32) (drop (memory.grow (i32.const 1))) (i32.store (i32.const 0) (memory.size)) (i32.load (i32.const 0)))
      (elem (i32.const 0) $one $four $other $grown) (elem $passive func $three)
      (func (export "call") (param i32) (result i32) (call_indirect (type $f) (local.get 0)))
      (func (export "table.set") (table.set (i32.const 0) (ref.func $two)))
      (func (export "table.init") (table.init $passive (i32.const 0) (i32.const 0) (i32.const 1)))
      (func (export "table.copy") (table.copy (i32.const 0) (i32.const 1) (i32.const 1)))
      (func (export "table.fill") (table.fill (i32.const 0) (ref.func $five) (i32.const 1)))
      (func (export "null") (table.set (i32.const 0) (ref.null func)))
      (func (export "table.grow") (drop (table.grow (ref.func $three) (i32.const 1)))))`;
    const module = runtime.instantiate(parse(text), { name: "numbers" });
    const table = module.exportedTable("table")!;
    const later = parse(`(module (import "numbers" "table" (table 8 funcref)) (elem (i32.const 0) $nine)
      (func $nine (result i32) (i32.const 9)))`);
    const call = (index: number, expected: number): void => {
      for (let i = 0; i < 3; i++) assert.equal(module.exportedFunction("call")!.call(index), expected);
    };
    const traps = (index: number, code: RegExp): void => {
      for (let i = 0; i < 3; i++) assert.throws(() => module.exportedFunction("call")!.call(index), code);
    };
    const write = (way: string, expected: number): void => {
      module.exportedFunction(way)!.call();
      call(0, expected);
    };
    call(0, 1);
    write("table.set", 2);
    table.set(0, module.exportedFunction("one")!);
    call(0, 1);
    runtime.instantiate(later);
    call(0, 9);
    for (let again = 0; again < 2; again++) {
      write("table.set", 2);
      write("table.init", 3);
      write("table.copy", 4);
      write("table.fill", 5);
      module.exportedFunction("null")!.call();
      traps(0, /uninitialized element 0/);
      for (const index of [8 + again, -1]) traps(index, /undefined element/);
      traps(2, /type mismatch/);
      table.set(0, module.exportedFunction("one")!);
      write("table.grow", 1);
      call(8 + again, 3);
      // Made anew for a memory that has grown.
      for (let i = 0; i < 3; i++) assert.equal(module.exportedFunction("call")!.call(3), 2 + 3 * again + i);
    }
  });

  test("a long loop calls a function by its index and through a table", () => {
    const module = newRuntime().instantiate(
      parse(`(module
        (type $f (func (param i32) (result i32)))
        (table funcref (elem $next))
        (func $next (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func (export "run") (param $turns i32) (result i32) (local $sum i32)
          (loop $again
            (local.set $sum (call $next (call_indirect (type $f) (local.get $sum) (i32.const 0))))
            (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
          (local.get $sum)))`),
    );
    assert.equal(module.exportedFunction("run")!.call(5_000), 10_000);
  });
}
