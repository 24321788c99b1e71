// What a handler must not take, and what it finds: traps pass it, memories have grown, locals begin anew; hot loops inside of tries.
import assert from "node:assert/strict";
import test from "node:test";
import type { Exception } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

/** The ways in which exports trap, each inside of a try that takes everything. */
const bodies: Readonly<Record<string, string>> = {
  unreachable: "unreachable",
  "out of bounds memory access": "(drop (i32.load (i32.const 65533)))",
  "integer divide by zero": "(drop (i32.div_s (i32.const 1) (local.get $zero)))",
  "uninitialized element 0": "(call_indirect (i32.const 0))",
  "out of bounds table access": "(drop (table.get (i32.const 1)))",
  "null structure reference": "(drop (struct.get $s 0 (ref.null $s)))",
  "out of bounds array access": "(drop (array.get $a (array.new_default $a (i32.const 3)) (i32.const 3)))",
  "cast failure": "(drop (ref.cast (ref $s) (ref.i31 (i32.const 1))))",
  "call stack exhausted": "(drop (call $deep))",
  "null exception reference": "(throw_ref (ref.null exn))",
};

const traps = parse(`(module
  (memory 1) (table 1 funcref) (type $s (struct (field i32))) (type $a (array i32))
  (func $deep (result i32) (i32.add (i32.const 1) (call $deep)))
  ${Object.entries(bodies)
    .map(
      ([name, body]) => `(func (export "${name}") (local $zero i32)
        (block $h (try_table (catch_all $h) ${body})))`,
    )
    .join("\n")})`);

/** Tries whose bodies and handlers loop often enough to turn hot. */
const loops = parse(`(module
  (tag $e (param i32))
  (func $throw (param i32) (throw $e (local.get 0)))
  (func (export "a loop in a try") (param $n i32) (result i32)
    (local $sum i32)
    (block $h (result i32)
      (try_table (catch $e $h)
        (loop $next
          (local.set $sum (i32.add (local.get $sum) (i32.const 3)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (if (i32.eqz (local.get $n)) (then (call $throw (local.get $sum))))
          (br $next)))
      unreachable)
    (i32.add (local.get $sum)))
  (func (export "a try in a loop") (param $n i32) (result i32)
    (local $sum i32)
    (loop $next
      (block $h (result i32)
        (try_table (catch $e $h) (call $throw (local.get $n)))
        unreachable)
      (local.set $sum (i32.add (local.get $sum)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "a loop between two tries") (param $n i32) (result i32)
    (local $sum i32)
    (block $outer (result i32)
      (try_table (catch $e $outer)
        (loop $next
          (block $inner
            (try_table (catch_all $inner) (call $throw (i32.const -1))))
          (local.set $sum (i32.add (local.get $sum) (i32.const 2)))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (call $throw (local.get $sum)))
      unreachable)))`);

/** A handler reads what grew after the try began; a function that calls itself last finds its locals zero. */
const fresh = parse(`(module
  (tag $e)
  (memory 1 3)
  (func $grow (drop (memory.grow (i32.const 1)))
    (i32.store (i32.const 65536) (i32.const 7))
    (throw $e))
  (func (export "grown") (result i32)
    (i32.store (i32.const 0) (i32.const 1))
    (block $h (try_table (catch $e $h) (call $grow)))
    (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 65536))))
  (func $again (export "again") (param $n i32) (param $wide i64) (result i64)
    (local $i i32) (local $l i64) (local $d f64) (local $r externref) (local $v v128)
    (if (i32.or (i32.or (local.get $i) (i64.ne (local.get $l) (i64.const 0)))
        (i32.or (f64.ne (local.get $d) (f64.const 0))
          (i32.or (v128.any_true (local.get $v)) (i32.eqz (ref.is_null (local.get $r))))))
      (then (return (i64.const -1))))
    (local.set $i (i32.const 5)) (local.set $l (i64.const 5)) (local.set $d (f64.const 5))
    (local.set $v (v128.const i64x2 5 5))
    (if (i32.eqz (local.get $n)) (then (return (local.get $wide))))
    (return_call $again (i32.sub (local.get $n) (i32.const 1)) (i64.add (local.get $wide) (i64.const 4294967297)))))`);

