// The i8x16 and i16x8 instructions that keep their lanes' width, as templates over words of four or two lanes (specification: 4.3.5).
// Four additions in one are several times faster than four: what would carry into the next lane is taken out and put back by xor.
import type { VectorOp, VectorOps } from "./vector-op.ts";

/** The constants of one width: all lanes' sign bits, all others, each lane's lowest bit. */
interface Masks {
  readonly width: 8 | 16;
  readonly high: number;
  readonly low: number;
  readonly one: number;
}

const bytes: Masks = { width: 8, high: 0x80808080 | 0, low: 0x7f7f7f7f, one: 0x01010101 };
const halves: Masks = { width: 16, high: 0x80008000 | 0, low: 0x7fff7fff, one: 0x00010001 };

const words = (value: string): VectorOp => ({ from: "i32", to: "i32", value });

/** All ones in the lanes whose sign bit is set in `t`, which has no other bits. */
const spread = ({ width }: Masks): string => `(t << 1) - (t >>> ${width - 1})`;

const sum = ({ low, high }: Masks): string => `($a & ${low}) + ($b & ${low}) ^ ($a ^ $b) & ${high}`;
const difference = ({ low, high }: Masks, a = "$a", b = "$b"): string =>
  `(${a} | ${high}) - (${b} & ${low}) ^ (${a} ^ ~${b}) & ${high}`;

/** Leaves in `t` the sign bits of the lanes in which `a` is below `b`: where a borrow leaves the lane or, signed, the signs say so. */
function below(masks: Masks, signed: boolean, a = "$a", b = "$b"): string {
  const signs = signed ? `${a} & ~${b}` : `~${a} & ${b}`;
  return `t = (${signs} | ~(${a} ^ ${b}) & (${difference(masks, a, b)})) & ${masks.high}; `;
}

/** The sign bits of the lanes that are not zero. */
const nonZero = ({ low }: Masks, x: string): string => `((${x} & ${low}) + ${low} | ${x})`;

function comparisons(masks: Masks): VectorOps {
  const all = spread(masks);
  const ops: Record<string, VectorOp> = {
    eq: words(`u = $a ^ $b; t = ~${nonZero(masks, "u")} & ${masks.high}; ${all}`),
    ne: words(`u = $a ^ $b; t = ${nonZero(masks, "u")} & ${masks.high}; ${all}`),
  };
  for (const signed of [true, false]) {
    const suffix = signed ? "s" : "u";
    const less = below(masks, signed);
    const greater = below(masks, signed, "$b", "$a");
    ops[`lt_${suffix}`] = words(`${less}${all}`);
    ops[`gt_${suffix}`] = words(`${greater}${all}`);
    ops[`le_${suffix}`] = words(`${greater}~(${all})`);
    ops[`ge_${suffix}`] = words(`${less}~(${all})`);
    ops[`min_${suffix}`] = words(`${less}t = ${all} | 0; $b ^ ($a ^ $b) & t`);
    ops[`max_${suffix}`] = words(`${less}t = ${all} | 0; $a ^ ($a ^ $b) & t`);
  }
  return ops;
}

function saturating(masks: Masks): VectorOps {
  const { high, low, one, width } = masks;
  const all = spread(masks);
  // What a lane that overflowed holds: the largest value, or the smallest where the first operand is negative.
  const limit = `($a >>> ${width - 1} & ${one}) + ${low}`;
  const chosen = (overflow: string): string => `t = ${overflow} & ${high}; t = ${all} | 0; u ^ (u ^ (${limit})) & t`;
  return {
    add_sat_s: words(`u = ${sum(masks)}; ${chosen("~($a ^ $b) & ($a ^ u)")}`),
    sub_sat_s: words(`u = ${difference(masks)}; ${chosen("($a ^ $b) & ($a ^ u)")}`),
    add_sat_u: words(`u = ${sum(masks)}; t = ($a & $b | ($a | $b) & ~u) & ${high}; u | ${all}`),
    sub_sat_u: words(`u = ${difference(masks)}; t = (~$a & $b | ~($a ^ $b) & u) & ${high}; u & ~(${all})`),
  };
}

function shifts(masks: Masks): VectorOps {
  const { width, high, one } = masks;
  const by = `$b & ${width - 1}`;
  const lane = 2 ** width - 1;
  return {
    shl: words(`$a << (${by}) & (${lane} << (${by}) & ${lane}) * ${one}`),
    shr_u: words(`$a >>> (${by}) & (${lane} >>> (${by})) * ${one}`),
    shr_s: words(
      `u = (${lane} >>> (${by})) * ${one} | 0; t = $a & ${high}; $a >>> (${by}) & u | (${spread(masks)}) & ~u`,
    ),
  };
}

function arithmetic(masks: Masks): VectorOps {
  const { width, high, low, one } = masks;
  return {
    add: words(sum(masks)),
    sub: words(difference(masks)),
    neg: words(`${high} - ($a & ${low}) ^ ~$a & ${high}`),
    abs: words(`t = $a & ${high}; t = ${spread(masks)} | 0; ($a ^ t) + (t & ${one})`),
    avgr_u: words(`($a | $b) - (($a ^ $b) >>> 1 & ${low})`),
    all_true: {
      from: "i32",
      value: `(${[0, 1, 2, 3].map((i) => nonZero(masks, `$a${i}`)).join(" & ")} & ${high}) === ${high} ? 1 : 0`,
    },
    ...(width === 16 && {
      mul: words("Math.imul($a, $b) & 65535 | Math.imul($a >>> 16, $b >>> 16) << 16"),
    }),
  };
}

function named(shape: string, masks: Masks): VectorOps {
  const all = { ...comparisons(masks), ...saturating(masks), ...shifts(masks), ...arithmetic(masks) };
  return Object.fromEntries(Object.entries(all).map(([name, op]) => [`${shape}.${name}`, op]));
}

const signBits = (i: number): string => `(Math.imul($a${i} >>> 7 & 16843009, 16909320) >>> 24 & 15) << ${4 * i}`;
const signPair = (i: number): string => `($a${i} >>> 15 & 1 | $a${i} >>> 30 & 2) << ${2 * i}`;

const q15 = (a: string, b: string): string => `t = ${a} * ${b} + 16384 >> 15; t > 32767 ? 32767 : t`;

export const narrow = (): VectorOps => ({
  ...named("i8x16", bytes),
  ...named("i16x8", halves),
  "i8x16.popcnt": words(
    "t = $a - ($a >>> 1 & 1431655765) | 0; t = (t & 858993459) + (t >>> 2 & 858993459) | 0; t + (t >>> 4) & 252645135",
  ),
  "i8x16.bitmask": { from: "i32", value: [0, 1, 2, 3].map(signBits).join(" | ") },
  "i16x8.bitmask": { from: "i32", value: [0, 1, 2, 3].map(signPair).join(" | ") },
  "i8x16.swizzle": {
    from: "u8",
    to: "u8",
    value: Array.from({ length: 16 }, (_, i) => `t = $b${i}; t < 16 ? $a[t] : 0`),
  },
  "i16x8.q15mulr_sat_s": {
    from: "i16",
    to: "i16",
    value: Array.from({ length: 8 }, (_, i) => q15(`$a${i}`, `$b${i}`)),
  },
});
