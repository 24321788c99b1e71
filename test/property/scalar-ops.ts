// Takes the bits of operands, gives the bits of the result: every scalar numeric instruction once more, by BigInt and Math, for comparison with
// the engines (specification: 4.3 Numerics).
import { instructions } from "#dist/syntax/instructions.js";
import type { Instr } from "../support/module-builder.ts";
import { type Bits, bitsOfF32, bitsOfF64, f32OfBits, f64OfBits, type NumberType } from "./values.ts";

/** What the machine and the models throw where an instruction traps; `message` is the specification's. */
export class ModelTrap extends Error {}

export interface ScalarOp {
  readonly name: string;
  /** With immediates, if it has some. */
  readonly instr?: Instr;
  readonly params: readonly NumberType[];
  readonly result: NumberType;
  /** A NaN that arithmetic makes is given as the positive canonical one: hosts may choose its sign and payload. */
  readonly compute: (...operands: readonly Bits[]) => Bits;
}

const truth = (holds: boolean): Bits => (holds ? 1n : 0n);
const fail = (message: string): never => {
  throw new ModelTrap(message);
};

type Model = (a: Bits, b: Bits) => Bits;

function integerModels(width: 32 | 64): Record<string, Model> {
  const size = BigInt(width);
  const min = -(1n << (size - 1n));
  const s = (x: Bits) => BigInt.asIntN(width, x);
  const u = (x: bigint) => BigInt.asUintN(width, x);
  const by = (b: Bits) => b % size;
  const digits = (x: Bits) => x.toString(2).padStart(width, "0");
  const extend = (bits: number) => (a: Bits) => u(BigInt.asIntN(bits, a));
  const divisor = (b: Bits) => (b === 0n ? fail("integer divide by zero") : b);
  return {
    eqz: (a) => truth(a === 0n),
    eq: (a, b) => truth(a === b),
    ne: (a, b) => truth(a !== b),
    lt_s: (a, b) => truth(s(a) < s(b)),
    lt_u: (a, b) => truth(a < b),
    gt_s: (a, b) => truth(s(a) > s(b)),
    gt_u: (a, b) => truth(a > b),
    le_s: (a, b) => truth(s(a) <= s(b)),
    le_u: (a, b) => truth(a <= b),
    ge_s: (a, b) => truth(s(a) >= s(b)),
    ge_u: (a, b) => truth(a >= b),
    clz: (a) => BigInt(digits(a).indexOf("1") < 0 ? width : digits(a).indexOf("1")),
    ctz: (a) => BigInt(a === 0n ? width : width - 1 - digits(a).lastIndexOf("1")),
    popcnt: (a) => BigInt(digits(a).replaceAll("0", "").length),
    add: (a, b) => u(a + b),
    sub: (a, b) => u(a - b),
    mul: (a, b) => u(a * b),
    div_s: (a, b) => {
      const quotient = s(a) / s(divisor(b));
      return quotient === -min ? fail("integer overflow") : u(quotient);
    },
    div_u: (a, b) => a / divisor(b),
    rem_s: (a, b) => u(s(a) % s(divisor(b))),
    rem_u: (a, b) => a % divisor(b),
    and: (a, b) => a & b,
    or: (a, b) => a | b,
    xor: (a, b) => a ^ b,
    shl: (a, b) => u(a << by(b)),
    shr_s: (a, b) => u(s(a) >> by(b)),
    shr_u: (a, b) => a >> by(b),
    rotl: (a, b) => u((a << by(b)) | (a >> (size - by(b)))),
    rotr: (a, b) => u((a >> by(b)) | (a << (size - by(b)))),
    extend8_s: extend(8),
    extend16_s: extend(16),
    extend32_s: extend(32),
  };
}

/** To the nearest whole number, ties to even. */
function nearest(x: number): number {
  if (!Number.isFinite(x) || Number.isInteger(x)) return x;
  const floor = Math.floor(x);
  const part = x - floor;
  const up = part > 0.5 || (part === 0.5 && floor % 2 !== 0);
  const rounded = up ? floor + 1 : floor;
  return rounded === 0 && x < 0 ? -0 : rounded;
}

