// The stack of a trap: what a function's places take to find is done once, however many frames it has, and however often it traps.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime, type Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { FunctionEmitter } from "#dist/engine/compiler/emit.js";
import { ModuleCode } from "#dist/engine/interpreter/code.js";

/** Two that call each other, from places of their own, and trap at zero. */
const binary = parse(`(module
  (func $f (export "f") (param i32)
    (if (i32.eqz (local.get 0)) (then unreachable))
    (if (i32.and (local.get 0) (i32.const 2)) (then (call $g (i32.sub (local.get 0) (i32.const 1)))))
    (call $g (i32.sub (local.get 0) (i32.const 1))))
  (func $g (param i32)
    (if (i32.and (local.get 0) (i32.const 1)) (then (call $f (i32.sub (local.get 0) (i32.const 1)))))
    (call $f (i32.sub (local.get 0) (i32.const 1)))))`);

/** How often a method is called. */
function counted<K extends string>(
  prototype: Record<K, (...args: never[]) => unknown>,
  name: K,
  run: () => void,
): number {
  const original = prototype[name];
  let calls = 0;
  prototype[name] = function (this: unknown, ...args) {
    calls++;
    return original.apply(this, args);
  };
  try {
    run();
  } finally {
    prototype[name] = original;
  }
  return calls;
}

for (const [engine, prototype, name] of [
  ["compiler", FunctionEmitter.prototype, "run"],
  ["interpreter", ModuleCode.prototype, "lower"],
] as const) {
  test(`${engine}: places of 40 frames and of the next trap`, () => {
    const runtime = new Runtime({ engine, ...(engine === "compiler" ? { eager: true } : {}) });
    const f = runtime.instantiate(binary).exportedFunction("f")!;
    const offsets = (depth: number): number[] => {
      try {
        f.call(depth);
      } catch (error) {
        return (error as Trap).wasmStack.map(({ offset }) => offset);
      }
      throw new Error("no trap");
    };
    assert.equal(offsets(0).length, 1);
    let first: number[] = [];
    const times = counted(prototype as never, name as never, () => {
      first = offsets(40);
    });
    assert.equal(first.length, 41);
    assert.equal(new Set(first).size, 4);
    assert.ok(times <= 4, `${times} times`);
    const again = counted(prototype as never, name as never, () => assert.deepEqual(offsets(40), first));
    assert.equal(again, 0);
  });
}
