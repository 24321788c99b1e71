// A conversion to f32 is not rounded where the integer is known to be exact.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "./source-of.ts";

const cases: readonly (readonly [string, string])[] = [
  ["(f32.convert_i32_u (i32.load8_u (local.get 0)))", "V0.getUint8(i0)>>>0));"],
  ["(f32.convert_i32_s (i32.and (local.get 0) (i32.const 0xffffff)))", "return(((i0&16777215)));"],
  ["(f32.convert_i32_s (i32.and (local.get 0) (i32.const 0x1ffffff)))", "return(fround((i0&33554431)));"],
  ["(f32.convert_i32_u (i32.shr_u (local.get 0) (i32.const 8)))", "return(((i0>>>8|0)>>>0));"],
  ["(f32.convert_i32_u (i32.shr_s (local.get 0) (i32.const 8)))", "return(fround((i0>>8)>>>0));"],
];

for (const [expression, expected] of cases) {
  test(expression, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32) (result f32) ${expression}))`);
    assert.ok(source.includes(expected), source.join("\n"));
  });
}
