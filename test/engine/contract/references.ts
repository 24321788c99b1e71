// Calls through references, and branches on null: whose function it is, what is null, which values go along.
import assert from "node:assert/strict";
import test from "node:test";
import { type ExportedFunction, Trap, type WasmValue } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

/** `own` and `imported` call through a reference and add one; `any` calls what it is given. */
const calling = parse(`(module
  (type $f (func (param i32) (result i32)))
  (import "env" "f" (func $imported (type $f)))
  (elem declare func $imported $own)
  (func $own (type $f) (i32.sub (i32.const 0) (local.get 0)))
  (func (export "negate") (type $f) (call $own (local.get 0)))
  (func (export "own") (type $f) (i32.add (i32.const 1) (call_ref $f (local.get 0) (ref.func $own))))
  (func (export "imported") (type $f) (i32.add (i32.const 1) (call_ref $f (local.get 0) (ref.func $imported))))
  (func (export "any") (param i32 (ref null $f)) (result i32) (call_ref $f (local.get 0) (local.get 1))))`);

/** What is taken along by a branch, and what is left behind, by the name of the export; all of an externref. */
const branching = parse(`(module
  (func (export "br_on_null") (param externref) (result i32 externref)
    (local $left externref)
    (block $null (result i32)
      (i32.const 1) (f64.const 0.5) (i32.const 2) (local.get 0)
      (br_on_null $null)
      (local.set $left)
      (drop) (drop)
      (return (local.get $left)))
    (ref.null extern))
  (func (export "br_on_non_null") (param externref) (result i32 externref)
    (block $value (result i32 (ref extern))
      (f64.const 0.5) (i32.const 2) (local.get 0)
      (br_on_non_null $value)
      (drop) (drop)
      (return (i32.const 1) (ref.null extern))))
  (func (export "out of the function") (param externref) (result i32 externref)
    (br_on_non_null 0 (i32.const 2) (local.get 0))
    (drop)
    (i32.const 1) (ref.null extern))
  (func (export "ref.as_non_null") (param externref) (result i32 externref)
    (i32.const 3) (ref.as_non_null (local.get 0))))`);

const branches: readonly [name: string, reference: WasmValue, result: WasmValue[]][] = [
  ["br_on_null", "it", [1, "it"]],
  ["br_on_null", null, [2, null]],
  ["br_on_non_null", "it", [2, "it"]],
  ["br_on_non_null", null, [1, null]],
  ["out of the function", "it", [2, "it"]],
  ["out of the function", null, [1, null]],
  ["ref.as_non_null", "it", [3, "it"]],
];

export function references(newRuntime: NewRuntime): void {
  const guest = (f: ((x: number) => unknown) | ExportedFunction) =>
    newRuntime().instantiate(calling, { imports: { env: { f } } });

  test("a reference to an own function is called", () => {
    assert.equal(
      guest(() => 0)
        .exportedFunction("own")!
        .call(5),
      -4,
    );
  });

  test("a reference to a host function is called, and may suspend", async () => {
    const called = guest((x: number) => x * 2).exportedFunction("imported")!;
    assert.equal(called.call(5), 11);
    const suspended = guest(async (x: number) => x * 3).exportedFunction("imported")!;
    assert.equal(await suspended.callAsync(5), 16);
  });

  test("a reference to a function of another instance is called there", () => {
    const negate = guest(() => 0).exportedFunction("negate")!;
    assert.equal(guest(negate).exportedFunction("imported")!.call(5), -4);
    assert.equal(
      guest(() => 0)
        .exportedFunction("any")!
        .call(5, negate),
      -5,
    );
  });

  test("null is no function", () => {
    const any = guest(() => 0).exportedFunction("any")!;
    assert.throws(() => any.call(5, null), trapped("null function reference"));
  });

  for (const [name, reference, result] of branches) {
    test(`${name} of ${reference === null ? "null" : "a value"}`, () => {
      const run = newRuntime().instantiate(branching).exportedFunction(name)!;
      assert.deepEqual(run.call(reference), result);
    });
  }

  test("ref.as_non_null of null", () => {
    const run = newRuntime().instantiate(branching).exportedFunction("ref.as_non_null")!;
    assert.throws(() => run.call(null), trapped("null reference"));
  });
}

function trapped(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Trap && error.code === code;
}
