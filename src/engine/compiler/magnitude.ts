// Takes an expression, gives what is known of its value without knowing the operands (specification: 4.3.2 Integer operations).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";

/** An f32 holds every integer of so many bits. */
const FLOAT_BITS = 24;

/** Whether an expression converts an integer that an f32 holds as it is. */
export function isExactFloat({ op, a }: Expr): boolean {
  return (op === Op["f32.convert_i32_s"] || op === Op["f32.convert_i32_u"]) && bitsOf(a!) <= FLOAT_BITS;
}

/** How many low bits an i32 has at the most, above which all are zero. */
function bitsOf({ kind, op, a, b, lo }: Expr): number {
  switch (kind) {
    case ExprKind.Const:
      return 32 - Math.clz32(lo);
    case ExprKind.Load:
      return op === Op["i32.load8_u"] ? 8 : op === Op["i32.load16_u"] ? 16 : 32;
    case ExprKind.Numeric:
      if (op === Op["i32.and"]) return Math.min(bitsOf(a!), bitsOf(b!));
      if (op === Op["i32.shr_u"] && b!.kind === ExprKind.Const) return Math.max(bitsOf(a!) - (b!.lo & 31), 0);
      return 32;
    default:
      return 32;
  }
}
