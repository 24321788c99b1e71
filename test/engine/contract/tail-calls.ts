// Tail calls: the caller's frame is gone, whoever is called, and nothing else is lost.
import assert from "node:assert/strict";
import test from "node:test";
import { type Module, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

const MILLION = 1_000_000;

/** Each export counts its first argument down to 0 by tail calls, adds 3 to the second every time, and gives that. */
const countdowns = parse(`(module
  (type $f (func (param i32 i64) (result i64)))
  (table funcref (elem $indirect))
  (elem declare func $reference)
  (func $direct (export "direct") (type $f)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $direct (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 3))))
  (func $even (export "mutual") (type $f)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $odd (i64.add (local.get 1) (i64.const 3)) (i32.sub (local.get 0) (i32.const 1))))
  (func $odd (param i64 i32) (result i64)
    (local f64 f64 f64)
    (if (i32.eqz (local.get 1)) (then (return (local.get 0))))
    (return_call $even (i32.sub (local.get 1) (i32.const 1)) (i64.add (local.get 0) (i64.const 3))))
  (func $indirect (export "by table") (type $f)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_indirect (type $f)
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 3)) (i32.const 0)))
  (func $reference (export "by reference") (type $f)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_ref $f
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 3)) (ref.func $reference))))`);

/** The same, by a tail call of what is in the table, which another instance fills. */
const relay = parse(`(module
  (type $f (func (param i32 i64) (result i64)))
  (table (export "table") 1 funcref)
  (func (export "run") (type $f)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_indirect (type $f)
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 3)) (i32.const 0)))
  (func (export "outer") (type $f)
    (local $kept i64)
    (local.set $kept (i64.const 1000))
    (i64.add (local.get $kept) (call 0 (local.get 0) (local.get 1)))))`);

/** A function that goes on through one that only makes a tail call, as methods do through what stands in their tables; and such a call out of a try. */
const bridges = parse(`(module
  (tag $e (param i32))
  (func $work (export "work") (param i32 i64) (result i32 i64)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 7) (local.get 1))))
    (call $bridge (i64.add (local.get 1) (i64.const 3)) (i32.sub (local.get 0) (i32.const 1))))
  (func $bridge (param i64 i32) (result i32 i64)
    (return_call $work (local.get 1) (local.get 0)))
  (func $throw (param i32) (result i32) (throw $e (local.get 0)))
  (func $left (param i32) (result i32)
    (block $h (result i32) (try_table (catch $e $h) (return_call $throw (local.get 0))) (unreachable))
    (i32.add (i32.const 1000)))
  (func (export "out of a try") (param i32) (result i32)
    (block $h (result i32) (try_table (catch $e $h) (return (call $left (local.get 0)))) (unreachable))))`);

/** Tail calls of the host: `run` plainly, `below` with a frame that waits for the result. */
const host = parse(`(module
  (import "env" "f" (func $f (param externref i32) (result i32 externref)))
  (func $run (export "run") (param i32 externref) (result i32 externref)
    (return_call $f (local.get 1) (local.get 0)))
  (func (export "below") (param i32 externref) (result externref i32)
    (local $i i32) (local $r externref)
    (call $run (i32.add (local.get 0) (i32.const 1)) (local.get 1))
    (local.set $r) (local.set $i)
    (local.get $r) (i32.mul (local.get $i) (i32.const 10)))
  (func (export "nested") (param i32 externref) (result i32 externref)
    (return_call $run (local.get 0) (local.get 1))))`);

/** What traps, and how: the frame that made a tail call is not on the stack. */
const trapping = parse(`(module $guest
  (type $f (func))
  (type $other (func (param i32)))
  (table 2 funcref)
  (elem (i32.const 0) $other)
  (func $other (type $other))
  (func $bottom unreachable)
  (func $gone (return_call $bottom))
  (func $index (return_call_indirect (type $f) (i32.const 2)))
  (func $empty (return_call_indirect (type $f) (i32.const 1)))
  (func $type (return_call_indirect (type $f) (i32.const 0)))
  (func $null (return_call_ref $f (ref.null $f)))
  (func (export "unreachable") (call $gone))
  (func (export "undefined element") (call $index))
  (func (export "uninitialized element 1") (call $empty))
  (func (export "indirect call type mismatch") (call $type))
  (func (export "null function reference") (call $null)))`);

const stacks: Readonly<Record<string, string>> = {
  unreachable: "bottom",
  "undefined element": "index",
  "uninitialized element 1": "empty",
  "indirect call type mismatch": "type",
  "null function reference": "null",
};

export function tailCalls(newRuntime: NewRuntime): void {
  for (const name of ["direct", "mutual", "by table", "by reference"]) {
    test(`a million tail calls, ${name}`, () => {
      const run = newRuntime({ maxCallDepth: 10 }).instantiate(countdowns).exportedFunction(name)!;
      assert.equal(run.call(MILLION, 5n), 3_000_005n);
    });
  }

  test("tail calls of functions that make none, as deep as others and out of a try", () => {
    const instance = newRuntime().instantiate(bridges);
    for (const depth of [0, 1, 20_000])
      assert.deepEqual(instance.exportedFunction("work")!.call(depth, 5n), [7, 5n + 3n * BigInt(depth)]);
    assert.equal(instance.exportedFunction("out of a try")!.call(9), 9);
  });

  /** Two instances whose functions call one another. */
  const pair = (newer: NewRuntime, other: NewRuntime): readonly [Module, Module] => {
    const instances = [newer, other].map((make) => make({ maxCallDepth: 10 }).instantiate(relay));
    for (const [i, instance] of instances.entries()) {
      instance.exportedTable("table")!.set(0, instances[1 - i]!.exportedFunction("run")!);
    }
    return instances as [Module, Module];
  };

  test("a million tail calls between instances", () => {
    for (const instance of pair(newRuntime, newRuntime)) {
      assert.equal(instance.exportedFunction("run")!.call(MILLION, 5n), 3_000_005n);
      // The last one returns into a frame that waits, of the same instance or the other one.
      assert.equal(instance.exportedFunction("outer")!.call(MILLION, 5n), 3_001_005n);
      assert.equal(instance.exportedFunction("outer")!.call(MILLION + 1, 5n), 3_001_008n);
    }
  });

  test("tail calls between engines end, if they are not too deep", () => {
    const other: NewRuntime = (config) => newRuntime({ ...config, dispatch: "switch" });
    const closures: NewRuntime = (config) => newRuntime({ ...config, dispatch: "closures" });
    for (const instance of pair(other, closures)) {
      assert.equal(instance.exportedFunction("outer")!.call(100, 5n), 1305n);
    }
  });

  const f = (reference: unknown, number: number): [number, unknown] => [number + 1, { reference }];

  test("a tail call of a host function returns what that gives", () => {
    const instance = newRuntime().instantiate(host, { imports: { env: { f } } });
    assert.deepEqual(instance.exportedFunction("run")!.call(4, "it"), [5, { reference: "it" }]);
    assert.deepEqual(instance.exportedFunction("nested")!.call(4, "it"), [5, { reference: "it" }]);
    assert.deepEqual(instance.exportedFunction("below")!.call(4, "it"), [{ reference: "it" }, 60]);
  });

  test("a tail call of a host function may suspend", async () => {
    const later = async (reference: unknown, number: number) => f(reference, number);
    const instance = newRuntime().instantiate(host, { imports: { env: { f: later } } });
    const calls = ["run", "nested", "below"].map((name) => instance.exportedFunction(name)!.callAsync(4, "it"));
    const both = [5, { reference: "it" }];
    assert.deepEqual(await Promise.all(calls), [both, both, [{ reference: "it" }, 60]]);
  });

  test("what a host function throws passes through the frames that are left", () => {
    const error = new Error("refused");
    const throwing = () => {
      throw error;
    };
    const instance = newRuntime().instantiate(host, { imports: { env: { f: throwing } } });
    for (const name of ["run", "nested", "below"]) {
      assert.throws(
        () => instance.exportedFunction(name)!.call(1, null),
        (thrown) => thrown === error,
      );
    }
  });

  test("a trap within a host function that was called by a tail call has the stack of both guests", () => {
    const runtime = newRuntime();
    const inner = runtime.instantiate(trapping).exportedFunction("unreachable")!;
    const instance = runtime.instantiate(host, { imports: { env: { f: () => inner.call() } } });
    assert.deepEqual(stackOf(instance, "below", 1, null), ["bottom", "unreachable", "below"]);
    assert.deepEqual(stackOf(instance, "run", 1, null), ["bottom", "unreachable"]);
  });

  for (const [code, top] of Object.entries(stacks)) {
    test(`the stack of a trap after tail calls: ${code}`, () => {
      assert.deepEqual(stackOf(newRuntime().instantiate(trapping), code), [top, code]);
    });
  }
}

/** Names of the frames at the trap of an export, whose code is its name. */
function stackOf(instance: Module, name: string, ...args: readonly unknown[]): (string | undefined)[] {
  try {
    instance.exportedFunction(name)!.call(...args);
  } catch (error) {
    assert.ok(error instanceof Trap);
    if (args.length === 0) assert.equal(error.code, name);
    return error.wasmStack.map(({ functionName }) => functionName);
  }
  return assert.fail("nothing was thrown");
}
