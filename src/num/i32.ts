// The i32 instructions as templates (specification: 4.3.2 Integer operations).
import type { Guard, NumericOps } from "./op.ts";

const byZero: Guard = ["$b === 0", "integer divide by zero"];

// Unsigned comparisons flip the sign bits: `x >>> 0` would leave the range that JITs take for integers, and is a heap number without one.
export const i32: NumericOps = {
  "i32.eqz": { value: "$a === 0 ? 1 : 0" },
  "i32.eq": { value: "$a === $b ? 1 : 0" },
  "i32.ne": { value: "$a !== $b ? 1 : 0" },
  "i32.lt_s": { value: "$a < $b ? 1 : 0" },
  "i32.lt_u": { value: "($a ^ -2147483648) < ($b ^ -2147483648) ? 1 : 0" },
  "i32.gt_s": { value: "$a > $b ? 1 : 0" },
  "i32.gt_u": { value: "($a ^ -2147483648) > ($b ^ -2147483648) ? 1 : 0" },
  "i32.le_s": { value: "$a <= $b ? 1 : 0" },
  "i32.le_u": { value: "($a ^ -2147483648) <= ($b ^ -2147483648) ? 1 : 0" },
  "i32.ge_s": { value: "$a >= $b ? 1 : 0" },
  "i32.ge_u": { value: "($a ^ -2147483648) >= ($b ^ -2147483648) ? 1 : 0" },
  "i32.clz": { value: "Math.clz32($a)" },
  "i32.ctz": { value: "i32Ctz($a)" },
  "i32.popcnt": { value: "i32Popcnt($a)" },
  "i32.add": { value: "$a + $b | 0" },
  "i32.sub": { value: "$a - $b | 0" },
  "i32.mul": { value: "Math.imul($a, $b)" },
  "i32.div_s": { value: "$a / $b | 0", guards: [byZero, ["$b === -1 && $a === -2147483648", "integer overflow"]] },
  "i32.div_u": { value: "($a >>> 0) / ($b >>> 0) | 0", guards: [byZero] },
  "i32.rem_s": { value: "$a % $b | 0", guards: [byZero] },
  "i32.rem_u": { value: "($a >>> 0) % ($b >>> 0) | 0", guards: [byZero] },
  "i32.and": { value: "$a & $b" },
  "i32.or": { value: "$a | $b" },
  "i32.xor": { value: "$a ^ $b" },
  "i32.shl": { value: "$a << $b" },
  "i32.shr_s": { value: "$a >> $b" },
  "i32.shr_u": { value: "$a >>> $b | 0" },
  "i32.rotl": { value: "$a << $b | $a >>> -$b" },
  "i32.rotr": { value: "$a >>> $b | $a << -$b" },
  "i32.extend8_s": { value: "$a << 24 >> 24" },
  "i32.extend16_s": { value: "$a << 16 >> 16" },
};
