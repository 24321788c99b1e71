// The trap of an operand comes before that of the instruction, also where its value is computed within an expression.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

const zero: Readonly<Record<string, number | bigint>> = { i32: 0, i64: 0n };

for (const engine of ["compiler", "interpreter"] as const) {
  for (const type of ["i32", "i64"]) {
    for (const op of ["div_s", "div_u", "rem_s", "rem_u"]) {
      test(`${type}.${op} by zero of what lies out of bounds, ${engine}`, () => {
        const load = `(${type}.load (i32.const -1))`;
        const text = `(module (memory 1) (func (export "f") (param ${type}) (result ${type}) (${type}.${op} ${load} (local.get 0))))`;
        const run = new Runtime({ engine, eager: true }).instantiate(parse(text)).exportedFunction("f")!;
        assert.throws(() => run.call(zero[type]!), /out of bounds/);
      });
    }
  }
  for (const shape of ["i32x4", "i64x2"]) {
    test(`${shape}.all_true of a vector with a lane out of bounds behind one that is zero, ${engine}`, () => {
      const load = `(v128.load${shape.slice(1, 3)}_lane 1 (local.get 0) (v128.const i64x2 0 1))`;
      const text = `(module (memory 1) (func (export "f") (param i32) (result i32) (${shape}.all_true ${load})))`;
      const run = new Runtime({ engine, eager: true }).instantiate(parse(text)).exportedFunction("f")!;
      assert.equal(run.call(0), 0);
      assert.throws(() => run.call(-1), /out of bounds/);
    });
  }
  for (const op of ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"]) {
    test(`i64.${op} with a word out of bounds, where the upper halves decide it, ${engine}`, () => {
      const text = `(module (memory 1) (func (export "f") (param i64 i32) (result i32)
        (i64.${op} (local.get 0) (i64.extend_i32_u (i32.load (local.get 1))))))`;
      const run = new Runtime({ engine, eager: true }).instantiate(parse(text)).exportedFunction("f")!;
      for (const high of [-1n, 0n, 1n]) {
        assert.equal(typeof run.call(high << 32n, 0), "number");
        assert.throws(() => run.call(high << 32n, -1), /out of bounds/);
      }
    });
  }
  const calls = { call_indirect: "(call_indirect (type $f)", call_ref: "(call_ref $f" };
  const callees = { call_indirect: "(i32.const 9)", call_ref: "(ref.null $f)" };
  for (const name of ["call_indirect", "call_ref"] as const) {
    test(`${name} of nothing with an argument out of bounds, ${engine}`, () => {
      const text = `(module (memory 1) (table 1 funcref) (type $f (func (param i32 i64 f32 v128)))
        (func (export "f") (param i32) ${calls[name]} (i32.const 1) (i64.load32_u (local.get 0)) (f32.const 0)
          (v128.const i64x2 0 0) ${callees[name]})))`;
      const run = new Runtime({ engine, eager: true }).instantiate(parse(text)).exportedFunction("f")!;
      assert.throws(() => run.call(-1), /out of bounds memory access/);
      assert.throws(() => run.call(0), name === "call_ref" ? /null function/ : /undefined element/);
    });
  }
}
