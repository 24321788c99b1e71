// Takes an expression, tells whether its second operand is a constant (specification: 4.3.2 Integer operations).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";

/** Whether an expression is a certain instruction with a constant as its second operand. */
export function withConstant({ op, b }: Expr, which: number): boolean {
  return op === which && b!.kind === ExprKind.Const;
}

/** What a constant is added to. */
export function unmoved(expr: Expr): Expr {
  return withConstant(expr, Op["i32.add"]) ? expr.a! : expr;
}
