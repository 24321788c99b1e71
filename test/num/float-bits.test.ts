// Takes the bits of f32 and the NaNs that hosts make, gives them to float-bits.ts and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { f32Bits, f32FromBits } from "#dist/num/float-bits.js";

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
  // V8 and Java, x86, Go.
  for (const [high, low] of [
    [0x7ff80000, 0],
    [0xfff80000, 0],
    [0x7ff80000, 1],
  ] as const) {
    words[1] = high;
    words[0] = low;
    assert.equal(f32Bits(number[0]!) & 0x7fc00000, 0x7fc00000, `${high.toString(16)} ${low}`);
  }
});
