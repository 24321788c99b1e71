// Takes a list of statements, tells which of them only put values in place for the call, return or jump table behind them: these are printed there instead.
import { reads } from "../../ir/operands.ts";
import { ExprKind, type Stmt, StmtKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num, slotsOf } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import type { Writer } from "./writer.ts";

/** Arguments that may stand in a call instead of before it. */
const MAX_FOLDED = 32;

/** Where the statements end that set slots, from one on. */
export function endOfSets(body: readonly Stmt[], start: number, to: number): number {
  let end = start;
  while (end < to && body[end]!.kind === StmtKind.Set) end++;
  return end;
}

/** From which of the statements that set slots on they only put arguments or a result in place for the one behind them, a call or return; `end` if none does. */
export function firstArgument(e: FunctionEmitter, body: readonly Stmt[], start: number, end: number): number {
  const after = body[end]!;
  if (after.kind === StmtKind.Return) return isResult(e, body[end - 1]!) ? end - 1 : end;
  if (!isCall(after)) return end;
  const slots: number[] = [];
  let slot = after.m;
  for (const type of e.names.callTypeOf(after).params) {
    slots.push(slot);
    slot += slotsOf(type);
  }
  let last = Number.POSITIVE_INFINITY;
  let first = end;
  const least = Math.max(start, end - MAX_FOLDED);
  while (first > least) {
    const { n } = body[first - 1]!;
    if (n >= last || !slots.includes(n)) break;
    // What is set later may not read it.
    if (isRead(body, first, end, n) || (after.a !== null && reads(after.a, n, n))) break;
    last = n;
    first--;
  }
  return first;
}

/** Whether the statement behind a call only moves its one result to a slot: nothing else reads the operand that it was. */
export function isMove(e: FunctionEmitter, call: Stmt, next: Stmt): boolean {
  if (next.kind !== StmtKind.Set || !isCall(call) || e.pieces.has(next)) return false;
  const { kind, n, type } = next.a!;
  const isOperand = kind === ExprKind.Slot && n === call.m && type !== Num.V128;
  return isOperand && e.names.callTypeOf(call).results.length === 1;
}

/**
 * Takes back the line of a sum that is better computed in each case of the jump table that comes next: the host then need not keep it beside what it is
 * the sum of, and comes back to the head of an interpreter's loop without a move. Empty where there is none.
 */
export function takeSunk(writer: Writer, { n, a }: Stmt, next: Stmt | undefined): string {
  let table = next;
  while (table?.kind === StmtKind.Block) table = table.body![0];
  if (table?.kind !== StmtKind.BrTable || table.moves !== null) return "";
  return a!.op === Op["i32.add"] && a!.size === 3 && !reads(table.a!, n, n) ? writer.lines.pop()! : "";
}

/** Whether a slot that is set before a return is all that is returned. */
function isResult(e: FunctionEmitter, { n }: Stmt): boolean {
  return !e.isPiece && n === 0 && e.names.resultsOf(e.index).length === 1;
}

function isCall({ kind, n }: Stmt): boolean {
  return (kind === StmtKind.Call && n >= 0) || kind === StmtKind.CallIndirect || kind === StmtKind.CallRef;
}

/** Whether one of the statements that set slots reads a slot. */
function isRead(body: readonly Stmt[], from: number, to: number, slot: number): boolean {
  for (let i = from; i < to; i++) if (reads(body[i]!.a!, slot, slot)) return true;
  return false;
}
