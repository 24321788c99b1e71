// The i32x4, i64x2 and v128 instructions that keep their lanes' width, as templates (specification: 4.3.5 Vector operations).
import { i64 } from "./i64.ts";
import type { Pair } from "./op.ts";
import type { VectorOp, VectorOps } from "./vector-op.ts";

const words = (value: string): VectorOp => ({ from: "i32", to: "i32", value });
const pairs = (value: Pair): VectorOp => ({ from: "i64", to: "i64", value });

/** A truth value as all ones or zeros: `? -1 : 0` is a branch that the host's processor mispredicts. */
export const mask = (condition: string): string => `0 - (${condition} | 0)`;

const unsigned = (comparison: string): string => `($a ^ -2147483648) ${comparison} ($b ^ -2147483648)`;

const i32x4 = (): VectorOps => ({
  eq: words(mask("$a === $b")),
  ne: words(mask("$a !== $b")),
  lt_s: words(mask("$a < $b")),
  lt_u: words(mask(unsigned("<"))),
  gt_s: words(mask("$a > $b")),
  gt_u: words(mask(unsigned(">"))),
  le_s: words(mask("$a <= $b")),
  le_u: words(mask(unsigned("<="))),
  ge_s: words(mask("$a >= $b")),
  ge_u: words(mask(unsigned(">="))),
  abs: words("t = $a >> 31; ($a ^ t) - t | 0"),
  neg: words("0 - $a | 0"),
  shl: words("$a << $b"),
  shr_s: words("$a >> $b"),
  shr_u: words("$a >>> $b"),
  add: words("$a + $b | 0"),
  sub: words("$a - $b | 0"),
  mul: words("Math.imul($a, $b)"),
  min_s: words("$a < $b ? $a : $b"),
  min_u: words(`${unsigned("<")} ? $a : $b`),
  max_s: words("$a > $b ? $a : $b"),
  max_u: words(`${unsigned(">")} ? $a : $b`),
  all_true: { from: "i32", value: "$a0 !== 0 && $a1 !== 0 && $a2 !== 0 && $a3 !== 0 ? 1 : 0" },
  bitmask: { from: "i32", value: "$a0 >>> 31 | $a1 >>> 30 & 2 | $a2 >>> 29 & 4 | $a3 >>> 28 & 8" },
});

/** The scalar instruction on each lane. */
const likeScalar = (name: string): VectorOp => pairs(i64[`i64.${name}`]!.value as Pair);

/** The scalar comparison on each lane, as all ones or zeros. */
function comparison(name: string): VectorOp {
  const value = i64[`i64.${name}`]!.value as string;
  return pairs({ lo: mask(`(${value.replace(/ \? 1 : 0$/, "")})`), hi: "$lo" });
}

/** The scalar shift on each lane; the count is an i32. */
function shift(name: string): VectorOp {
  const { lo, hi } = i64[`i64.${name}`]!.value as Pair;
  return pairs({ lo: lo.replaceAll("$bl", "$b"), hi: hi.replaceAll("$bl", "$b") });
}

const i64x2 = (): VectorOps => ({
  eq: comparison("eq"),
  ne: comparison("ne"),
  lt_s: comparison("lt_s"),
  gt_s: comparison("gt_s"),
  le_s: comparison("le_s"),
  ge_s: comparison("ge_s"),
  abs: pairs({ lo: "t = $ah >> 31; ($al ^ t) - t | 0", hi: "($ah ^ t) + (t & ($al === 0 | 0)) | 0" }),
  neg: pairs({ lo: "0 - $al | 0", hi: "~$ah + ($al === 0 | 0) | 0" }),
  shl: shift("shl"),
  shr_s: shift("shr_s"),
  shr_u: shift("shr_u"),
  add: likeScalar("add"),
  sub: likeScalar("sub"),
  mul: likeScalar("mul"),
  all_true: { from: "i64", value: "($a0l | $a0h) !== 0 && ($a1l | $a1h) !== 0 ? 1 : 0" },
  bitmask: { from: "i64", value: "$a0h >>> 31 | $a1h >>> 30 & 2" },
});

const v128 = (): VectorOps => ({
  not: words("~$a"),
  and: words("$a & $b"),
  andnot: words("$a & ~$b"),
  or: words("$a | $b"),
  xor: words("$a ^ $b"),
  bitselect: words("$b ^ ($a ^ $b) & $c"),
  any_true: { from: "i32", value: "($a0 | $a1 | $a2 | $a3) !== 0 ? 1 : 0" },
});

const named = (shape: string, ops: VectorOps): VectorOps =>
  Object.fromEntries(Object.entries(ops).map(([name, op]) => [`${shape}.${name}`, op]));

export const wide = (): VectorOps => ({
  ...named("v128", v128()),
  ...named("i32x4", i32x4()),
  ...named("i64x2", i64x2()),
});
