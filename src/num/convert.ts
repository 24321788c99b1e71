// The conversions between number types as templates (specification: 4.3.4 Conversions). Reinterpretations move bits and need none.
import type { Guard, NumericOp, NumericOps, Pair } from "./op.ts";

const notANumber: Guard = ["$a !== $a", "invalid conversion to integer"];
const outside = (inside: string): Guard => [`!(${inside})`, "integer overflow"];

const truncI32S: NumericOp = { value: "$a | 0", guards: [notANumber, outside("$a > -2147483649 && $a < 2147483648")] };
const truncI32U: NumericOp = { value: "$a | 0", guards: [notANumber, outside("$a > -1 && $a < 4294967296")] };
// Of the multiples of 2^32 below a truncated value, the greatest; `| 0` takes both halves modulo 2^32.
const split: Pair = { lo: "Math.trunc($a) | 0", hi: "Math.floor(Math.trunc($a) * 2.3283064365386963e-10) | 0" };
const truncI64S: NumericOp = {
  value: split,
  guards: [notANumber, outside("$a >= -9223372036854775808 && $a < 9223372036854775808")],
};
const truncI64U: NumericOp = { value: split, guards: [notANumber, outside("$a > -1 && $a < 18446744073709551616")] };
const satI64 = (name: string): NumericOp => ({ value: { lo: `${name}($a)`, hi: "HIGH[0]" } });

export const conversions: NumericOps = {
  "i32.wrap_i64": { value: "$al" },
  "i32.trunc_f32_s": truncI32S,
  "i32.trunc_f32_u": truncI32U,
  "i32.trunc_f64_s": truncI32S,
  "i32.trunc_f64_u": truncI32U,
  "i64.extend_i32_s": { value: { lo: "$a", hi: "$lo >> 31" } },
  "i64.extend_i32_u": { value: { lo: "$a", hi: "0" } },
  "i64.trunc_f32_s": truncI64S,
  "i64.trunc_f32_u": truncI64U,
  "i64.trunc_f64_s": truncI64S,
  "i64.trunc_f64_u": truncI64U,
  "f32.convert_i32_s": { value: "$a" },
  "f32.convert_i32_u": { value: "$a >>> 0" },
  "f32.convert_i64_s": { value: "f32FromI64S($al, $ah)" },
  "f32.convert_i64_u": { value: "f32FromI64U($al, $ah)" },
  "f32.demote_f64": { value: "$a" },
  "f64.convert_i32_s": { value: "$a" },
  "f64.convert_i32_u": { value: "$a >>> 0" },
  "f64.convert_i64_s": { value: "$ah * 4294967296 + ($al >>> 0)" },
  "f64.convert_i64_u": { value: "($ah >>> 0) * 4294967296 + ($al >>> 0)" },
  "f64.promote_f32": { value: "$a" },
  "i32.trunc_sat_f32_s": { value: "i32SatS($a)" },
  "i32.trunc_sat_f32_u": { value: "i32SatU($a)" },
  "i32.trunc_sat_f64_s": { value: "i32SatS($a)" },
  "i32.trunc_sat_f64_u": { value: "i32SatU($a)" },
  "i64.trunc_sat_f32_s": satI64("i64SatS"),
  "i64.trunc_sat_f32_u": satI64("i64SatU"),
  "i64.trunc_sat_f64_s": satI64("i64SatS"),
  "i64.trunc_sat_f64_u": satI64("i64SatU"),
};