/** Throws what is caught again, after another error was caught meanwhile. */
const twice = parse(`(module
  (import "env" "f" (func $f (param i32)))
  (func (export "run")
    (local $first exnref)
    (block $h (result exnref)
      (try_table (catch_all_ref $h) (call $f (i32.const 0)))
      unreachable)
    (local.set $first)
    (block $g (try_table (catch_all $g) (call $f (i32.const 1))))
    (throw_ref (local.get $first))))`);

/** The legacy form: what the innermost try does not take is passed to others by their place. */
const passing = parse(`(module
  (tag $e) (tag $f)
  (func (export "past one") (result i32)
    (try $outer (result i32)
      (do
        (try (result i32)
          (do (try (result i32) (do (throw $e)) (delegate $outer)))
          (catch_all (i32.const 1))))
      (catch $e (i32.const 2))))
  (func (export "to the caller") (result i32)
    (try (result i32)
      (do (try (result i32) (do (throw $f)) (delegate 1)))
      (catch_all (i32.const 1))))
  (func (export "from the caller") (result i32)
    (try (result i32) (do (call 1)) (catch $f (i32.const 4))))
  (func (export "again and again") (result i32) (local $i i32)
    (loop $next
      (try $outer
        (do
          (try
            (do (try (do (throw $e)) (delegate $outer)))
            (catch_all (return (i32.const -1)))))
        (catch $e))
      (try (do (throw $f)) (catch_all (local.set $i (i32.add (local.get $i) (i32.const 1)))))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 2000))))
    (local.get $i)))`);

export function catching(newRuntime: NewRuntime): void {
  for (const name of Object.keys(bodies)) {
    test(`a handler does not take a trap: ${name}`, () => {
      const run = newRuntime().instantiate(traps).exportedFunction(name)!;
      for (let i = 0; i < 2; i++) assert.throws(() => run.call(), { name: "Trap", message: name });
    });
  }

  test("loops inside of tries, and tries inside of loops", () => {
    const instance = newRuntime().instantiate(loops);
    assert.equal(instance.exportedFunction("a loop in a try")!.call(10_000), 60_000);
    assert.equal(instance.exportedFunction("a try in a loop")!.call(2000), 2_001_000);
    assert.equal(instance.exportedFunction("a loop between two tries")!.call(2000), 4000);
  });

  test("a handler sees how far a memory has grown", () => {
    assert.equal(newRuntime().instantiate(fresh).exportedFunction("grown")!.call(), 8);
  });

  test("a function that calls itself last begins with locals that are zero", () => {
    const run = newRuntime({ maxCallDepth: 10 }).instantiate(fresh).exportedFunction("again")!;
    assert.equal(run.call(5000, 1n), 5000n * 4294967297n + 1n);
  });

  test("an error of the host that is thrown again is the host's, even a RangeError", () => {
    const errors = [new RangeError("the first"), new RangeError("the second")];
    const f = (i: number): void => {
      throw errors[i];
    };
    const run = newRuntime()
      .instantiate(twice, { imports: { env: { f } } })
      .exportedFunction("run")!;
    for (let i = 0; i < 3; i++) {
      assert.throws(
        () => run.call(),
        (error: Exception) => (error as unknown) === errors[0],
      );
    }
  });

  for (const [name, result] of [
    ["past one", 2],
    ["from the caller", 4],
    ["again and again", 2000],
  ] as const) {
    test(`exceptions that pass a try: ${name}`, () => {
      const runtime = newRuntime({ features: ["wasm3", "legacy-exceptions"] });
      assert.equal(runtime.instantiate(passing).exportedFunction(name)!.call(), result);
    });
  }

  test("an exception that passes the only try leaves the function", () => {
    const runtime = newRuntime({ features: ["wasm3", "legacy-exceptions"] });
    assert.throws(() => runtime.instantiate(passing).exportedFunction("to the caller")!.call(), { name: "Exception" });
  });
}
