// The relaxed vector instructions as templates: of the results the specification allows, always the same (specification: 4.3.6 Relaxed operations, A.2 Profiles).
import type { VectorOps } from "./vector-op.ts";

/** The sum of two products of neighbours; both operands are signed, and the sum wraps. */
const dot = (i: number): string => `$a${2 * i} * $b${2 * i} + $a${2 * i + 1} * $b${2 * i + 1}`;

/** Takes the instructions that are not relaxed: many are the same. */
export const relaxed = (ops: VectorOps): VectorOps => ({
  "i8x16.relaxed_swizzle": ops["i8x16.swizzle"]!,
  "i32x4.relaxed_trunc_f32x4_s": ops["i32x4.trunc_sat_f32x4_s"]!,
  "i32x4.relaxed_trunc_f32x4_u": ops["i32x4.trunc_sat_f32x4_u"]!,
  "i32x4.relaxed_trunc_f64x2_s_zero": ops["i32x4.trunc_sat_f64x2_s_zero"]!,
  "i32x4.relaxed_trunc_f64x2_u_zero": ops["i32x4.trunc_sat_f64x2_u_zero"]!,
  // Rounded twice: a fused one is many operations in JavaScript.
  "f32x4.relaxed_madd": { from: "f32", to: "f32", value: "Math.fround($a * $b) + $c" },
  "f32x4.relaxed_nmadd": { from: "f32", to: "f32", value: "$c - Math.fround($a * $b)" },
  "f64x2.relaxed_madd": { from: "f64", to: "f64", value: "$a * $b + $c" },
  "f64x2.relaxed_nmadd": { from: "f64", to: "f64", value: "$c - $a * $b" },
  "i8x16.relaxed_laneselect": ops["v128.bitselect"]!,
  "i16x8.relaxed_laneselect": ops["v128.bitselect"]!,
  "i32x4.relaxed_laneselect": ops["v128.bitselect"]!,
  "i64x2.relaxed_laneselect": ops["v128.bitselect"]!,
  "f32x4.relaxed_min": ops["f32x4.min"]!,
  "f32x4.relaxed_max": ops["f32x4.max"]!,
  "f64x2.relaxed_min": ops["f64x2.min"]!,
  "f64x2.relaxed_max": ops["f64x2.max"]!,
  "i16x8.relaxed_q15mulr_s": ops["i16x8.q15mulr_sat_s"]!,
  "i16x8.relaxed_dot_i8x16_i7x16_s": { from: "i8", to: "i16", value: Array.from({ length: 8 }, (_, i) => dot(i)) },
  "i32x4.relaxed_dot_i8x16_i7x16_add_s": {
    from: "i8",
    to: "i32",
    // `t` and `u` wrap as the i16 lanes between would.
    value: Array.from(
      { length: 4 },
      (_, i) => `t = (${dot(2 * i)}) << 16 >> 16; u = (${dot(2 * i + 1)}) << 16 >> 16; t + u + $c${i}w | 0`,
    ),
  },
});
