// The legacy form of exceptions: try with its handlers in place, delegate, rethrow.
import assert from "node:assert/strict";
import test from "node:test";
import { Exception, type RuntimeConfig } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

const features: RuntimeConfig = { features: ["wasm3", "legacy-exceptions"] };

/** Each export throws by number (0 nothing, 1 and 2 tags of that name with the number, else a tag nobody names). */
const guest = parse(`(module
  (tag $one (export "one") (param i32))
  (tag $two (param i32 i64))
  (tag $other)
  (func $throw (export "throw") (param i32)
    (if (i32.eqz (local.get 0)) (then return))
    (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $one (local.get 0))))
    (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $two (local.get 0) (i64.const -2))))
    (throw $other))
  (func (export "handlers in order") (param i32) (result i32 i32)
    (i32.const 90)
    (try (result i32)
      (do (call $throw (local.get 0)) (i32.const 10))
      (catch $one)
      (catch $two (drop) (i32.const 20) i32.add)
      (catch_all (i32.const 30))))
  (func (export "without a handler") (param i32) (result i32 i32)
    (try (do (call $throw (local.get 0))))
    (i32.const 1) (i32.const 2))
  (func (export "a branch out of each part") (param i32) (result i32 i32)
    (block $out (result i32 i32)
      (try (result i32)
        (do (call $throw (local.get 0)) (br $out (i32.const 1) (i32.const 1)))
        (catch $one (i32.const 7) (br 0) (i32.const 9))
        (catch_all (br $out (i32.const 3) (i32.const 3))))
      (i32.const 4)))
  (func (export "a handler is outside of its try") (param i32) (result i32 i32)
    (try (result i32 i32)
      (do
        (try (result i32 i32)
          (do (call $throw (local.get 0)) (i32.const 0) (i32.const 0))
          (catch $one (throw $one (i32.add (i32.const 1))))))
      (catch $one (i32.const 11))))
  (func (export "rethrow") (param i32) (result i32 i32)
    (try (result i32 i32)
      (do
        (try (result i32 i32)
          (do (call $throw (local.get 0)) (i32.const 0) (i32.const 0))
          (catch_all
            (try (do (throw $other)) (catch_all (rethrow 1)))
            unreachable)))
      (catch $one (i32.const 12))
      (catch $two (drop) (i32.const 22))))
  (func (export "delegate goes past handlers between") (param i32) (result i32 i32)
    (try $outer (result i32 i32)
      (do
        (try (result i32 i32)
          (do
            (block
              (try (do (call $throw (local.get 0))) (delegate $outer)))
            (i32.const 0) (i32.const 0))
          (catch_all (i32.const -1) (i32.const -1))))
      (catch $one (i32.const 13))))
  (func (export "delegate to a block") (param i32) (result i32 i32)
    (try (result i32 i32)
      (do
        (block $block
          (try
            (do (try (do (call $throw (local.get 0))) (delegate $block)))
            (catch_all unreachable)))
        (i32.const 0) (i32.const 0))
      (catch $one (i32.const 14))))
  (func (export "delegate to the caller") (param i32) (result i32 i32)
    (try
      (do (try (do (call $throw (local.get 0))) (delegate 1)))
      (catch_all unreachable))
    (i32.const 0) (i32.const 0))
  (func (export "delegate from a handler") (param i32) (result i32 i32)
    (try (result i32 i32)
      (do
        (try $inner (result i32 i32)
          (do (throw $other))
          (catch_all
            (try (do (call $throw (local.get 0))) (delegate $inner))
            (i32.const 0) (i32.const 0))))
      (catch $one (i32.const 15))))
  (func (export "dead code around every part") (param i32) (result i32 i32)
    (try (result i32 i32)
      (do (return (call $pair (local.get 0))) (block (try (do) (catch $one drop) (catch_all))) unreachable)
      (catch $one (br 0 (i32.const 16)) (try (do) (delegate 0)))
      (catch $two unreachable (try (do (throw $other)) (catch_all (rethrow 0))))
      (catch_all (throw $other) (drop))))
  (func $pair (param i32) (result i32 i32) (call $throw (local.get 0)) (i32.const 0) (i32.const 1)))`);

/** For each export what is thrown, and what comes of it: results, or the exception's name. */
const outcomes: readonly [name: string, thrown: number, outcome: readonly [number, number] | string][] = [
  ["handlers in order", 0, [90, 10]],
  ["handlers in order", 1, [90, 1]],
  ["handlers in order", 2, [90, 22]],
  ["handlers in order", 3, [90, 30]],
  ["without a handler", 0, [1, 2]],
  ["without a handler", 1, "Exception"],
  ["a branch out of each part", 0, [1, 1]],
  ["a branch out of each part", 1, [7, 4]],
  ["a branch out of each part", 2, [3, 3]],
  ["a handler is outside of its try", 0, [0, 0]],
  ["a handler is outside of its try", 1, [2, 11]],
  ["a handler is outside of its try", 2, "Exception"],
  ["rethrow", 1, [1, 12]],
  ["rethrow", 2, [2, 22]],
  ["rethrow", 3, "Exception"],
  ["delegate goes past handlers between", 0, [0, 0]],
  ["delegate goes past handlers between", 1, [1, 13]],
  ["delegate goes past handlers between", 2, "Exception"],
  ["delegate to a block", 1, [1, 14]],
  ["delegate to the caller", 0, [0, 0]],
  ["delegate to the caller", 1, "Exception"],
  ["delegate from a handler", 0, [0, 0]],
  ["delegate from a handler", 1, [1, 15]],
  ["dead code around every part", 0, [0, 1]],
  ["dead code around every part", 1, [1, 16]],
  ["dead code around every part", 2, "Trap"],
];

export function legacyExceptions(newRuntime: NewRuntime): void {
  for (const [name, thrown, outcome] of outcomes) {
    test(`${name}: ${["nothing", "one", "two", "another"][thrown]} is thrown`, () => {
      const run = newRuntime(features).instantiate(guest).exportedFunction(name)!;
      if (typeof outcome === "string") assert.throws(() => run.call(thrown), { name: outcome });
      else assert.deepEqual(run.call(thrown), outcome);
    });
  }

  test("what a host function threw is the same after a rethrow", () => {
    const again = parse(`(module
      (import "env" "f" (func $f))
      (func (export "run") (try (do (call $f)) (catch_all (rethrow 0)))))`);
    const { tag, errors } = {
      tag: newRuntime(features).instantiate(guest).exportedTag("one")!,
      errors: [] as unknown[],
    };
    errors.push(new Exception(tag, [1]), new Error("of the host"), 5, undefined);
    for (const error of errors) {
      const f = () => {
        throw error;
      };
      const run = newRuntime(features)
        .instantiate(again, { imports: { env: { f } } })
        .exportedFunction("run")!;
      let thrown: unknown = "nothing";
      try {
        run.call();
      } catch (caught) {
        thrown = caught;
      }
      assert.equal(thrown, error);
    }
  });
}
