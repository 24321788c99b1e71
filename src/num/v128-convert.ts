// The vector instructions whose results have other lanes than their operands, as templates (specification: 4.3.5 Vector operations).
import type { Pair } from "./op.ts";
import type { Lanes, VectorOp, VectorOps } from "./vector-op.ts";

/** A template for each of `count` lanes. */
const each = (count: number, lane: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => lane(i));

const clamped = (x: string, min: number, max: number): string =>
  `t = ${x}; t < ${min} ? ${min} : t > ${max} ? ${max} : t`;

/** The lanes of one operand, then those of the other, each clamped to half its width. */
function narrowing(from: Lanes, to: Lanes, count: number, min: number, max: number): VectorOp {
  const half = count / 2;
  return { from, to, value: each(count, (i) => clamped(i < half ? `$a${i}` : `$b${i - half}`, min, max)) };
}

/**
 * Leaves in `t` the two halves of a word clamped to unsigned bytes: zero where the sign bit is set, all ones where a bit above the byte
 * is. A comparison for each lane would be a branch that the host's processor mispredicts.
 */
const clampedHalves = (word: string): string =>
  `t = ${word} & -2147450880; t = ${word} & ~((t << 1) - (t >>> 15)); ` +
  "u = (t & 2130738944) + 2130738944 & -2147450880; t |= (u << 1) - (u >>> 15); ";
/** The two bytes that those are. */
const closed = "(t & 255 | t >>> 8 & 65280)";

/** Four halves of an operand as the bytes of a word. */
const fourBytes = (operand: "a" | "b", word: 0 | 2): string =>
  `${clampedHalves(`$${operand}${word}`)}v = ${closed}; ${clampedHalves(`$${operand}${word + 1}`)}v | ${closed} << 16`;

const narrowedToBytes: VectorOp = {
  from: "i32",
  to: "i32",
  value: [fourBytes("a", 0), fourBytes("a", 2), fourBytes("b", 0), fourBytes("b", 2)],
};

const wideOf: Readonly<Record<string, readonly [result: string, lanes: Lanes, count: number]>> = {
  i8x16: ["i16x8", "i16", 8],
  i16x8: ["i32x4", "i32", 4],
};

/** Extensions, products and sums of lanes into lanes of twice the width. */
function widening(): VectorOps {
  const ops: Record<string, VectorOp> = {};
  for (const shape of ["i8x16", "i16x8"] as const) {
    const [result, to, count] = wideOf[shape]!;
    for (const [suffix, from] of [
      ["s", shape === "i8x16" ? "i8" : "i16"],
      ["u", shape === "i8x16" ? "u8" : "u16"],
    ] as const) {
      for (const [part, first] of [
        ["low", 0],
        ["high", count],
      ] as const) {
        ops[`${result}.extend_${part}_${shape}_${suffix}`] = { from, to, value: each(count, (i) => `$a${first + i}`) };
        ops[`${result}.extmul_${part}_${shape}_${suffix}`] = {
          from,
          to,
          // A product of two u16 is above the int32.
          value: each(count, (i) => `Math.imul($a${first + i}, $b${first + i})`),
        };
      }
      ops[`${result}.extadd_pairwise_${shape}_${suffix}`] = {
        from,
        to,
        value: each(count, (i) => `$a${2 * i} + $a${2 * i + 1}`),
      };
    }
  }
  return ops;
}

const extended = (i: number, signed: boolean): Pair => ({ lo: `$a${i}`, hi: signed ? "$lo >> 31" : "0" });

/** As for i64.mul: taking off the exact low word makes the rounding of the upper part exact. */
const product = (i: number, signed: boolean): Pair => ({
  lo: `Math.imul($a${i}, $b${i})`,
  hi: signed
    ? `Math.floor(($a${i} * $b${i} - ($lo >>> 0)) * 2.3283064365386963e-10 + 0.5) | 0`
    : `(($a${i} >>> 0) * ($b${i} >>> 0) - ($lo >>> 0)) * 2.3283064365386963e-10 + 0.5 | 0`,
});

function wideningTo64(): VectorOps {
  const ops: Record<string, VectorOp> = {};
  for (const signed of [true, false]) {
    for (const [part, first] of [
      ["low", 0],
      ["high", 2],
    ] as const) {
      const suffix = signed ? "s" : "u";
      const op = (lane: (i: number, signed: boolean) => Pair): VectorOp => ({
        from: "i32",
        to: "i64",
        value: [lane(first, signed), lane(first + 1, signed)],
      });
      ops[`i64x2.extend_${part}_i32x4_${suffix}`] = op(extended);
      ops[`i64x2.extmul_${part}_i32x4_${suffix}`] = op(product);
    }
  }
  return ops;
}

const saturated32 = (sign: "S" | "U"): VectorOp => ({ from: "f32", to: "i32", value: `i32Sat${sign}($a)` });
const saturated64 = (sign: "S" | "U"): VectorOp => ({
  from: "f64",
  to: "i32",
  value: [`i32Sat${sign}($a0)`, `i32Sat${sign}($a1)`, "0", "0"],
});

export const vectorConversions = (): VectorOps => ({
  ...widening(),
  ...wideningTo64(),
  "i8x16.narrow_i16x8_s": narrowing("i16", "i8", 16, -128, 127),
  "i8x16.narrow_i16x8_u": narrowedToBytes,
  "i16x8.narrow_i32x4_s": narrowing("i32", "i16", 8, -32768, 32767),
  "i16x8.narrow_i32x4_u": narrowing("i32", "i16", 8, 0, 65535),
  "i32x4.dot_i16x8_s": {
    from: "i16",
    to: "i32",
    value: each(4, (i) => `$a${2 * i} * $b${2 * i} + $a${2 * i + 1} * $b${2 * i + 1} | 0`),
  },
  "i32x4.trunc_sat_f32x4_s": saturated32("S"),
  "i32x4.trunc_sat_f32x4_u": saturated32("U"),
  "i32x4.trunc_sat_f64x2_s_zero": saturated64("S"),
  "i32x4.trunc_sat_f64x2_u_zero": saturated64("U"),
  "f32x4.convert_i32x4_s": { from: "i32", to: "f32", value: "$a" },
  "f32x4.convert_i32x4_u": { from: "i32", to: "f32", value: "$a >>> 0" },
  "f64x2.convert_low_i32x4_s": { from: "i32", to: "f64", value: ["$a0", "$a1"] },
  "f64x2.convert_low_i32x4_u": { from: "i32", to: "f64", value: ["$a0 >>> 0", "$a1 >>> 0"] },
  "f32x4.demote_f64x2_zero": { from: "f64", to: "f32", value: ["$a0", "$a1", "0", "0"] },
  "f64x2.promote_low_f32x4": { from: "f32", to: "f64", value: ["$a0", "$a1"] },
});
