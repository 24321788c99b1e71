// Takes NaNs and numbers, gives them to the least and the greatest of two, cold and optimised.
import assert from "node:assert/strict";
import { test } from "node:test";
import { floatMax, floatMin } from "#dist/num/float.js";
import { putDouble } from "#dist/num/float-bits.js";

const TIMES = 30_000;

test("the least and the greatest of two are those of JavaScript", () => {
  for (const a of [-0, 0, 1.5, -2, 1 / 0, -1 / 0])
    for (const b of [-0, 0, 1.5, -2, 1 / 0, -1 / 0]) {
      assert.equal(floatMin(a, b), Math.min(a, b));
      assert.equal(floatMax(a, b), Math.max(a, b));
    }
});

test("where one is a NaN it is the canonical one, whose only bit is the first", () => {
  const doubles = new Float64Array(1);
  const words = new Int32Array(doubles.buffer);
  for (let i = 0; i < TIMES; i++) {
    for (const result of [floatMin(i, Number.NaN), floatMin(Number.NaN, i), floatMax(i, Number.NaN)]) {
      putDouble(doubles, 0, result);
      assert.deepEqual([words[0], words[1]! & 0x7fffffff], [0, 0x7ff80000], `after ${i}`);
    }
  }
});