function floatModels(type: "f32" | "f64"): Record<string, Model> {
  const of = type === "f32" ? f32OfBits : f64OfBits;
  const bits = (x: number): Bits => {
    if (Number.isNaN(x)) return type === "f32" ? 0x7fc00000n : 0x7ff8000000000000n;
    return type === "f32" ? bitsOfF32(x) : bitsOfF64(x);
  };
  const sign = type === "f32" ? 1n << 31n : 1n << 63n;
  const one = (f: (x: number) => number) => (a: Bits) => bits(f(of(a)));
  const two = (f: (x: number, y: number) => number) => (a: Bits, b: Bits) => bits(f(of(a), of(b)));
  const test = (f: (x: number, y: number) => boolean) => (a: Bits, b: Bits) => truth(f(of(a), of(b)));
  return {
    eq: test((x, y) => x === y),
    ne: test((x, y) => x !== y),
    lt: test((x, y) => x < y),
    gt: test((x, y) => x > y),
    le: test((x, y) => x <= y),
    ge: test((x, y) => x >= y),
    abs: (a) => a & ~sign,
    neg: (a) => a ^ sign,
    copysign: (a, b) => (a & ~sign) | (b & sign),
    ceil: one(Math.ceil),
    floor: one(Math.floor),
    trunc: one(Math.trunc),
    nearest: one(nearest),
    sqrt: one(Math.sqrt),
    add: two((x, y) => x + y),
    sub: two((x, y) => x - y),
    mul: two((x, y) => x * y),
    div: two((x, y) => x / y),
    min: two(Math.min),
    max: two(Math.max),
  };
}

/** The truncated value; `saturate` clamps where the other form traps. */
function truncation(from: "f32" | "f64", width: 32 | 64, signed: boolean, saturate: boolean): Model {
  const low = signed ? -(1n << BigInt(width - 1)) : 0n;
  const high = (signed ? 1n << BigInt(width - 1) : 1n << BigInt(width)) - 1n;
  return (a) => {
    const x = from === "f32" ? f32OfBits(a) : f64OfBits(a);
    if (Number.isNaN(x)) return saturate ? 0n : fail("invalid conversion to integer");
    const whole = Number.isFinite(x) ? BigInt(Math.trunc(x)) : x > 0 ? high + 1n : low - 1n;
    if (whole >= low && whole <= high) return BigInt.asUintN(width, whole);
    return saturate ? BigInt.asUintN(width, whole < low ? low : high) : fail("integer overflow");
  };
}

/** An integer as the nearest float of a mantissa of `precision` bits, ties to even, by whole-number arithmetic. */
function rounded(value: bigint, precision: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const excess = BigInt(magnitude.toString(2).length) - precision;
  let kept = magnitude;
  if (excess > 0n) {
    const unit = 1n << excess;
    const rest = magnitude % unit;
    kept = magnitude - rest;
    if (rest * 2n > unit || (rest * 2n === unit && (kept / unit) % 2n === 1n)) kept += unit;
  }
  return value < 0n ? -Number(kept) : Number(kept);
}

const conversions: Record<string, Model> = {
  "i32.wrap_i64": (a) => BigInt.asUintN(32, a),
  "i64.extend_i32_s": (a) => BigInt.asUintN(64, BigInt.asIntN(32, a)),
  "i64.extend_i32_u": (a) => a,
  "f32.demote_f64": (a) => {
    const x = f64OfBits(a);
    return Number.isNaN(x) ? 0x7fc00000n : bitsOfF32(x);
  },
  "f64.promote_f32": (a) => {
    const x = f32OfBits(a);
    return Number.isNaN(x) ? 0x7ff8000000000000n : bitsOfF64(x);
  },
  "i32.reinterpret_f32": (a) => a,
  "i64.reinterpret_f64": (a) => a,
  "f32.reinterpret_i32": (a) => a,
  "f64.reinterpret_i64": (a) => a,
};
for (const width of [32, 64] as const) {
  for (const signed of [true, false]) {
    const suffix = signed ? "s" : "u";
    for (const float of ["f32", "f64"] as const) {
      conversions[`i${width}.trunc_${float}_${suffix}`] = truncation(float, width, signed, false);
      conversions[`i${width}.trunc_sat_${float}_${suffix}`] = truncation(float, width, signed, true);
      const bits = float === "f32" ? bitsOfF32 : bitsOfF64;
      conversions[`${float}.convert_i${width}_${suffix}`] = (a) =>
        bits(rounded(signed ? BigInt.asIntN(width, a) : a, float === "f32" ? 24n : 53n));
    }
  }
}

const models: Record<string, Model> = { ...conversions };
const add = (type: string, named: Record<string, Model>) => {
  for (const [name, model] of Object.entries(named)) models[`${type}.${name}`] = model;
};
add("i32", integerModels(32));
add("i64", integerModels(64));
add("f32", floatModels("f32"));
add("f64", floatModels("f64"));
delete models["i32.extend32_s"];

const rows = instructions as unknown as Record<string, readonly [number, number, string | null]>;

/** By mnemonic. */
export const scalarOps: ReadonlyMap<string, ScalarOp> = new Map(
  Object.entries(models).map(([name, compute]) => {
    const [params, result] = rows[name]![2]!.split("->");
    return [name, { name, params: params!.trim().split(" "), result: result!.trim(), compute } as ScalarOp];
  }),
);
