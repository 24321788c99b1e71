// f32 arithmetic on integers, and what is truncated of it: whatever an engine does not round, the bits are those of rounding each result.
import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

/** Infinities and what is near the ends of an f32's and an i32's range, near one, and near the numbers that have fewer bits. */
const magnitudes = [
  0,
  2 ** -149,
  3 * 2 ** -149,
  2 ** -126,
  2 ** -125 + 2 ** -148,
  2 ** -50,
  0.25,
  0.5,
  1 - 2 ** -24,
  1,
  1.5,
  2 ** 24 - 1,
  2 ** 31 - 128,
  2 ** 31,
  2 ** 32 - 256,
  2 ** 32,
  (2 - 2 ** -23) * 2 ** 127,
  Number.POSITIVE_INFINITY,
];
const floats = [...magnitudes, ...magnitudes.map((x) => -x), Number.NaN];

const factors = ["0x1p-126", "0x1p-1", "-0x1p-1", "0x1p0", "0x1p1", "0x1p127", "0x1.8p-1", "0", "inf"];

const { fround } = Math;
const signed = (x: number): number =>
  x > -2147483649 && x < 2147483648 ? x | 0 : x < 0 ? -2147483648 : x > 0 ? 2147483647 : 0;
const unsigned = (x: number): number => (x > 0 ? (x < 4294967296 ? x | 0 : -1) : 0);

/** The value of a factor. */
function numberOf(factor: string): number {
  const match = /^(-?)0x1(\.8)?p(-?\d+)$/.exec(factor);
  if (match === null) return factor === "inf" ? Number.POSITIVE_INFINITY : 0;
  return (match[1] === "" ? 1 : -1) * (match[2] === undefined ? 1 : 1.5) * 2 ** Number(match[3]);
}

