// The f32x4 and f64x2 instructions as templates (specification: 4.3.5 Vector operations). Those that only move bits do so by words.
import { f32, f64 } from "./f32-f64.ts";
import type { NumericOps } from "./op.ts";
import { mask } from "./v128-wide.ts";
import type { VectorOp, VectorOps } from "./vector-op.ts";

const arithmetic = ["ceil", "floor", "trunc", "nearest", "sqrt", "add", "sub", "mul", "div", "min", "max"];
const comparisons = ["eq", "ne", "lt", "gt", "le", "ge"];

/** The scalar instructions on each lane. */
function likeScalar(shape: "f32x4" | "f64x2", type: "f32" | "f64", scalar: NumericOps): VectorOps {
  const ops: Record<string, VectorOp> = {};
  for (const name of arithmetic)
    ops[`${shape}.${name}`] = { from: type, to: type, value: scalar[`${type}.${name}`]!.value };
  for (const name of comparisons) {
    const value = mask((scalar[`${type}.${name}`]!.value as string).replace(/ \? 1 : 0$/, ""));
    ops[`${shape}.${name}`] =
      type === "f32" ? { from: type, to: "i32", value } : { from: type, to: "i64", value: { lo: value, hi: "$lo" } };
  }
  return ops;
}

/** One of the lanes, NaN bits included. */
const choose32 = (condition: string): VectorOp => ({ from: "f32", to: "i32", value: `${condition} ? $bl : $al` });
const choose64 = (condition: string): VectorOp => ({
  from: "f64",
  to: "i64",
  value: { lo: `t = ${condition}; t ? $bl : $al`, hi: "t ? $bh : $ah" },
});

export const floats = (): VectorOps => ({
  ...likeScalar("f32x4", "f32", f32),
  ...likeScalar("f64x2", "f64", f64),
  "f32x4.abs": { from: "i32", to: "i32", value: "$a & 2147483647" },
  "f32x4.neg": { from: "i32", to: "i32", value: "$a ^ -2147483648" },
  "f64x2.abs": { from: "i64", to: "i64", value: { lo: "$al", hi: "$ah & 2147483647" } },
  "f64x2.neg": { from: "i64", to: "i64", value: { lo: "$al", hi: "$ah ^ -2147483648" } },
  "f32x4.pmin": choose32("$b < $a"),
  "f32x4.pmax": choose32("$a < $b"),
  "f64x2.pmin": choose64("$b < $a"),
  "f64x2.pmax": choose64("$a < $b"),
});
