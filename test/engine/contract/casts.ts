// References: tests and casts, what crosses to the host and between modules, constants, and what is collected.
import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LinkError, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

/** Types of points and lists, the same in each module that has them. */
const points = `
  (type $point (sub (struct (field $x (mut i32)))))
  (type $point3 (sub $point (struct (field (mut i32)) (field $z f64))))
  (rec (type $list (struct (field i32) (field (ref null $list)))))
  (type $bytes (array (mut i8)))`;

const makers = `${points}
  (func (export "point") (param i32) (result (ref $point)) (struct.new $point (local.get 0)))
  (func (export "point3") (param i32) (result (ref $point)) (struct.new $point3 (local.get 0) (f64.const 0.5)))
  (func (export "list") (param i32) (param (ref null $list)) (result (ref $list)) (struct.new $list (local.get 0) (local.get 1)))
  (func (export "bytes") (param i32) (result (ref $bytes)) (array.new_default $bytes (local.get 0)))
  (func (export "i31") (param i32) (result (ref i31)) (ref.i31 (local.get 0)))`;

const targets = ["any", "eq", "i31", "struct", "array", "none", "$point", "$point3", "$list", "$bytes"];

const testers = `${points}
  ${targets
    .flatMap((target) =>
      ["", "null "].map(
        (nullable) => `
    (func (export "test ${nullable}${target}") (param anyref) (result i32) (ref.test (ref ${nullable}${target}) (local.get 0)))
    (func (export "cast ${nullable}${target}") (param anyref) (result i32)
      (drop (ref.cast (ref ${nullable}${target}) (local.get 0))) (i32.const 1))
    (func (export "br_on_cast ${nullable}${target}") (param anyref) (result i32)
      (block $l (result i32 (ref ${nullable}${target}))
        (i32.const 1) (br_on_cast $l anyref (ref ${nullable}${target}) (local.get 0))
        (drop) (drop) (return (i32.const 0)))
      (drop))
    (func (export "br_on_cast_fail ${nullable}${target}") (param anyref) (result i32)
      (block $l (result i32 anyref)
        (i32.const 0) (br_on_cast_fail $l anyref (ref ${nullable}${target}) (local.get 0))
        (drop) (drop) (return (i32.const 1)))
      (drop))`,
      ),
    )
    .join("")}`;

/** Selects whose first operand is of a narrower type than the result. */
const selects = `${points}
  (func (export "field") (param i32) (result i32)
    (struct.get $point $x (select (result (ref null $point)) (struct.new $point (i32.const 7)) (ref.null $point) (local.get 0))))
  (func (export "null i31") (param i32) (result i32)
    (ref.is_null (ref.cast (ref null i31) (select (result i31ref) (ref.i31 (i32.const 5)) (ref.null i31) (local.get 0)))))
  (func (export "point3") (param i32) (result i32)
    (ref.test (ref $point3) (select (result (ref $point))
      (struct.new $point3 (i32.const 1) (f64.const 2)) (struct.new $point (i32.const 3)) (local.get 0))))`;

/** Loops that begin with a value of a narrower type than their parameter, and go on with one of the parameter's. */
const loops = `${points}
  (func (export "field") (result i32)
    (struct.new $point (i32.const 7))
    (loop $again (param (ref null $point)) (result i32) (drop (struct.get $point $x)) (br $again (ref.null $point))))
  (func (export "i31") (result i32)
    (ref.i31 (i32.const 5))
    (loop $again (param i31ref) (result i32) (drop (i31.get_s)) (br $again (ref.null i31))))
  (func (export "exact") (result i32)
    (struct.new $point3 (i32.const 1) (f64.const 2))
    (loop $again (param (ref $point)) (result i32)
      (if (result i32) (ref.test (ref $point3))
        (then (br $again (struct.new $point (i32.const 3))))
        (else (i32.const 9)))))`;

