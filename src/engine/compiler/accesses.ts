// Takes a statement, tells which variables it reads and writes itself, without the statements in it.
import { type BranchMoves, type Expr, ExprKind, type Handler, type Stmt, StmtKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { defType, isRef, Num, Ref, slotsOf, type ValType } from "../../syntax/types.ts";
import type { ModuleNames } from "./names.ts";

/** What a slot holds when it holds one type: one variable, or the two of an i64. */
export interface Variable {
  readonly slot: number;
  readonly type: ValType;
}

/** Kinds of variables that a slot may have. */
const KINDS = 6;

/** The variables of a function, numbered as they are met. */
export class Variables {
  readonly list: Variable[] = [];
  readonly #numbers: number[] = [];

  numberOf(slot: number, type: ValType): number {
    const key = slot * KINDS + (isRef(type) ? 0 : type);
    let number = this.#numbers[key];
    if (number === undefined) {
      number = this.list.push({ slot, type }) - 1;
      this.#numbers[key] = number;
    }
    return number;
  }
}

/** Called with each variable. */
export type Visit = (slot: number, type: ValType) => void;

/** The variables that an expression reads. */
export function readByExpression(expr: Expr, visit: Visit): void {
  if (expr.kind === ExprKind.Slot) return visit(expr.n, expr.type);
  if (expr.a !== null) readByExpression(expr.a, visit);
  if (expr.b !== null) readByExpression(expr.b, visit);
  if (expr.c !== null) readByExpression(expr.c, visit);
}

/** Values in slots one after another. */
export function row(types: readonly ValType[], first: number, visit: Visit): void {
  let slot = first;
  for (const type of types) {
    visit(slot, type);
    slot += slotsOf(type);
  }
}

/** The variables that a statement reads. What a return reads, and what a jump with a table moves, are not among them. */
export function readBy(stmt: Stmt, names: ModuleNames, visit: Visit): void {
  const { kind, a, b, args, m } = stmt;
  if (a !== null) readByExpression(a, visit);
  if (b !== null) readByExpression(b, visit);
  // The operands that are read after a call are read there.
  if (kind === StmtKind.Rare) for (const arg of args) readByExpression(arg, visit);
  const params = passedBy(stmt, names);
  if (params !== null) row(params, m, visit);
}

/** The types of what a statement takes from the slots at `m`; null for most. */
export function passedBy(stmt: Stmt, names: ModuleNames): readonly ValType[] | null {
  const { kind, op, n } = stmt;
  switch (kind) {
    case StmtKind.Call:
    case StmtKind.CallIndirect:
    case StmtKind.CallRef:
      return names.callTypeOf(stmt).params;
    case StmtKind.TailCall:
      return op === Op.return_call ? names.typeOf(n).params : defType(n).params;
    case StmtKind.Throw:
      return defType(names.module.tags[n]!).params;
    default:
      return null;
  }
}

/** The variables that a statement writes whenever it is completed. */
export function writtenBy(stmt: Stmt, names: ModuleNames, visit: Visit): void {
  const { kind, op, n, m, a, type } = stmt;
  switch (kind) {
    case StmtKind.Set:
      return visit(n, type === Num.Bottom ? a!.type : type);
    case StmtKind.Call:
      return row(names.resultsOf(n), m, visit);
    case StmtKind.CallIndirect:
    case StmtKind.CallRef:
      return row(defType(n).results, m, visit);
    case StmtKind.Rare:
      if (op >= Op["i64.add128"] && op <= Op["i64.mul_wide_u"]) row([Num.I64, Num.I64], m, visit);
      else if (op === Op["memory.atomic.notify"]) visit(m, Num.I32);
      else if (type !== Num.Bottom) visit(m, type);
      return;
    default:
  }
}

/** What a jump with a table reads to move it. */
export function movedFrom({ source, types }: BranchMoves, visit: Visit): void {
  row(types, source, visit);
}

/** What a jump with a table writes on its way to one of its labels. */
export function movedTo({ types, targets }: BranchMoves, index: number, visit: Visit): void {
  row(types, targets[index]!, visit);
}

/** What a handler writes before its label is branched to. */
export function takenBy({ tag, slot, exception }: Handler, names: ModuleNames, visit: Visit): void {
  if (exception >= 0) visit(exception, Ref.ExnNull);
  if (tag >= 0) row(defType(names.module.tags[tag]!).params, slot, visit);
}
