// Exceptions: which handler gets them, with which values, and what the host throws and catches.
import assert from "node:assert/strict";
import test from "node:test";
import { Exception, type Module, type Tag, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

/** Throws by number: 0 nothing, 1 and 2 the tags of that name with the number, 3 a tag nobody names, 4 a trap. */
const throwing = `
  (tag $one (export "one") (param i32))
  (tag $two (export "two") (param i32 i64))
  (tag $three)
  (func $throw (export "throw") (param i32)
    (block $four (block $three (block $two (block $one (block $zero
      (br_table $zero $one $two $three $four (local.get 0)))
      (return))
      (throw $one (local.get 0)))
      (throw $two (local.get 0) (i64.const -2)))
      (throw $three))
    unreachable)`;

/** Each export throws by number, and tells by its result which handler it was. */
const handlers = parse(`(module ${throwing}
  (func (export "by tag") (param i32) (result i32 i32)
    (block $two (result i32 i64)
      (block $one (result i32)
        (try_table (catch $one $one) (catch $two $two) (call $throw (local.get 0)))
        (return (i32.const 0) (local.get 0)))
      (return (i32.const 1)))
    (drop)
    (i32.const 2))
  (func (export "the first clause that fits") (param i32) (result i32 i32)
    (block $all
      (block $one (result i32)
        (try_table (catch_all $all) (catch $one $one) (call $throw (local.get 0)))
        (return (i32.const 0) (i32.const 0)))
      (return (i32.const 1)))
    (i32.const 7) (i32.const 7))
  (func (export "the innermost try that fits") (param i32) (result i32 i32)
    (block $outer
      (try_table (catch_all $outer)
        (block $inner (result i32)
          (try_table (catch $one $inner) (call $throw (local.get 0)))
          (return (i32.const 0) (i32.const 0)))
        (return (i32.const 1)))
      unreachable)
    (i32.const 9) (i32.const 9))
  (func (export "a handler is outside of its try") (param i32) (result i32 i32)
    (block $outer
      (try_table (catch_all $outer)
        (block $inner (result i32)
          (try_table (catch $one $inner) (catch $one $inner) (call $throw (local.get 0)))
          (return (i32.const 0) (i32.const 0)))
        (throw $one)))
    (i32.const 5) (i32.const 5))
  (func (export "a loop for a label") (param i32) (result i32 i32)
    (local $turns i32)
    (i32.const 100)
    (loop $again (param i32)
      (drop)
      (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
      (if (i32.eq (local.get $turns) (i32.const 5)) (then (return (local.get $turns) (local.get 0))))
      (try_table (catch $one $again) (call $throw (local.get 0)))
      (br_if 0 (i32.const 1) (i32.const 0))
      (drop))
    (i32.const 0) (i32.const 0))
  (func (export "the function for a label") (param i32) (result i32 i32)
    (block (result i32 i64)
      (try_table (catch $two 0) (catch $both 1) (call $throw (local.get 0))
        (throw $both (i32.const 3) (i32.const 4)))
      unreachable)
    (drop) (i32.const 8))
  (tag $both (param i32 i32))
  (func (export "what waits below stays") (param i32) (result i32 i32)
    (i32.add (local.get 0) (i32.const 50))
    (block $one (result i32)
      (i32.const 6)
      (try_table (catch $one $one) (call $throw (local.get 0)))))
  (func (export "a try that has ended") (param i32) (result i32 i32)
    (block $h (try_table (catch_all $h) (nop)))
    (call $throw (local.get 0))
    (i32.const 0) (i32.const 0)))`);

/** For each export what is thrown, and what comes of it: results, or the exception's name. */
const outcomes: readonly [name: string, thrown: number, outcome: readonly [number, number] | string][] = [
  ["by tag", 0, [0, 0]],
  ["by tag", 1, [1, 1]],
  ["by tag", 2, [2, 2]],
  ["by tag", 3, "Exception"],
  ["by tag", 4, "Trap"],
  ["the first clause that fits", 1, [7, 7]],
  ["the first clause that fits", 3, [7, 7]],
  ["the first clause that fits", 4, "Trap"],
  ["the innermost try that fits", 1, [1, 1]],
  ["the innermost try that fits", 2, [9, 9]],
  ["a handler is outside of its try", 1, [5, 5]],
  ["a loop for a label", 1, [5, 1]],
  ["a loop for a label", 2, "Exception"],
  ["the function for a label", 0, [3, 4]],
  ["the function for a label", 2, [2, 8]],
  ["what waits below stays", 1, [51, 1]],
  ["what waits below stays", 0, [50, 6]],
  ["a try that has ended", 1, "Exception"],
];

/** Values of every type through an exception, the numbers as their bits. */
const payloads = parse(`(module
  (tag $e (param i32 f32 externref i64 f64 v128 externref))
  (func $throw (param i32 externref i64 v128)
    (throw $e (local.get 0) (f32.reinterpret_i32 (local.get 0)) (local.get 1)
      (local.get 2) (f64.reinterpret_i64 (local.get 2)) (local.get 3) (ref.null extern)))
  (func (export "run") (param i32 externref i64 v128) (result i32 i32 externref i64 i64 v128 externref)
    (local $a i32) (local $b f32) (local $c externref) (local $d i64) (local $e f64) (local $f v128) (local $g externref)
    (block $h (result i32 f32 externref i64 f64 v128 externref)
      (try_table (catch $e $h) (call $throw (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
      unreachable)
    (local.set $g) (local.set $f) (local.set $e) (local.set $d) (local.set $c) (local.set $b) (local.set $a)
    (local.get $a) (i32.reinterpret_f32 (local.get $b)) (local.get $c)
    (local.get $d) (i64.reinterpret_f64 (local.get $e)) (local.get $f) (local.get $g)))`);

/** Catches what `env.f` throws: 1 with the tag, 2 everything; `again` throws it again from there. */
const catching = parse(`(module
  (import "env" "tag" (tag $t (param i32)))
  (import "env" "f" (func $f (param i32) (result i32)))
  (func (export "run") (param i32) (result i32 i32)
    (block $all
      (block $t (result i32)
        (try_table (catch $t $t) (catch_all $all) (return (call $f (local.get 0)) (i32.const 0)))
        unreachable)
      (return (i32.const 1)))
    (i32.const -1) (i32.const 2))
  (func (export "again") (param i32) (result i32)
    (block $h (result exnref)
      (try_table (catch_all_ref $h) (return (call $f (local.get 0))))
      unreachable)
    throw_ref)
  (func (export "reference") (param i32) (result exnref)
    (block $h (result exnref)
      (try_table (catch_all_ref $h) (drop (call $f (local.get 0))))
      (ref.null exn)))
  (func (export "throw_ref") (param exnref) (throw_ref (local.get 0)))
  (func (export "tail call in a try") (param i32) (result i32)
    (block $h
      (try_table (catch_all $h) (return_call $f (local.get 0)))
      unreachable)
    (i32.const -3))
  (func (export "catches a tail call") (param i32) (result i32)
    (block $h
      (try_table (catch_all $h) (return (call $tail (local.get 0))))
      unreachable)
    (i32.const -4))
  (func $tail (param i32) (result i32)
    (block $h
      (try_table (catch_all $h) (return_call $f (local.get 0)))
      unreachable)
    (i32.const -5)))`);

/** `run` throws at a depth and catches outside, as often as it is told. */
const deep = parse(`(module
  (tag $e (param i32))
  (func $down (param i32)
    (if (i32.eqz (local.get 0)) (then (throw $e (i32.const 1))))
    (call $down (i32.sub (local.get 0) (i32.const 1))))
  (func (export "run") (param $times i32) (param $depth i32) (result i32)
    (local $sum i32)
    (loop $next
      (block $h (result i32)
        (try_table (catch $e $h) (call $down (local.get $depth)))
        unreachable)
      (local.set $sum (i32.add (local.get $sum)))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum)))`);

export function exceptions(newRuntime: NewRuntime): void {
  for (const [name, thrown, outcome] of outcomes) {
    test(`${name}: ${["nothing", "one", "two", "three", "a trap"][thrown]} is thrown`, () => {
      const run = newRuntime().instantiate(handlers).exportedFunction(name)!;
      if (typeof outcome === "string") assert.throws(() => run.call(thrown), { name: outcome });
      else assert.deepEqual(run.call(thrown), outcome);
    });
  }

  test("values go through an exception with their bits, references as they are", () => {
    const run = newRuntime().instantiate(payloads).exportedFunction("run")!;
    const it = { it: 1 };
    const [i32, i64] = [0x7fa0_0001, 0x7ff4_0000_0000_0001n];
    const vector = Uint8Array.from({ length: 16 }, (_, i) => i * 16);
    assert.deepEqual(run.call(i32, it, i64, vector), [i32, i32, it, i64, i64, vector, null]);
  });

  test("frames that an exception leaves are gone", () => {
    const run = newRuntime({ maxCallDepth: 50 }).instantiate(deep).exportedFunction("run")!;
    assert.equal(run.call(1000, 40), 1000);
  });

  test("a million exceptions", () => {
    const run = newRuntime().instantiate(deep).exportedFunction("run")!;
    assert.equal(run.call(1_000_000, 0), 1_000_000);
  });

  test("an exception that no guest catches has its tag, its values, and the guest's stack", () => {
    const instance = newRuntime().instantiate(handlers, { name: "guest" });
    const [one, two] = [instance.exportedTag("one")!, instance.exportedTag("two")!];
    const error = thrownBy(() => instance.exportedFunction("a try that has ended")!.call(2));
    assert.ok(error instanceof Exception && error instanceof Error);
    assert.equal(error.message, "exception with a tag of type (i32 i64)");
    assert.equal(error.tag, two);
    assert.deepEqual([error.is(one), error.is(two)], [false, true]);
    assert.deepEqual([error.getArg(two, 0), error.getArg(two, 1)], [2, -2n]);
    assert.throws(() => error.getArg(one, 0), TypeError);
    assert.throws(() => error.getArg(two, 2), RangeError);
    assert.deepEqual(
      error.wasmStack.map(({ module, functionName }) => [module, functionName]),
      [
        ["guest", "throw"],
        ["guest", "a try that has ended"],
      ],
    );
    assert.match(error.stack!, /^Exception: exception .*\n {4}at throw \(guest\[0\]:0x/);
  });

  describeHost(newRuntime);
}

/** A guest whose `env.f` is given, and whose tag is the runtime's. */
function withHost(newRuntime: NewRuntime, f: (x: number) => unknown): { guest: Module; tag: Tag } {
  const runtime = newRuntime();
  const env = runtime
    .hostModule("env")
    .tag("tag", { params: ["i32"] })
    .function("f", { params: ["i32"], results: ["i32"] }, f as (x: number) => number)
    .instantiate();
  return { guest: runtime.instantiate(catching), tag: env.exportedTag("tag")! };
}

function describeHost(newRuntime: NewRuntime): void {
  test("a guest catches what a host function throws: exceptions by their tag, all else as what has none", () => {
    let error: unknown;
    const { guest, tag } = withHost(newRuntime, () => {
      throw error;
    });
    const run = guest.exportedFunction("run")!;
    error = new Exception(tag, [42]);
    assert.deepEqual(run.call(0), [42, 1]);
    const other = newRuntime()
      .hostModule("other")
      .tag("tag", { params: ["i32"] })
      .instantiate();
    for (error of [new Exception(other.exportedTag("tag")!, [42]), new Error("of the host"), "text", undefined, null]) {
      assert.deepEqual(run.call(0), [-1, 2]);
    }
  });

  test("the host gets back what it threw", () => {
    let error: unknown;
    const { guest, tag } = withHost(newRuntime, () => {
      throw error;
    });
    for (error of [new Exception(tag, [42]), new Error("of the host"), "text", undefined]) {
      assert.equal(
        thrownBy(() => guest.exportedFunction("again")!.call(0)),
        error,
      );
      const reference = guest.exportedFunction("reference")!.call(0);
      assert.equal(
        thrownBy(() => guest.exportedFunction("throw_ref")!.call(reference)),
        error,
      );
    }
  });

  test("no guest catches a trap, an exit, or a promise that it cannot wait for", () => {
    const { guest: inner } = withHost(newRuntime, () => 0);
    const trap = () => inner.exportedFunction("throw_ref")!.call(null);
    const exit = () => {
      inner.close(7);
      trap();
    };
    const cases: readonly [name: string, f: () => unknown][] = [
      ["Trap", trap],
      ["ExitError", exit],
      ["SuspendError", async () => 1],
    ];
    for (const [name, f] of cases) {
      const { guest } = withHost(newRuntime, f);
      for (const run of ["run", "again"]) assert.throws(() => guest.exportedFunction(run)!.call(0), { name });
    }
  });

  test("no guest catches the end of the host's stack", () => {
    const overflow = (x: number): number => overflow(x + 1) + 1;
    const { guest } = withHost(newRuntime, overflow);
    assert.throws(() => guest.exportedFunction("run")!.call(0), RangeError);
  });

  test("a guest that was closed catches nothing", () => {
    const { guest } = withHost(newRuntime, () => {
      guest.close(3);
      throw new Error("unseen");
    });
    assert.throws(() => guest.exportedFunction("run")!.call(0), { name: "ExitError", exitCode: 3 });
  });

  test("null is no exception", () => {
    const { guest } = withHost(newRuntime, () => 0);
    assert.throws(
      () => guest.exportedFunction("throw_ref")!.call(null),
      (error) => error instanceof Trap && error.code === "null exception reference",
    );
  });

  test("an exception passes through the host's frames between two guests", () => {
    const { guest: inner, tag } = withHost(newRuntime, (x) => {
      throw new Exception(tag, [x + 1]);
    });
    let unwound = 0;
    const { guest } = withHost(newRuntime, (x) => {
      try {
        return inner.exportedFunction("again")!.call(x);
      } finally {
        unwound++;
      }
    });
    assert.deepEqual(guest.exportedFunction("run")!.call(4), [-1, 2]);
    assert.equal(unwound, 1);
    const error = thrownBy(() => guest.exportedFunction("again")!.call(4));
    assert.ok(error instanceof Exception);
    assert.equal(error.getArg(tag, 0), 5);
    assert.deepEqual(
      error.wasmStack.map(({ functionName }) => functionName),
      ["again"],
    );
  });

  test("an exception passes through instances to the one that knows its tag", () => {
    const runtime = newRuntime();
    const library = runtime.instantiate(handlers);
    const env = { tag: library.exportedTag("one")!, f: library.exportedFunction("the innermost try that fits")! };
    const thrower = parse(`(module
      (import "env" "tag" (tag $t (param i32)))
      (func (export "f") (param i32) (result i32) (throw $t (i32.add (local.get 0) (i32.const 1)))))`);
    const middle = runtime.instantiate(thrower, { imports: { env } });
    const guest = runtime.instantiate(catching, { imports: { env: { ...env, f: middle.exportedFunction("f")! } } });
    assert.deepEqual(guest.exportedFunction("run")!.call(7), [8, 1]);
    assert.throws(() => guest.exportedFunction("again")!.call(7), { name: "Exception" });
    assert.deepEqual(guest.exportedFunction("run")!.call(8), [9, 1]);
  });

  test("a rejected promise is caught where the guest waited, and so is a wrong value", async () => {
    let settle: () => Promise<unknown> = async () => 5;
    const { guest, tag } = withHost(newRuntime, () => settle());
    const run = guest.exportedFunction("run")!;
    assert.deepEqual(await run.callAsync(0), [5, 0]);
    settle = async () => {
      throw new Exception(tag, [42]);
    };
    assert.deepEqual(await run.callAsync(0), [42, 1]);
    settle = () => Promise.reject(undefined);
    assert.deepEqual(await run.callAsync(0), [-1, 2]);
    settle = async () => "five";
    assert.deepEqual(await run.callAsync(0), [-1, 2]);
    await assert.rejects(guest.exportedFunction("again")!.callAsync(0), TypeError);
  });

  test("a tail call leaves the tries of its function, also to the host", async () => {
    const error = new Error("of the host");
    const throwing = () => {
      throw error;
    };
    const { guest } = withHost(newRuntime, throwing);
    const plain = guest.exportedFunction("tail call in a try")!;
    assert.equal(
      thrownBy(() => plain.call(0)),
      error,
    );
    assert.equal(guest.exportedFunction("catches a tail call")!.call(0), -4);
    const { guest: waiting } = withHost(newRuntime, () => Promise.reject(error));
    await assert.rejects(waiting.exportedFunction("tail call in a try")!.callAsync(0), (thrown) => thrown === error);
    assert.equal(await waiting.exportedFunction("catches a tail call")!.callAsync(0), -4);
  });
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}
