// Takes an expression, tells whether its second operand is a constant (specification: 4.3.2 Integer operations).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";

/** Whether an expression is a certain instruction with a constant as its second operand. */
export function withConstant({ kind, op, b }: Expr, which: number): boolean {
  return kind === ExprKind.Numeric && op === which && b!.kind === ExprKind.Const;
}

/** What a constant is added to. */
export function unmoved(expr: Expr): Expr {
  return withConstant(expr, Op["i32.add"]) ? expr.a! : expr;
}
