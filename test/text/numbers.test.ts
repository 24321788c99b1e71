// Takes number literals, holds their bits to arithmetic on integers: each is rounded once.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";

const view = new DataView(new ArrayBuffer(8));

/** The bits of a constant: those of the only global of a module. */
function bitsOf(type: string, literal: string): number | bigint {
  return decode(parse(`(global ${type} (${type}.const ${literal}))`)).globals[0]!.init[0]!.value as number | bigint;
}

function bits64(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function bits32(value: number): number {
  view.setFloat32(0, value);
  return view.getUint32(0);
}

function float32(bits: number): number {
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

/** A number that is not negative, as an integer times a power of two. */
function parts(value: number): { significand: bigint; exponent: number } {
  const bits = bits64(value);
  const exponent = Number(bits >> 52n);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return exponent === 0
    ? { significand: fraction, exponent: -1074 }
    : { significand: fraction | (1n << 52n), exponent: exponent - 1075 };
}

/** All digits of a number, and how many of them are behind the point. */
function decimal(value: number): { digits: bigint; scale: number } {
  const { significand, exponent } = parts(value);
  return exponent < 0
    ? { digits: significand * 5n ** BigInt(-exponent), scale: -exponent }
    : { digits: significand << BigInt(exponent), scale: 0 };
}

function hex(value: number): string {
  const { significand, exponent } = parts(value);
  return `0x${significand.toString(16)}p${exponent}`;
}

describe("integers", () => {
  const cases: readonly [type: string, literal: string, value: number | bigint][] = [
    ["i32", "0xffff_ffff", -1],
    ["i32", "4294967295", -1],
    ["i32", "-2147483648", -2147483648],
    ["i32", "+0x7fff_ffff", 2147483647],
    ["i32", "-0x0", 0],
    ["i64", "0xffff_ffff_ffff_ffff", -1n],
    ["i64", "-9223372036854775808", -(2n ** 63n)],
    ["i64", "281474976710656", 2n ** 48n],
    ["i64", "-1", -1n],
  ];
  for (const [type, literal, value] of cases) {
    test(`${type} ${literal}`, () => assert.equal(bitsOf(type, literal), value));
  }

  const wrong: readonly [type: string, literal: string, message: string][] = [
    ["i32", "4294967296", "i32 constant out of range"],
    ["i32", "-2147483649", "i32 constant out of range"],
    ["i64", "0x1_0000_0000_0000_0000", "i64 constant out of range"],
    ["i64", "-0x8000_0000_0000_0001", "i64 constant out of range"],
    ["i32", "1__0", "unknown operator 1__0"],
    ["i32", "0x", "unknown operator 0x"],
    ["i32", "1_", "unknown operator 1_"],
    ["i32", "1.0", "unknown operator 1.0"],
    ["i32", "nan", "unexpected token"],
    ["f32", "0x1.ffffffp127", "constant out of range"],
    ["f32", "3.5e38", "constant out of range"],
    ["f64", "1e309", "constant out of range"],
    ["f64", "nan:0x0", "constant out of range"],
    ["f32", "nan:0x80_0000", "constant out of range"],
    ["f32", "nan:1", "unknown operator nan:1"],
    ["f32", "1e", "unknown operator 1e"],
    ["f32", "0x1.p", "unknown operator 0x1.p"],
    ["f32", "1._0", "unknown operator 1._0"],
  ];
  for (const [type, literal, message] of wrong) {
    test(`${type} ${literal}: ${message}`, () => {
      assert.throws(() => bitsOf(type, literal), { message: new RegExp(`^${message} at`) });
    });
  }
});

describe("floating-point numbers", () => {
  const cases: readonly [type: "f32" | "f64", literal: string, bits: number | bigint][] = [
    ["f32", "inf", 0x7f800000],
    ["f32", "-inf", 0xff800000],
    ["f32", "nan", 0x7fc00000],
    ["f32", "-nan:0x12_3456", 0xff923456],
    ["f64", "nan:0xf_ffff_ffff_ffff", 0x7fff_ffff_ffff_ffffn],
    ["f32", "-0", 0x80000000],
    ["f32", "0x1.p0", 0x3f800000],
    ["f32", "1.", 0x3f800000],
    ["f32", "0x1p-149", 1],
    // Half of the smallest number is a tie, and zero is even.
    ["f32", "0x1p-150", 0],
    ["f32", "0x1.000000000000000000000000000000000000000001p-150", 1],
    ["f64", "0x1p-1075", 0n],
    ["f64", "0x1.8p-1075", 1n],
    ["f64", "0x0.0000000000001p-1022", 1n],
    ["f64", "0x1.fffffffffffff7ffffffffffffffffffffp1023", 0x7fef_ffff_ffff_ffffn],
    ["f32", "340282356779733661637539395458142568447.9", 0x7f7fffff],
    ["f32", "0x1.fffffefffffffffffffffffp127", 0x7f7fffff],
    // Two roundings, first to an f64, would give the neighbour.
    ["f32", "1.00000005960464477539062500000000000001", 0x3f800001],
    ["f32", "1.000000059604644775390625", 0x3f800000],
    ["f32", "1.00000017881393432617187499", 0x3f800001],
    ["f32", "1.000000178813934326171875", 0x3f800002],
    ["f64", "2.2250738585072011e-308", 0x000f_ffff_ffff_ffffn],
    ["f64", "4.9406564584124654e-324", 1n],
    ["f64", "1e99999999999999999999999", -1n],
    ["f64", "0e99999999999999999999999", 0n],
    ["f64", "1e-99999999999999999999999", 0n],
    ["f64", "0x0p99999999999999999999999", 0n],
    ["f32", "0x1p-99999999999999999999999", 0],
  ];
  for (const [type, literal, bits] of cases) {
    test(`${type} ${literal}`, () => {
      if (bits === -1n) assert.throws(() => bitsOf(type, literal), /^TextError: constant out of range/);
      else assert.equal(bitsOf(type, literal), bits);
    });
  }

  test("a number is read back from its decimal and hexadecimal digits", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 0x7fef_ffff_ffff_ffffn), (bits) => {
        view.setBigUint64(0, bits);
        const value = view.getFloat64(0);
        const { digits, scale } = decimal(value);
        for (const literal of [String(value), hex(value), `${digits}e-${scale}`]) {
          assert.equal(bitsOf("f64", literal), bits, literal);
          assert.equal(bitsOf("f64", `-${literal}`), bits | (1n << 63n), literal);
        }
      }),
    );
  });

  test("between two f32, what is nearer counts; halfway, what is even", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7f7ffffe }), (bits) => {
        const middle = (float32(bits) + float32(bits + 1)) / 2;
        const { digits, scale } = decimal(middle);
        const even = bits % 2 === 0 ? bits : bits + 1;
        const zeros = "0".repeat(40);
        assert.equal(bitsOf("f32", `${digits}e-${scale}`), even);
        assert.equal(bitsOf("f32", `${digits}.${zeros}1e-${scale}`), bits + 1);
        assert.equal(bitsOf("f32", `${digits - 1n}.${"9".repeat(40)}e-${scale}`), bits);
        const { significand, exponent } = parts(middle);
        const text = significand.toString(16);
        assert.equal(bitsOf("f32", `0x${text}p${exponent}`), even);
        assert.equal(bitsOf("f32", `0x${text}.${zeros}1p${exponent}`), bits + 1);
        assert.equal(bitsOf("f32", `0x${(significand - 1n).toString(16)}.${"f".repeat(40)}p${exponent}`), bits);
      }),
    );
  });

  test("rounding a double is Math.fround's", () => {
    fc.assert(
      fc.property(fc.double({ min: -3e38, max: 3e38, noNaN: true }), (value) => {
        assert.equal(bitsOf("f32", Object.is(value, -0) ? "-0" : String(value)), bits32(Math.fround(value)));
      }),
    );
  });
});
