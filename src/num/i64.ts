// The i64 instructions as templates over int32 halves (specification: 4.3.2 Integer operations). BigInt is several times slower in every engine.
import type { Guard, NumericOps, Pair } from "./op.ts";

const byZero: Guard = ["($bl | $bh) === 0", "integer divide by zero"];

/** The value is what a function of `num/integer.ts` returns (low half) and leaves in `HIGH[0]`. */
const viaHigh = (call: string): Pair => ({ lo: call, hi: "HIGH[0]" });

export const i64: NumericOps = {
  "i64.eqz": { value: "($al | $ah) === 0 ? 1 : 0" },
  "i64.eq": { value: "$al === $bl && $ah === $bh ? 1 : 0" },
  "i64.ne": { value: "$al !== $bl || $ah !== $bh ? 1 : 0" },
  "i64.lt_s": { value: "$ah < $bh || $ah === $bh && ($al ^ -2147483648) < ($bl ^ -2147483648) ? 1 : 0" },
  "i64.lt_u": {
    value:
      "($ah ^ -2147483648) < ($bh ^ -2147483648) || $ah === $bh && ($al ^ -2147483648) < ($bl ^ -2147483648) ? 1 : 0",
  },
  "i64.gt_s": { value: "$ah > $bh || $ah === $bh && ($al ^ -2147483648) > ($bl ^ -2147483648) ? 1 : 0" },
  "i64.gt_u": {
    value:
      "($ah ^ -2147483648) > ($bh ^ -2147483648) || $ah === $bh && ($al ^ -2147483648) > ($bl ^ -2147483648) ? 1 : 0",
  },
  "i64.le_s": { value: "$ah < $bh || $ah === $bh && ($al ^ -2147483648) <= ($bl ^ -2147483648) ? 1 : 0" },
  "i64.le_u": {
    value:
      "($ah ^ -2147483648) < ($bh ^ -2147483648) || $ah === $bh && ($al ^ -2147483648) <= ($bl ^ -2147483648) ? 1 : 0",
  },
  "i64.ge_s": { value: "$ah > $bh || $ah === $bh && ($al ^ -2147483648) >= ($bl ^ -2147483648) ? 1 : 0" },
  "i64.ge_u": {
    value:
      "($ah ^ -2147483648) > ($bh ^ -2147483648) || $ah === $bh && ($al ^ -2147483648) >= ($bl ^ -2147483648) ? 1 : 0",
  },
  "i64.clz": { value: { lo: "$ah !== 0 ? Math.clz32($ah) : 32 + Math.clz32($al)", hi: "0" } },
  "i64.ctz": { value: { lo: "$al !== 0 ? i32Ctz($al) : 32 + i32Ctz($ah)", hi: "0" } },
  "i64.popcnt": { value: { lo: "i32Popcnt($al) + i32Popcnt($ah)", hi: "0" } },
  // The carry as a coerced comparison: `? 1 : 0` mispredicts.
  "i64.add": { value: { lo: "$al + $bl | 0", hi: "$ah + $bh + (($lo ^ -2147483648) < ($al ^ -2147483648) | 0) | 0" } },
  "i64.sub": { value: { lo: "$al - $bl | 0", hi: "$ah - $bh - (($al ^ -2147483648) < ($bl ^ -2147483648) | 0) | 0" } },
  // The double product is within 2^12 of the true one, so that rounding its upper part after taking off the exact low word is exact.
  "i64.mul": {
    value: {
      lo: "Math.imul($al, $bl)",
      // Shifted by 32, which is none, and scaled first, which is exact: what JITs see in small integers at first would fail them later.
      hi: "(($al >>> 32) * 2.3283064365386963e-10 * ($bl >>> 32) - ($lo >>> 32) * 2.3283064365386963e-10 + 0.5 | 0) + Math.imul($ah, $bl) + Math.imul($al, $bh) | 0",
    },
  },
  "i64.div_s": {
    value: viaHigh("i64DivS($al, $ah, $bl, $bh)"),
    guards: [byZero, ["($bl & $bh) === -1 && $al === 0 && $ah === -2147483648", "integer overflow"]],
  },
  "i64.div_u": { value: viaHigh("i64DivU($al, $ah, $bl, $bh)"), guards: [byZero] },
  "i64.rem_s": { value: viaHigh("i64RemS($al, $ah, $bl, $bh)"), guards: [byZero] },
  "i64.rem_u": { value: viaHigh("i64RemU($al, $ah, $bl, $bh)"), guards: [byZero] },
  "i64.and": { value: { lo: "$al & $bl", hi: "$ah & $bh" } },
  "i64.or": { value: { lo: "$al | $bl", hi: "$ah | $bh" } },
  "i64.xor": { value: { lo: "$al ^ $bl", hi: "$ah ^ $bh" } },
  // Shift counts are taken modulo 32 by JavaScript; `x >>> 1 >>> ~n` is `x >>> 32 - n` that gives 0 for n = 0.
  "i64.shl": {
    value: { lo: "$bl & 32 ? 0 : $al << $bl", hi: "$bl & 32 ? $al << $bl : $ah << $bl | $al >>> 1 >>> ~$bl" },
  },
  "i64.shr_s": {
    value: { lo: "$bl & 32 ? $ah >> $bl : $al >>> $bl | $ah << 1 << ~$bl", hi: "$bl & 32 ? $ah >> 31 : $ah >> $bl" },
  },
  "i64.shr_u": {
    value: { lo: "$bl & 32 ? $ah >>> $bl | 0 : $al >>> $bl | $ah << 1 << ~$bl", hi: "$bl & 32 ? 0 : $ah >>> $bl | 0" },
  },
  "i64.rotl": {
    value: {
      lo: "$bl & 32 ? $ah << $bl | $al >>> 1 >>> ~$bl : $al << $bl | $ah >>> 1 >>> ~$bl",
      hi: "$bl & 32 ? $al << $bl | $ah >>> 1 >>> ~$bl : $ah << $bl | $al >>> 1 >>> ~$bl",
    },
  },
  "i64.rotr": {
    value: {
      lo: "$bl & 32 ? $ah >>> $bl | $al << 1 << ~$bl : $al >>> $bl | $ah << 1 << ~$bl",
      hi: "$bl & 32 ? $al >>> $bl | $ah << 1 << ~$bl : $ah >>> $bl | $al << 1 << ~$bl",
    },
  },
  "i64.extend8_s": { value: { lo: "$al << 24 >> 24", hi: "$lo >> 31" } },
  "i64.extend16_s": { value: { lo: "$al << 16 >> 16", hi: "$lo >> 31" } },
  "i64.extend32_s": { value: { lo: "$al", hi: "$lo >> 31" } },
};
