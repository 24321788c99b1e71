// Takes a truncation of an f32 to an i32, gives its source, with what makes no difference to the integer not rounded (specification: 4.3.4 trunc, trunc_sat).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import type { FunctionEmitter } from "./emit.ts";
import { operand } from "./floats.ts";
import { bracketed, Level } from "./level.ts";
import { isInRange } from "./magnitude.ts";
import { arithmetic, formOf } from "./value.ts";

/** Bits of f32, without their sign. */
const ONE = 0x3f800000;
const INFINITE = 0x7f800000;

export function truncation(e: FunctionEmitter, expr: Expr, level: number): string {
  const a = expr.a!;
  if (isInRange(expr)) return bracketed(`${operand(e, a)}|0`, Level.Operation, level);
  return arithmetic(e, { ...expr, a: truncated(a, INFINITE) }, formOf(expr.op), level);
}

/**
 * What is the same once it is truncated. A product with a power of two is exact if it has an f32's range: rounded, it is infinite where it is too great for
 * an integer in any case; below 2^-126 what is lost is less than that, and as a term of a sum is either lost to a sum that is rounded too, or the sum is
 * less than one with it and without it. A term must not become infinite, since the other one may be that.
 */
function truncated(expr: Expr, greatest: number): Expr {
  const { op, a, b } = expr;
  if (greatest === INFINITE && (op === Op["f32.add"] || op === Op["f32.sub"]))
    return { ...expr, a: truncated(a!, ONE), b: truncated(b!, ONE) };
  const isScaled =
    op === Op["f32.mul"] && b!.kind === ExprKind.Const && (b!.lo & 0x7fffff) === 0 && (b!.lo & INFINITE) <= greatest;
  return isScaled ? { ...expr, op: Op["f64.mul"] } : expr;
}