export function rounding(newRuntime: NewRuntime): void {
  test("what is truncated of products and sums is what is left of rounded ones", () => {
    const forms = factors.flatMap((factor) => {
      const product = `(f32.mul (local.get 1) (f32.const ${factor}))`;
      const scaled = (y: number): number => fround(y * numberOf(factor));
      return [
        { text: product, of: (_: number, y: number) => scaled(y) },
        { text: `(f32.add (local.get 0) ${product})`, of: (x: number, y: number) => fround(x + scaled(y)) },
        { text: `(f32.sub ${product} (local.get 0))`, of: (x: number, y: number) => fround(scaled(y) - x) },
        {
          text: `(f32.sub ${product} (f32.mul (local.get 0) (f32.const 0x1p-3)))`,
          of: (x: number, y: number) => fround(scaled(y) - fround(x * 0.125)),
        },
      ];
    });
    const functions = forms.map(
      ({ text }, i) => `
      (func (export "s${i}") (param f32 f32) (result i32) (i32.trunc_sat_f32_s ${text}))
      (func (export "u${i}") (param f32 f32) (result i32) (i32.trunc_sat_f32_u ${text}))
      (func (export "t${i}") (param f32 f32) (result i32) (i32.trunc_f32_s ${text}))`,
    );
    const module = newRuntime().instantiate(parse(`(module ${functions.join("")})`));
    for (const [i, { text, of }] of forms.entries()) {
      const [s, u, t] = ["s", "u", "t"].map((letter) => module.exportedFunction(`${letter}${i}`)!);
      for (const x of floats) {
        for (const y of floats) {
          const number = of(x, y);
          const what = `${text} of ${x}, ${y}`;
          assert.equal(s!.call(x, y), signed(number), what);
          assert.equal((u!.call(x, y) as number) | 0, unsigned(number), what);
          if (number > -2147483649 && number < 2147483648) assert.equal(t!.call(x, y), signed(number), what);
          else assert.throws(() => t!.call(x, y), /integer overflow|invalid conversion/, what);
        }
      }
    }
  });

  test("what is known of an integer is forgotten wherever it may be another one", () => {
    const big = "(i32.const 16777217)";
    const number = "(f32.convert_i32_u (local.get $v))";
    const module = newRuntime().instantiate(
      parse(`(module (memory 1 10) (type $f (func (result i32))) (table funcref (elem $big $many))
        (func $big (result i32) ${big})
        (func $many (result i32) (if (i32.eqz (memory.size)) (then (return (i32.const 1)))) ${big})
        (func $two (result i32 i32) ${big} ${big})
        (func (export "branch") (param i32) (result f32) (local $v i32)
          (local.set $v (i32.load8_u (local.get 0)))
          (if (local.get 0) (then (local.set $v ${big})))
          ${number})
        (func (export "block") (param i32) (result f32) (local $v i32)
          (local.set $v ${big})
          (block (br_if 0 (local.get 0)) (local.set $v (i32.load8_u (local.get 0))))
          ${number})
        (func (export "loop") (param i32) (result f32) (local $v i32) (local $sum f32)
          (local.set $v (i32.load8_u (local.get 0)))
          (loop
            (local.set $sum ${number})
            (local.set $v ${big})
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (local.get $sum))
        (func (export "call") (param i32) (result f32) (local $v i32)
          (local.set $v (i32.load8_u (local.get 0)))
          (local.set $v (call $big))
          ${number})
        (func (export "indirect") (param i32) (result f32) (local $v i32)
          (local.set $v (i32.load8_u (local.get 0)))
          (local.set $v (call_indirect (type $f) (i32.and (local.get 0) (i32.const 1))))
          ${number})
        (func (export "operand") (param i32) (result f32)
          (i32.load8_u (local.get 0)) (memory.size) (drop) (drop)
          (f32.convert_i32_u (call $many)))
        (func (export "results") (param i32) (result f32) (local $v i32)
          (local.set $v (i32.load8_u (local.get 0)))
          (call $two) (local.set $v) (drop)
          ${number})
        (func (export "set") (param i32) (result f32) (local $v i32)
          (local.set $v (i32.load8_u (local.get 0)))
          (local.set $v (i32.add (local.get $v) ${big}))
          ${number})
        (func (export "copy") (param i32) (result f32) (local $v i32) (local $w i32)
          (local.set $w ${big})
          (local.set $v (i32.load8_u (local.get 0)))
          (local.set $v (local.get $w))
          ${number})
        (func (export "negative") (param i32) (result f32) (local $v i32)
          (i32.store8 (local.get 0) (i32.const -1))
          (local.set $v (i32.load8_s (local.get 0)))
          (i32.store8 (local.get 0) (i32.const 0))
          ${number})
        (func (export "square") (param i32) (result f32) (local $v i32)
          (i32.store16 (local.get 0) (i32.const 4099))
          (local.set $v (i32.load16_u (local.get 0)))
          (i32.store16 (local.get 0) (i32.const 0))
          (f32.convert_i32_u (i32.mul (local.get $v) (local.get $v)))))`),
    );
    for (const name of ["branch", "block", "loop", "call", "indirect", "operand", "results", "set", "copy"])
      assert.equal(module.exportedFunction(name)!.call(3), 16777216, name);
    assert.equal(module.exportedFunction("negative")!.call(3), 4294967296);
    assert.equal(module.exportedFunction("square")!.call(3), 16801800);
  });

  test("the root of what is known is truncated, and no root of a negative number", () => {
    const module = newRuntime().instantiate(
      parse(`(module (memory 1)
        (func (export "root") (param i32) (result i32) (local $v i32)
          (i32.store8 (i32.const 0) (local.get 0))
          (local.set $v (i32.load8_u (i32.const 0)))
          (i32.trunc_sat_f32_u (f32.sqrt (f32.mul (f32.convert_i32_s (i32.mul (local.get $v) (local.get $v))) (f32.const 0.5)))))
        (func (export "roots") (param i32) (result i32) (local $v i32)
          (i32.store8 (i32.const 0) (local.get 0))
          (local.set $v (i32.load8_s (i32.const 0)))
          (i32.trunc_sat_f32_s (f32.sqrt (f32.convert_i32_s (local.get $v)))))
        (func (export "shares") (param i32) (result i32) (local $v i32)
          (i32.store8 (i32.const 0) (local.get 0))
          (local.set $v (i32.load8_s (i32.const 0)))
          (i32.trunc_sat_f32_u (f32.mul (f32.convert_i32_s (local.get $v)) (f32.const 0x1.8p+20))))
        (func (export "negative") (param i32) (result i32) (local $v i32)
          (i32.store8 (i32.const 0) (local.get 0))
          (local.set $v (i32.load8_s (i32.const 0)))
          (i32.trunc_sat_f32_s (f32.sub (f32.const 0) (f32.mul (f32.convert_i32_s (local.get $v)) (f32.const 0x1p+24)))))
        (func (export "infinite") (param i32) (result i32) (local $v i32)
          (i32.store8 (i32.const 0) (local.get 0))
          (local.set $v (i32.load8_u (i32.const 0)))
          (i32.trunc_sat_f32_s
            (f32.mul (f32.mul (f32.convert_i32_s (local.get $v)) (f32.const 0x1p+127)) (f32.const 0x1p-126)))))`),
    );
    const names = ["root", "roots", "shares", "negative", "infinite"];
    const [root, roots, shares, negative, infinite] = names.map((name) => module.exportedFunction(name)!);
    for (let i = 0; i < 256; i++) {
      const number = (i << 24) >> 24;
      assert.equal(root!.call(i), Math.trunc(fround(Math.sqrt(i * i * 0.5))));
      assert.equal(roots!.call(i), number < 0 ? 0 : Math.trunc(Math.sqrt(number)));
      assert.equal(shares!.call(i), unsigned(number * 1.5 * 2 ** 20));
      assert.equal(negative!.call(i), signed(-number * 2 ** 24));
      assert.equal(infinite!.call(i), i < 2 ? 2 * i : 2147483647);
    }
  });
}
