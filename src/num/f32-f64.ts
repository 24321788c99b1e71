// The f32 and f64 instructions as templates (specification: 4.3.3 Floating-point operations).
// neg, abs and copysign are not here: they move bits, NaNs included, so engines do them on the integer views  of their registers.
import type { NumericOp } from "./op.ts";

/** Both widths mean the same real operation: an f32 result is rounded when stored, which is exact for + - * / and sqrt. */
const float = {
  eq: { value: "$a === $b ? 1 : 0" },
  ne: { value: "$a !== $b ? 1 : 0" },
  lt: { value: "$a < $b ? 1 : 0" },
  gt: { value: "$a > $b ? 1 : 0" },
  le: { value: "$a <= $b ? 1 : 0" },
  ge: { value: "$a >= $b ? 1 : 0" },
  ceil: { value: "Math.ceil($a)" },
  floor: { value: "Math.floor($a)" },
  trunc: { value: "Math.trunc($a)" },
  nearest: { value: "floatNearest($a)" },
  sqrt: { value: "Math.sqrt($a)" },
  add: { value: "$a + $b" },
  sub: { value: "$a - $b" },
  mul: { value: "$a * $b" },
  div: { value: "$a / $b" },
  min: { value: "Math.min($a, $b)" },
  max: { value: "Math.max($a, $b)" },
} as const satisfies Readonly<Record<string, NumericOp>>;

type Named<T extends "f32" | "f64"> = { readonly [K in keyof typeof float as `${T}.${K}`]: (typeof float)[K] };

function named<T extends "f32" | "f64">(type: T): Named<T> {
  return Object.fromEntries(Object.entries(float).map(([name, op]) => [`${type}.${name}`, op])) as Named<T>;
}

export const f32: Named<"f32"> = named("f32");
export const f64: Named<"f64"> = named("f64");
