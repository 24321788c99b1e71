// f32 arithmetic is not rounded where its result is known to be exact.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unsignedNumber } from "#dist/engine/compiler/maglev.js";
import { sourceOf } from "./source-of.ts";

const byte = "(f32.convert_i32_u (i32.load8_u (local.get 0)))";
const top24 = "(f32.convert_i32_u (i32.shr_u (local.get 0) (i32.const 8)))";

const cases: readonly (readonly [string, string])[] = [
  ["(f32.convert_i32_u (i32.load8_u (local.get 0)))", `${unsignedNumber("V0", "getUint8", "(i0)")});`],
  ["(f32.convert_i32_s (i32.and (local.get 0) (i32.const 0xffffff)))", "return((i0&16777215));"],
  ["(f32.convert_i32_s (i32.and (local.get 0) (i32.const 0x1ffffff)))", "return(fround((i0&33554431)));"],
  ["(f32.convert_i32_u (i32.shr_u (local.get 0) (i32.const 8)))", "return((i0>>>8));"],
  ["(f32.convert_i32_u (i32.shr_s (local.get 0) (i32.const 8)))", "return(fround((i0>>8)>>>0));"],
];

/** Whether a result has to be rounded. */
const sums: readonly (readonly [string, boolean])[] = [
  [`(f32.mul ${byte} (f32.const 0.75))`, false],
  [`(f32.mul ${byte} (f32.const 0.1))`, true],
  [`(f32.mul ${byte} (f32.const 0x1p-126))`, false],
  [`(f32.mul ${byte} (f32.const 0x1p-127))`, true],
  [`(f32.mul ${byte} (f32.const 0x1p126))`, true],
  [`(f32.mul ${byte} (f32.const inf))`, true],
  [`(f32.mul ${byte} (local.get 1))`, true],
  [`(f32.add ${top24} (f32.const 1))`, false],
  [`(f32.add ${top24} (f32.const 2))`, true],
  [`(f32.sub (f32.mul ${top24} (f32.const 0x1p-23)) (f32.const 1))`, false],
  [`(f32.sub (f32.mul ${top24} (f32.const 0x1p-23)) (f32.const 0x1p-24))`, true],
  [`(f32.sub ${top24} ${byte})`, false],
  [`(f32.sub ${byte} ${top24})`, false],
  [`(f32.sub ${top24} (f32.convert_i32_s (i32.load8_s (local.get 0))))`, true],
  [`(f32.sub (f32.sub ${byte} (f32.const 255)) ${top24})`, true],
  [`(f32.div ${byte} (f32.const 4))`, true],
  ["(f32.convert_i32_s (i32.mul (i32.load16_u (local.get 0)) (i32.load8_s (local.get 0))))", false],
  ["(f32.convert_i32_s (i32.xor (i32.load16_u (local.get 0)) (i32.load8_u (local.get 0))))", false],
  ["(f32.convert_i32_s (i32.or (i32.load16_u (local.get 0)) (i32.load8_s (local.get 0))))", true],
  ["(f32.convert_i32_u (i32.mul (i32.load16_u (local.get 0)) (i32.load8_s (local.get 0))))", true],
  ["(f32.convert_i32_s (i32.mul (i32.load16_u (local.get 0)) (i32.load16_u (local.get 0))))", true],
];

/** What loads give at least and at the most. */
const ends: readonly (readonly [load: string, min: number, max: number])[] = [
  ["i32.load8_u", 0, 255],
  ["i32.load8_s", -128, 127],
  ["i32.load16_u", 0, 65535],
  ["i32.load16_s", -32768, 32767],
];

for (const [load, min, max] of ends) {
  test(`${load} gives ${min} to ${max}`, () => {
    const loaded = `(f32.convert_i32_s (${load} (local.get 0)))`;
    for (const [op, end] of [
      ["f32.add", max],
      ["f32.sub", -min],
    ] as const) {
      const exact = `(${op} ${loaded} (f32.const ${2 ** 24 - end}))`;
      const rounded = `(${op} ${exact} (f32.const 1))`;
      const roundings = [exact, rounded].map((text) => {
        const source = sourceOf(`(module (memory 1) (func (param i32) (result f32) ${text}))`).join("\n");
        return source.split("fround(").length - 1;
      });
      assert.deepEqual(roundings, [0, 1], op);
    }
  });
}

/** A sequence of instructions, and whether what it computes of the byte in local 2 is rounded. */
const known: readonly (readonly [string, boolean])[] = [
  ["", false],
  ["(i32.store (local.get 0) (i32.const 1)) (drop (i32.load (local.get 0)))", false],
  ["(br_if 0 (local.get 0))", false],
  ["(local.set 2 (local.get 0))", true],
  ["(if (local.get 0) (then (i32.store (local.get 0) (i32.const 1))))", true],
  ["(loop (br_if 0 (local.get 0)))", true],
  ["(call 0 (local.get 0) (local.get 1)) (drop)", true],
  ["(memory.fill (local.get 0) (local.get 0) (local.get 0))", true],
];

for (const [between, isRounded] of known) {
  test(`a byte in a variable is ${isRounded ? "not " : ""}known behind ${between || "its load"}`, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32 f32) (result f32) (local i32)
      (block (local.set 2 (i32.load8_u (local.get 0))) ${between}
        (f32.store (local.get 0) (f32.add (f32.convert_i32_u (local.get 2)) (local.get 1))))
      (local.get 1)))`).join("\n");
    assert.equal(/fround\(i2>>>0\)/.test(source), isRounded, source);
  });
}

for (const [expression, isRounded] of sums) {
  test(`${expression}: ${isRounded ? "rounded" : "exact"}`, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32 f32) (result f32) ${expression}))`).join("\n");
    assert.equal(source.includes("fround("), isRounded, source);
  });
}

for (const [expression, expected] of cases) {
  test(expression, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32) (result f32) ${expression}))`);
    assert.ok(source.includes(expected), source.join("\n"));
  });
}

const masks: readonly (readonly [string, string])[] = [
  ["(i32.xor (i32.and (local.get 0) (i32.const 255)) (i32.load8_u (local.get 0)))", "nt8(i0))&255);"],
  ["(i32.xor (i32.and (local.get 0) (i32.const 15)) (i32.shr_u (local.get 1) (i32.const 28)))", "^(i1>>>28))&15);"],
  ["(i32.xor (i32.and (local.get 0) (i32.const 7)) (i32.shr_u (local.get 1) (i32.const 28)))", "((i0&7)^(i1>>>28));"],
  ["(i32.xor (i32.and (local.get 0) (i32.const 254)) (i32.load8_u (local.get 0)))", "((i0&254)^"],
  ["(i32.xor (i32.and (local.get 0) (i32.const -1)) (i32.load8_s (local.get 0)))", "((i0&(-1))^"],
  ["(i32.xor (i32.and (local.get 0) (i32.const 255)) (local.get 1))", "((i0&255)^i1);"],
];

for (const [expression, expected] of masks) {
  test(`${expression}: masked last where nothing else is in the other operand`, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32 i32) (result i32) ${expression}))`).join("\n");
    assert.ok(source.includes(expected), source);
  });
}
