// A function under which no memory grows has the memory's view as a constant, and finds out at its beginning if one has grown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

const load = '(func (export "load") (param i32) (result i32) (i32.load (local.get 0)))';
const isConstant = (text: string): boolean => sourceOf(text).join().includes("const V0=W0;");

const cases: readonly (readonly [string, boolean, string])[] = [
  ["a function that calls nothing", true, `(import "" "f" (func)) (memory 1) ${load}`],
  [
    "a memory of fixed size",
    true,
    '(import "" "f" (func)) (memory 1 1) (func (call 0) (drop (i32.load (i32.const 0))))',
  ],
  [
    "a function without a loop where another function grows it",
    false,
    `(memory 1) ${load} (func (drop (memory.grow (i32.const 1))))`,
  ],
  [
    "a function with a loop where another function grows it",
    true,
    `(memory 1) (func (param i32) (loop (br_if 0 (i32.load (local.get 0))))) (func (drop (memory.grow (i32.const 1))))`,
  ],
  ["a function that grows it", false, "(memory 1) (func (drop (memory.grow (i32.load (i32.const 0)))))"],
  ["a shared memory", false, `(memory 1 2 shared) ${load}`],
  [
    "a call in a module that calls only itself",
    true,
    "(memory 1) (func (call 1) (drop (i32.load (i32.const 0)))) (func)",
  ],
  [
    "a call where another function grows it",
    false,
    "(memory 1) (func (call 1) (drop (i32.load (i32.const 0)))) (func (drop (memory.grow (i32.const 1))))",
  ],
  [
    "a call where there are imports",
    false,
    '(import "" "f" (func)) (memory 1) (func (call 0) (drop (i32.load (i32.const 0))))',
  ],
  [
    "a call where a table is exported",
    false,
    '(table (export "t") 1 funcref) (memory 1) (func (call_indirect (i32.const 0)) (drop (i32.load (i32.const 0))))',
  ],
  [
    "a call where a function comes as an argument",
    false,
    "(table 1 funcref) (memory 1) (func (param funcref) (table.set (i32.const 0) (local.get 0)) (call_indirect (i32.const 0)) (drop (i32.load (i32.const 0))))",
  ],
];

for (const [name, expected, fields] of cases) {
  test(`${name}: ${expected ? "constant" : "taken at each call"}`, () => {
    assert.equal(isConstant(`(module ${fields})`), expected);
  });
}

for (const eager of [true, false]) {
  test(`the host makes a memory grow between calls (${eager ? "eager" : "tiers"})`, () => {
    const text = `(module (memory (export "m") 1) ${load} (func (export "both") (param i32) (result i32)
      (i32.store (i32.const 4) (i32.const 7)) (i32.add (call 0 (local.get 0)) (i32.load (i32.const 4)))))`;
    const instance = new Runtime({ engine: "compiler", eager }).instantiate(parse(text));
    const both = instance.exportedFunction("both")!;
    const memory = instance.exportedMemory("m")!;
    for (let i = 0; i < 200; i++) assert.equal(both.call(0), 7);
    assert.throws(() => both.call(65536), /out of bounds/);
    assert.equal(memory.grow(1), 1);
    memory.writeUint32(65536, 5);
    for (let i = 0; i < 200; i++) assert.equal(both.call(65536), 12);
    assert.equal(instance.exportedFunction("load")!.call(65536), 5);
    assert.throws(() => both.call(65536 * 2), /out of bounds/);
  });
}

test("the host makes a memory grow between two entries of a hot loop", () => {
  const text = `(module (memory (export "m") 1) (func (export "sum") (param i32) (result i32) (local i32 i32)
    (loop (local.set 2 (i32.add (local.get 2) (i32.load8_u (local.get 0))))
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br_if 0 (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 50000))))
    (local.get 2)))`;
  for (let calls = 0; calls < 3; calls++) {
    const instance = new Runtime({ engine: "compiler", eager: false }).instantiate(parse(text));
    const sum = instance.exportedFunction("sum")!;
    const memory = instance.exportedMemory("m")!;
    for (let i = 0; i < calls; i++) assert.equal(sum.call(0), 0);
    assert.throws(() => sum.call(65536), /out of bounds/);
    memory.grow(1);
    memory.write(65536, new Uint8Array(50000).fill(1));
    assert.equal(sum.call(65536), 50000);
  }
});
