// The f32 and f64 instructions as templates (specification: 4.3.3 Floating-point operations).
// neg, abs and copysign are not here: they move bits, NaNs included, so engines do them on the integer views  of their registers.
import type { NumericOp, NumericOps } from "./op.ts";

/** JavaScript's rounding may pass a signalling NaN through; WebAssembly's gives a quiet one. */
const rounded = (value: string): NumericOp => ({ value: `$a === $a ? ${value} : NaN` });

/** Both widths mean the same real operation: an f32 result is rounded when stored, which is exact for + - * / and sqrt. */
const float: NumericOps = {
  eq: { value: "$a === $b ? 1 : 0" },
  ne: { value: "$a !== $b ? 1 : 0" },
  lt: { value: "$a < $b ? 1 : 0" },
  gt: { value: "$a > $b ? 1 : 0" },
  le: { value: "$a <= $b ? 1 : 0" },
  ge: { value: "$a >= $b ? 1 : 0" },
  ceil: rounded("Math.ceil($a)"),
  floor: rounded("Math.floor($a)"),
  trunc: rounded("Math.trunc($a)"),
  nearest: rounded("floatNearest($a)"),
  sqrt: { value: "Math.sqrt($a)" },
  add: { value: "$a + $b" },
  sub: { value: "$a - $b" },
  mul: { value: "$a * $b" },
  div: { value: "$a / $b" },
  min: { value: "floatMin($a, $b)" },
  max: { value: "floatMax($a, $b)" },
};

function named(type: "f32" | "f64"): NumericOps {
  return Object.fromEntries(Object.entries(float).map(([name, op]) => [`${type}.${name}`, op]));
}

export const f32: NumericOps = named("f32");
export const f64: NumericOps = named("f64");
