// Takes the bits of f32 and the NaNs that hosts make, gives them to float-bits.ts and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  f32Bits,
  f32FromBits,
  f64FromBits,
  floatAbs,
  floatCopysign,
  floatNeg,
  putDouble,
  rewriteNaN,
} from "#dist/num/float-bits.js";

const bits = [
  0, 0x80000000, 0x3f800000, 0x7f800000, 0x7f800001, 0x7fa00000, 0x7fbfffff, 0x7fc00000, 0x7fc00001, 0xff800001,
  0xffffffff,
];

test("an f32 keeps its bits as a number", () => {
  for (const word of bits) assert.equal(f32Bits(f32FromBits(word | 0)), word | 0, word.toString(16));
});

test("a NaN of any host's making is a quiet one", () => {
  const words = new Int32Array(2);
  const number = new Float64Array(words.buffer);
  // V8 and Java, x86, Go, V8's Maglev.
  for (const [high, low] of [
    [0x7ff80000, 0],
    [0xfff80000, 0],
    [0x7ff80000, 1],
    [0xffffffff, 0xffffffff],
  ] as const) {
    words[1] = high;
    words[0] = low;
    assert.equal(f32Bits(number[0]!) & 0x7fc00000, 0x7fc00000, `${high.toString(16)} ${low}`);
  }
});

/** Often enough for every tier of V8. */
const TIMES = 30_000;

const wide = [
  [1, 0x7ff00000],
  [-1, -524289],
  [5, 0x7ff80000],
] as const;

/** The words of a double as they are in memory. */
function wordsOf(buffer: ArrayBufferLike, at: number): number[] {
  return [...new Int32Array(buffer, at, 2)];
}

test("an f64 keeps its bits where it is put, cold and optimised", () => {
  const doubles = new Float64Array(2);
  const view = new DataView(new ArrayBuffer(16));
  for (let i = 0; i < TIMES; i++) {
    const [low, high] = wide[i % wide.length]!;
    const nan = f64FromBits(low, high);
    putDouble(doubles, 1, nan);
    assert.deepEqual(wordsOf(doubles.buffer, 8), [low, high], `after ${i}`);
    view.setFloat64(8, nan, true);
    rewriteNaN(view, 8, nan);
    assert.deepEqual(wordsOf(view.buffer, 8), [low, high], `after ${i}`);
    putDouble(doubles, 0, i);
    assert.equal(doubles[0], i);
  }
});

test("what changes the sign of an f64 changes no other bit, cold and optimised", () => {
  const doubles = new Float64Array(1);
  const put = (value: number): number[] => {
    putDouble(doubles, 0, value);
    return wordsOf(doubles.buffer, 0);
  };
  for (let i = 0; i < TIMES; i++) {
    const [low, high] = wide[i % wide.length]!;
    const nan = f64FromBits(low, high);
    assert.deepEqual(put(floatNeg(nan)), [low, high ^ -2147483648], `after ${i}`);
    assert.deepEqual(put(floatAbs(nan)), [low, high & 0x7fffffff], `after ${i}`);
    assert.deepEqual(put(floatCopysign(nan, -1)), [low, high | -2147483648], `after ${i}`);
  }
});
