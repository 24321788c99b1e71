// Takes a numeric instruction, puts it into the tree (specification: 2.4.8 Numeric instructions).
import { Op } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { dense, inverse, mayTrap, operandCount, resultType } from "./shapes.ts";
import { Effect, Expr, ExprKind } from "./tree.ts";

/** Puts an instruction on one number, or one that may trap, into the tree. */
export function buildNumeric({ stack, at }: Builder, op: number): void {
  const b = operandCount[dense(op)] === 2 ? stack.pop() : null;
  const a = stack.pop();
  const effects = mayTrap(op) ? Effect.Memory : Effect.None;
  stack.push(new Expr(ExprKind.Numeric, resultType[dense(op)]!, op, a, b, null, 0, 0, 0, effects, at));
}

/** Puts an instruction on two numbers that does not trap into the tree. */
export function buildBinary({ stack, at }: Builder, op: number): void {
  const b = stack.pop();
  const a = stack.pop();
  stack.push(new Expr(ExprKind.Numeric, resultType[op]!, op, a, b, null, 0, 0, 0, 0, at));
}

/** Puts an `i32.eqz` into the tree: a comparison of integers is turned round. */
export function buildNot(b: Builder): void {
  const { stack, at } = b;
  const expr = stack.pop();
  const opposite = expr.kind === ExprKind.Numeric ? inverse(expr.op) : 0;
  if (opposite === 0) stack.push(b.expr(ExprKind.Numeric, Num.I32, Op["i32.eqz"], expr, null, 0, 0));
  else stack.push(new Expr(ExprKind.Numeric, Num.I32, opposite, expr.a, expr.b, null, 0, 0, 0, 0, at));
}
