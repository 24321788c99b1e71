// What makes no difference to the integer that a float is truncated to is not rounded.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "./source-of.ts";

const byte = "(f32.convert_i32_u (i32.load8_u (local.get 0)))";
const scaled = (factor: string): string => `(f32.mul (local.get 1) (f32.const ${factor}))`;

/** What is truncated, and how it is printed. */
const sources: readonly (readonly [string, string])[] = [
  [scaled("0x1p10"), "return(i32SatS(f1*1024));"],
  [scaled("-0.25"), "return(i32SatS(f1*(-0.25)));"],
  [scaled("3"), "return(i32SatS(fround(f1*3)));"],
  [`(f32.add (local.get 2) ${scaled("0.5")})`, "return(i32SatS(fround(f2+(f1*0.5))));"],
  [`(f32.sub ${scaled("0.5")} ${scaled("1")})`, "return(i32SatS(fround((f1*0.5)-(f1*1))));"],
  [`(f32.add (local.get 2) ${scaled("2")})`, "return(i32SatS(fround(f2+fround(f1*2))));"],
  [`(f32.add (local.get 2) ${scaled("0.75")})`, "return(i32SatS(fround(f2+fround(f1*0.75))));"],
  [`(f32.div (local.get 2) ${scaled("0.5")})`, "return(i32SatS(fround(f2/fround(f1*0.5))));"],
  [`(f32.mul ${byte} (f32.const 0.1))`, "*0.10000000149011612)|0);"],
  [`(f32.mul ${byte} (f32.const 0x1p23))`, "*8388608)|0);"],
  [`(f32.mul ${byte} (f32.const 0x1p24))`, "*16777216));"],
  [`(f32.sqrt ${byte})`, "return(fround(Math.sqrt("],
  [`(f32.add ${byte} (f32.sqrt ${byte}))`, "return(fround("],
  ["(f32.sqrt (f32.convert_i32_s (i32.load8_s (local.get 0))))", "return(i32SatS(fround(Math.sqrt("],
];

for (const [expression, expected] of sources) {
  test(`${expression} is truncated`, () => {
    const source = sourceOf(
      `(module (memory 1) (func (param i32 f32 f32) (result i32) (i32.trunc_sat_f32_s ${expression})))`,
    ).join("\n");
    assert.ok(source.includes(expected), source);
  });
}

test("a truncation that traps on nothing looks for nothing", () => {
  const truncated = (op: string, load: string): string =>
    sourceOf(`(module (memory 1) (func (param i32) (result i32)
      (i32.trunc_f32_${op} (f32.mul (f32.convert_i32_s (${load} (local.get 0))) (f32.const 0.3)))))`).join("\n");
  assert.doesNotMatch(truncated("s", "i32.load8_s"), /trap/);
  assert.doesNotMatch(truncated("u", "i32.load8_u"), /trap/);
  assert.match(truncated("u", "i32.load8_s"), /trap/);
});
