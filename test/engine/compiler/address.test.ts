// An address below 2^31 is a number without more; what lies beyond is out of bounds all the same, and nothing of it is written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

const address = "(param i32)";
const at = "(local.get 0)";

const printed: readonly (readonly [string, string])[] = [
  [`(memory 1) (func ${address} (i32.store8 ${at} (i32.const 1)))`, "V0.setInt8(i0,1);"],
  [`(memory 1) (func ${address} (f64.store ${at} (f64.const nan)))`, "t0=i0>>>0;"],
  [`(memory 1) (func ${address} (f64.store ${at} (f64.const 1)))`, "V0.setFloat64(i0,1,true);"],
  [`(memory 1) (func ${address} (i32.store8 offset=3 ${at} (i32.const 1)))`, "V0.setInt8((i0>>>0)+3,1);"],
  [
    `(memory 1 0x8000) (func ${address} (i32.store8 ${at} (i32.const 1)) (drop (memory.grow (i32.const 1))))`,
    "V0.setInt8(i0,1);",
  ],
  [
    `(memory 1) (func ${address} (i32.store8 ${at} (i32.const 1)) (drop (memory.grow (i32.const 1))))`,
    "V0.setInt8(i0>>>0,1);",
  ],
];

for (const [fields, line] of printed) {
  test(line, () => assert.ok(sourceOf(`(module ${fields})`).includes(line), sourceOf(`(module ${fields})`).join("\n")));
}

const accesses = ["i32.load", "i32.load8_u", "i64.load", "f32.load", "f64.load"];
const stores: readonly (readonly [string, string])[] = [
  ["i32.store", "(i32.const -1)"],
  ["i64.store", "(i64.const -1)"],
  ["f64.store", "(f64.const -1)"],
  ["f64.store", "(f64.convert_i32_s (local.get 0))"],
];

for (const engine of ["compiler", "interpreter"] as const) {
  test(`addresses from 2^31 on trap, ${engine}`, () => {
    const functions = [
      ...accesses.map((op) => `(drop (${op} ${at}))`),
      ...stores.map(([op, value]) => `(${op} ${at} ${value})`),
    ];
    functions.forEach((body) => {
      const text = `(module (memory (export "m") 1) (func (export "f") ${address} ${body}))`;
      const instance = new Runtime({ engine, eager: true }).instantiate(parse(text));
      const run = instance.exportedFunction("f")!;
      for (const far of [-1, -2, -4, -8, 0x80000000 | 0, 0x7fffffff, 65536]) {
        assert.throws(() => run.call(far), /out of bounds/, `${body} at ${far}`);
      }
      assert.deepEqual(instance.exportedMemory("m")!.read(0, 8), new Uint8Array(8), body);
    });
  });
}
