// Says whether the host is a V8 with Maglev, and prints for it what that tier does itself instead of by a call (specification: 4.6.8 Memory instructions).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { unmoved } from "./constant-operand.ts";
import { prefersElements } from "./elements.ts";

let answer: boolean | undefined;

/** V8 has had it for as long as this function. It reads a DataView's signed numbers in place, and calls a function for unsigned ones. */
export function hasMaglev(): boolean {
  answer ??= "groupBy" in Object && !prefersElements();
  return answer;
}

/** A number read by a getter, whose call is given without its first letters. */
export function unsignedNumber(view: string, getter: string, place: string): string {
  const bits = hasMaglev() ? /Uint(8|16)$/.exec(getter)?.[1] : undefined;
  return bits === undefined ? `${view}.${getter}${place}` : `(${view}.getInt${bits}${place}&${2 ** Number(bits) - 1})`;
}

/** The load of a signed number, for what is only compared with another such one; not of a byte that may be an element. */
export function asSigned(expr: Expr): Expr {
  const isByte = expr.op === Op["i32.load8_u"] && unmoved(expr.a!).kind !== ExprKind.Slot;
  return (isByte || expr.op === Op["i32.load16_u"]) && hasMaglev() ? { ...expr, op: expr.op - 1 } : expr;
}