export function casts(newRuntime: NewRuntime): void {
  test("a loop's parameter has the type that is declared, not that of what it begins with", () => {
    const module = newRuntime().instantiate(parse(`(module ${loops})`));
    const call = (name: string) => module.exportedFunction(name)!.call();
    assert.throws(() => call("field"), { name: "Trap", message: "null structure reference" });
    assert.throws(() => call("i31"), { name: "Trap", message: "null i31 reference" });
    assert.equal(call("exact"), 9);
  });

  test("what is selected has the type that is declared, not that of the first operand", () => {
    const module = newRuntime().instantiate(parse(`(module ${selects})`));
    const call = (name: string, chosen: number) => module.exportedFunction(name)!.call(chosen);
    assert.deepEqual([call("null i31", 1), call("null i31", 0)], [0, 1]);
    assert.deepEqual([call("point3", 1), call("point3", 0)], [1, 0]);
    assert.equal(call("field", 1), 7);
    assert.throws(() => call("field", 0), { name: "Trap", message: "null structure reference" });
  });

  test("tests, casts and branches agree on what a value is", () => {
    const runtime = newRuntime();
    const make = runtime.instantiate(parse(`(module ${makers})`));
    // Of another module: types are the same where they are equal.
    const module = runtime.instantiate(parse(`(module ${testers})`));
    const of = (name: string, ...args: unknown[]) => make.exportedFunction(name)!.call(...args);
    const values: readonly (readonly [unknown, readonly string[]])[] = [
      [of("point", 1), ["any", "eq", "struct", "$point"]],
      [of("point3", 1), ["any", "eq", "struct", "$point", "$point3"]],
      [of("list", 1, null), ["any", "eq", "struct", "$list"]],
      [of("bytes", 3), ["any", "eq", "array", "$bytes"]],
      [of("i31", -7), ["any", "eq", "i31"]],
      [2 ** 30, ["any"]],
      ["text", ["any"]],
      [undefined, ["any"]],
      [make.exportedFunction("point"), ["any"]],
    ];
    for (const target of targets) {
      for (const nullable of ["", "null "]) {
        for (const [value, own] of [...values, [null, nullable === "" ? [] : targets] as const]) {
          const expected = own.includes(target) ? 1 : 0;
          for (const by of ["test", "cast", "br_on_cast", "br_on_cast_fail"]) {
            const run = () => module.exportedFunction(`${by} ${nullable}${target}`)!.call(value);
            if (by === "cast" && expected === 0) assert.throws(run, { name: "Trap", message: "cast failure" });
            else assert.equal(run(), expected, `${by} ${nullable}${target} of ${String(value)}`);
          }
        }
      }
    }
  });

  test("an i31 is a number of 31 bits", () => {
    const module = newRuntime().instantiate(
      parse(`(module
        (func (export "signed") (param i32) (result i32) (i31.get_s (ref.i31 (local.get 0))))
        (func (export "unsigned") (param i32) (result i32) (i31.get_u (ref.i31 (local.get 0))))
        (func (export "equal") (param eqref eqref) (result i32) (ref.eq (local.get 0) (local.get 1)))
        (func (export "internal") (param externref) (result i32) (i31.get_s (ref.cast i31ref (any.convert_extern (local.get 0)))))
        (func (export "external") (param i32) (result externref) (extern.convert_any (ref.i31 (local.get 0)))))`),
    );
    const call = (name: string, ...args: unknown[]) => module.exportedFunction(name)!.call(...args);
    for (const [value, signed, unsigned] of [
      [5, 5, 5],
      [-1, -1, 0x7fffffff],
      [0x40000000, -0x40000000, 0x40000000],
      [-0x80000000, 0, 0],
    ] as const) {
      assert.deepEqual([call("signed", value), call("unsigned", value)], [signed, unsigned]);
      assert.equal(call("external", value), signed);
      assert.equal(call("internal", signed), signed);
    }
    assert.equal(call("equal", 7, 7), 1);
    assert.equal(call("equal", 7, 8), 0);
    assert.equal(call("equal", null, null), 1);
    assert.equal(call("equal", null, 0), 0);
    for (const value of [2 ** 30, 0.5, "1", {}]) assert.throws(() => call("equal", value, null), TypeError);
    for (const value of [2 ** 30, 0.5, "1", {}])
      assert.throws(() => call("internal", value), { name: "Trap", message: "cast failure" });
  });

  test("structures are equal when they are the same", () => {
    const module = newRuntime().instantiate(
      parse(`(module ${makers}
        (func (export "equal") (param eqref eqref) (result i32) (ref.eq (local.get 0) (local.get 1))))`),
    );
    const of = (name: string, ...args: unknown[]) => module.exportedFunction(name)!.call(...args);
    const [a, b] = [of("point", 1), of("point", 1)];
    assert.deepEqual([of("equal", a, a), of("equal", a, b), of("equal", a, null)], [1, 0, 0]);
  });

  test("a host gives a guest only what its types allow", () => {
    const runtime = newRuntime();
    const make = runtime.instantiate(parse(`(module ${makers})`));
    const module = runtime.instantiate(
      parse(`(module ${points}
        (func (export "point3") (param (ref $point3)))
        (func (export "struct") (param structref))
        (func (export "array") (param (ref null array)))
        (global (export "list") (mut (ref null $list)) (ref.null $list))
        (table (export "table") 2 (ref null $point)))`),
    );
    const of = (name: string, ...args: unknown[]) => make.exportedFunction(name)!.call(...args);
    const [point, point3, list, bytes] = [of("point", 1), of("point3", 1), of("list", 1, null), of("bytes", 1)];
    module.exportedFunction("point3")!.call(point3);
    assert.throws(() => module.exportedFunction("point3")!.call(point), /got a structure/);
    assert.throws(() => module.exportedFunction("point3")!.call(null), /got null/);
    module.exportedFunction("struct")!.call(list);
    assert.throws(() => module.exportedFunction("struct")!.call(bytes), /got an array of the guest's/);
    assert.throws(() => module.exportedFunction("array")!.call([1]), /got an object/);
    module.exportedGlobal("list")!.set(list);
    assert.equal(module.exportedGlobal("list")!.get(), list);
    assert.throws(() => module.exportedGlobal("list")!.set(point), TypeError);
    assert.ok(module.exportedTable("table")!.set(1, point3));
    assert.throws(() => module.exportedTable("table")!.set(1, list), TypeError);
  });

  test("a host function's result has to be of its type", () => {
    const runtime = newRuntime();
    let given: unknown = null;
    runtime
      .hostModule("env")
      .function("f", { results: ["i31ref"] }, () => given)
      .instantiate();
    const module = runtime.instantiate(
      parse(`(module (import "env" "f" (func $f (result i31ref)))
        (func (export "run") (result i32) (i31.get_s (call $f))))`),
    );
    given = 12;
    assert.equal(module.exportedFunction("run")!.call(), 12);
    given = {};
    assert.throws(() => module.exportedFunction("run")!.call(), TypeError);
  });

  test("constants make structures and arrays, one for each instance", () => {
    const bytes = parse(`(module ${points}
      (type $wide (struct (field i64) (field f64) (field v128) (field i8) (field eqref)))
      (global $two i32 (i32.const 2))
      (global $list (ref $list) (struct.new $list (i32.const 1) (struct.new $list (global.get $two) (ref.null $list))))
      (global $wide (ref $wide) (struct.new $wide (i64.const -3) (f64.const 0.25) (v128.const i32x4 1 2 3 4) (i32.const 300)
        (ref.i31 (i32.const 9))))
      (global $default (ref $wide) (struct.new_default $wide))
      (type $words (array i64))
      (global $words (ref $words) (array.new_fixed $words 2 (i64.const 5) (i64.const -6)))
      (global $bytes (ref $bytes) (array.new $bytes (i32.const 511) (i32.const 3)))
      (global (export "converted") anyref (any.convert_extern (extern.convert_any (ref.i31 (i32.const 77)))))
      (table $t 2 (ref $list) (struct.new $list (i32.const 8) (ref.null $list)))
      (elem (table $t) (i32.const 1) (ref $list) (struct.new $list (i32.const 42) (global.get $list)))
      (func (export "run") (result i32 i32 i64 f64 v128 i32 i32 i64 i64 i32 i32)
        (struct.get $list 0 (table.get $t (i32.const 0)))
        (struct.get $list 0 (struct.get $list 1 (struct.get $list 1 (table.get $t (i32.const 1)))))
        (struct.get $wide 0 (global.get $wide)) (struct.get $wide 1 (global.get $wide)) (struct.get $wide 2 (global.get $wide))
        (struct.get_u $wide 3 (global.get $wide)) (i31.get_s (ref.cast i31ref (struct.get $wide 4 (global.get $wide))))
        (struct.get $wide 0 (global.get $default))
        (array.get $words (global.get $words) (i32.const 1)) (array.get_s $bytes (global.get $bytes) (i32.const 2))
        (ref.eq (struct.get $list 1 (table.get $t (i32.const 1))) (global.get $list)))
      (global (export "list") (ref $list) (global.get $list)))`);
    const runtime = newRuntime();
    const [a, b] = [runtime.instantiate(bytes), runtime.instantiate(bytes)];
    const vector = new Uint8Array(Uint32Array.of(1, 2, 3, 4).buffer);
    assert.deepEqual(a.exportedFunction("run")!.call(), [8, 2, -3n, 0.25, vector, 44, 9, 0n, -6n, -1, 1]);
    assert.equal(a.exportedGlobal("converted")!.get(), 77);
    assert.notEqual(a.exportedGlobal("list")!.get(), b.exportedGlobal("list")!.get());
  });

  test("imports match by subtype where they are only read", () => {
    const runtime = newRuntime();
    const from = runtime.instantiate(
      parse(`(module ${points}
        (global (export "constant") (ref $point3) (struct.new $point3 (i32.const 1) (f64.const 2)))
        (global (export "variable") (mut (ref null $point3)) (ref.null none))
        (table (export "table") 1 (ref null $point3))
        (func (export "function") (param anyref) (result (ref $point3)) unreachable))`),
    );
    const open = `${points} (type $f (sub (func (param (ref $point3)) (result (ref $point)))))`;
    for (const [wanted, fits] of [
      ['"constant" (global (ref $point3))', true],
      ['"constant" (global anyref)', true],
      ['"constant" (global (ref $list))', false],
      ['"constant" (global (mut (ref $point3)))', false],
      ['"variable" (global (mut (ref null $point3)))', true],
      ['"variable" (global (mut (ref null $point)))', false],
      ['"table" (table 1 (ref null $point3))', true],
      ['"table" (table 1 (ref null $point))', false],
      ['"function" (func (param anyref) (result (ref $point3)))', true],
      // A function type is below another only where it says so.
      ['"function" (func (param (ref $point3)) (result (ref $point)))', false],
      ['"function" (func (type $f))', false],
    ] as const) {
      const link = () =>
        runtime.instantiate(parse(`(module ${open} (import "m" ${wanted}))`), { imports: { m: from } });
      if (fits) link();
      else assert.throws(link, LinkError, wanted);
    }
  });

  test("references outlive a wait, whatever other guests do meanwhile", async () => {
    const runtime = newRuntime();
    const resolvers: ((value: number) => void)[] = [];
    runtime
      .hostModule("env")
      .function(
        "wait",
        { params: ["anyref"], results: ["i31ref"] },
        () => new Promise<number>((r) => resolvers.push(r)),
      )
      .instantiate();
    const module = runtime.instantiate(
      parse(`(module ${points}
        (import "env" "wait" (func $wait (param anyref) (result i31ref)))
        (func $sum (param $p (ref $point)) (result i32) (local $list (ref null $list)) (local $i i32)
          (local.set $list (struct.new $list (struct.get $point 0 (local.get $p)) (ref.null none)))
          (i32.add (i31.get_s (call $wait (local.get $p))) (struct.get $list 0 (local.get $list))))
        (func (export "run") (param i32) (result i32) (local $p (ref $point))
          (local.set $p (struct.new $point (local.get 0)))
          (i32.add (call $sum (local.get $p)) (struct.get $point 0 (local.get $p)))))`),
    );
    const run = module.exportedFunction("run")!;
    const [a, b] = [run.callAsync(10), run.callAsync(100)];
    await new Promise((resolve) => setImmediate(resolve));
    resolvers[1]!(2);
    assert.equal(await b, 202);
    resolvers[0]!(1);
    assert.equal(await a, 21);
  });

  test("what a guest no longer refers to is collected, also after a trap", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const module = newRuntime().instantiate(
      parse(`(module
        (type $s (struct (field externref)))
        (func (export "return") (param externref) (result i32) (local $s (ref $s))
          (local.set $s (struct.new $s (local.get 0))) (i32.const 1))
        (func (export "trap") (param externref) (drop (struct.new $s (local.get 0))) unreachable))`),
    );
    for (const name of ["return", "trap"]) {
      const weak = (() => {
        const value = { name };
        try {
          module.exportedFunction(name)!.call(value);
        } catch (error) {
          assert.ok(error instanceof Trap);
        }
        return new WeakRef(value);
      })();
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      assert.equal(weak.deref(), undefined, name);
    }
  });
}
