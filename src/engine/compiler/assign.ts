// Takes a slot and what it is set to, writes statements that do it (specification: 4.6.6 local.set).
import { slotExpr } from "../../ir/operands.ts";
import type { Expr } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num, slotsOf, type ValType } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { assigned } from "./floats.ts";
import { hold } from "./magnitude.ts";
import { pair, signOf } from "./pair.ts";
import { assignVector } from "./vector.ts";
import { assignWide } from "./wide.ts";

/** Sets a slot to the value of an expression. */
export function assign(e: FunctionEmitter, slot: number, type: ValType, expr: Expr): void {
  const { writer } = e;
  if (type === Num.V128) return assignVector(e, slot, expr);
  if (type !== Num.I64) {
    writer.line(`${writer.slot(slot, type)}=${assigned(e, slot, type, expr)};`);
    return hold(slot, expr.op);
  }
  if (writer.isWide && assignWide(e, slot, expr)) return;
  const lo = writer.slot(slot, type);
  const hi = writer.high(slot);
  const halves = pair(e, expr, writer.isWide ? undefined : { lo, hi });
  // Not before: what the slot is set to may have read it as a whole.
  writer.forgetWhole();
  hold(slot, halves.hi === signOf(halves.lo) ? Op["i64.extend_i32_s"] : expr.op);
  if (halves.lo === lo) {
    if (halves.hi !== hi) writer.line(`${hi}=${halves.hi};`);
  } else if (halves.hi === hi) writer.line(`${lo}=${halves.lo};`);
  else if (!mentions(halves.hi, lo)) writer.line(`${lo}=${halves.lo};${hi}=${halves.hi};`);
  else if (!mentions(halves.lo, hi)) writer.line(`${hi}=${halves.hi};${lo}=${halves.lo};`);
  else {
    // In a variable though it may be a name: a turn by 32 changes the two words over.
    const kept = writer.temporary(Num.I32);
    writer.line(`${kept}=${halves.lo};${hi}=${halves.hi};${lo}=${kept};`);
  }
}

/** Sets slots to what others hold. */
export function copySlots(e: FunctionEmitter, types: readonly ValType[], source: number, target: number): void {
  const { writer } = e;
  let to = target;
  for (const type of types) {
    const from = to - target + source;
    if (from === to) return;
    if (type === Num.V128) assignVector(e, to, slotExpr(from, type));
    else writer.line(`${writer.slot(to, type)}=${writer.slot(from, type)};`);
    if (type === Num.I64) writer.line(`${writer.high(to)}=${writer.high(from)};`);
    to += slotsOf(type);
  }
}

/** Whether a source has a variable's name. */
function mentions(source: string, name: string): boolean {
  for (let at = source.indexOf(name); at >= 0; at = source.indexOf(name, at + 1)) {
    const after = source.charCodeAt(at + name.length);
    const isWhole = !(after >= 48 && after <= 57);
    const previous = at === 0 ? 0 : source.charCodeAt(at - 1);
    if (isWhole && !((previous >= 97 && previous <= 122) || (previous >= 48 && previous <= 57))) return true;
  }
  return false;
}
