// Takes a list of statements, tells which of them only put values in place for the call or return behind them: these are printed there instead.
import { slotsOf } from "../../ir/operands.ts";
import { type Expr, ExprKind, type Stmt, StmtKind } from "../../ir/tree.ts";
import type { ValType } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";

/** Arguments that may stand in a call instead of before it. */
const MAX_FOLDED = 32;

/** How many statements from `start` only put arguments or a result in place for the call or return behind them. */
export function argumentsFrom(e: FunctionEmitter, body: readonly Stmt[], start: number, to: number): number {
  if (body[start]!.kind !== StmtKind.Set) return 0;
  let end = start;
  while (end < to && end - start < MAX_FOLDED && body[end]!.kind === StmtKind.Set) end++;
  const after = body[end];
  if (after === undefined || end >= to) return 0;
  if (after.kind === StmtKind.Return) {
    return !e.isPiece && end === start + 1 && e.names.resultsOf(e.index).length === 1 && body[start]!.n === 0 ? 1 : 0;
  }
  const isCall =
    (after.kind === StmtKind.Call && after.n >= 0) ||
    after.kind === StmtKind.CallIndirect ||
    after.kind === StmtKind.CallRef;
  if (!isCall) return 0;
  const params = e.names.paramsOf(after);
  const slots = new Map<number, ValType>();
  let slot = after.m;
  for (const type of params) {
    slots.set(slot, type);
    slot += slotsOf(type);
  }
  let last = Number.POSITIVE_INFINITY;
  let first = end;
  while (first > start) {
    const { n, a } = body[first - 1]!;
    if (!slots.has(n) || n >= last) break;
    // What is set later may not read it.
    if (body.slice(first, end).some((later) => readsSlot(later.a!, n))) break;
    if (after.a !== null && readsSlot(after.a, n)) break;
    if (a === null) break;
    last = n;
    first--;
  }
  return first === start ? end - start : 0;
}

/** Whether an expression reads a slot. */
export function readsSlot(expr: Expr, slot: number): boolean {
  if (expr.kind === ExprKind.Slot) return expr.n === slot;
  return (
    (expr.a !== null && readsSlot(expr.a, slot)) ||
    (expr.b !== null && readsSlot(expr.b, slot)) ||
    (expr.c !== null && readsSlot(expr.c, slot))
  );
}
