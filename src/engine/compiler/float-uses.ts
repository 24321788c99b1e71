// Takes a function's tree, tells of which floats nothing sees what NaN they are: those are moved as numbers (specification: 4.3.3 NaN propagation).
import { slotsOf } from "../../ir/operands.ts";
import { type Expr, ExprKind, LABEL_RETURN, type Stmt, StmtKind, type TryStmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num, type ValType } from "../../syntax/types.ts";
import { movedFrom, passedBy, writtenBy } from "./accesses.ts";
import { chainOf, ownFrom } from "./chain.ts";
import { MAX_NESTING } from "./control.ts";
import type { ModuleNames } from "./names.ts";
import { forms } from "./template.ts";
import { NotCompilable } from "./writer.ts";

/** What becomes of a float that is read: it goes into arithmetic, its bits are seen, or else it is copied to a variable, by its number. */
const NUMBER = -1;
const BITS = -2;

/** The number of a variable that holds a float. */
function variable(slot: number, type: ValType): number {
  return 2 * slot + (type === Num.F64 ? 1 : 0);
}

function isFloat(type: ValType): boolean {
  return type === Num.F32 || type === Num.F64;
}

/** Whether an expression is arithmetic, whose result may be any quiet NaN: the rest moves bits. */
export function isArithmetic({ kind, op }: Expr): boolean {
  return kind === ExprKind.Numeric && forms.has(op);
}

function isNumber({ type, lo, hi }: Expr): boolean {
  return type === Num.F32 ? (lo & 0x7fffffff) <= 0x7f800000 : (hi & 0x7ff00000) !== 0x7ff00000;
}

/** What is known of a function's floats, found in one walk from its beginning. */
export class FloatUses {
  readonly #names: ModuleNames;
  readonly #results: readonly ValType[];
  /** Variables whose bits are seen where they may hold something else than a result of arithmetic. */
  readonly #seen = new Set<number>();
  /** The variables that are copied to each. */
  readonly #copied = new Map<number, Set<number>>();
  /** Whether what a statement or instruction takes the bits of is a result of arithmetic. */
  readonly #rounded = new Map<Stmt | Expr, boolean>();
  /** Variables that hold results of arithmetic: here, and wherever a label is branched to; null where control never comes. */
  #now: Set<number> | null = new Set();
  readonly #labels: (Set<number> | null)[] = [];
  #depth = 0;

  /** Results are those of the function. */
  constructor(body: readonly Stmt[], names: ModuleNames, results: readonly ValType[]) {
    this.#names = names;
    this.#results = results;
    this.#list(body, 0);
    this.#row(results, 0);
    // What is copied to one that is seen is seen too: elements that are added are met in the same round.
    for (const number of this.#seen) for (const from of this.#copied.get(number) ?? []) this.#seen.add(from);
  }

  /** Whether the bits of a variable are seen. */
  isSeen(slot: number, type: ValType): boolean {
    return this.#seen.has(variable(slot, type));
  }

  /** Whether what a store or instruction takes the bits of is the result of arithmetic. */
  isRounded(taker: Stmt | Expr): boolean {
    return this.#rounded.get(taker) === true;
  }

  #list(list: readonly Stmt[], from: number): void {
    if (++this.#depth > MAX_NESTING) throw new NotCompilable("nesting");
    for (let i = from; i < list.length; i++) this.#stmt(list[i]!);
    this.#depth--;
  }

  #stmt(stmt: Stmt): void {
    const { kind, a, b, body, label } = stmt;
    switch (kind) {
      case StmtKind.Set:
        return this.#set(stmt);
      case StmtKind.Store:
        this.#note(stmt, b!);
        return this.#operands(stmt);
      case StmtKind.Block:
        return this.#block(stmt);
      case StmtKind.Loop:
        this.#now = new Set();
        return this.#list(body!, 0);
      case StmtKind.If:
        return this.#if(stmt);
      case StmtKind.Try:
        for (const handler of (stmt as TryStmt).handlers) this.#labels[handler.label] = new Set();
        this.#list(body!, 0);
        return this.#join(label);
      case StmtKind.Br:
      case StmtKind.BrIf:
        if (a !== null) this.#look(a, BITS);
        this.#branch(label);
        if (kind === StmtKind.Br) this.#now = null;
        return;
      case StmtKind.BrTable:
        return this.#table(stmt);
      case StmtKind.Return:
        this.#row(this.#results, 0);
        this.#now = null;
        return;
      default:
        return this.#other(stmt);
    }
  }

  #other(stmt: Stmt): void {
    this.#operands(stmt);
    this.#row(passedBy(stmt, this.#names) ?? [], stmt.m);
    writtenBy(stmt, this.#names, (slot, type) => this.#now?.delete(variable(slot, type)));
  }

  #operands({ a, b, args }: Stmt): void {
    if (a !== null) this.#look(a, BITS);
    if (b !== null) this.#look(b, BITS);
    for (const arg of args) this.#look(arg, BITS);
  }

  #set(stmt: Stmt): void {
    const a = stmt.a!;
    if (!isFloat(a.type)) return this.#look(a, BITS);
    const target = variable(stmt.n, a.type);
    this.#look(a, target);
    if (this.#isResult(a)) this.#now?.add(target);
    else this.#now?.delete(target);
  }

  /** Blocks that begin with one another, the innermost first. */
  #block(stmt: Stmt): void {
    const chain = chainOf(stmt) ?? [stmt];
    for (let place = chain.length - 1; place >= 0; place--) {
      const { body, label } = chain[place]!;
      this.#list(body!, ownFrom(chain, place));
      this.#join(label);
    }
  }

  #if({ a, body, otherwise, label }: Stmt): void {
    this.#look(a!, BITS);
    const before = copyOf(this.#now);
    this.#list(body!, 0);
    const after = this.#now;
    this.#now = before;
    if (otherwise !== null) this.#list(otherwise, 0);
    this.#now = common(after, this.#now);
    this.#join(label);
  }

  #table({ a, list, moves }: Stmt): void {
    this.#look(a!, BITS);
    if (moves !== null) {
      movedFrom(moves, (slot, type) => this.#read(slot, type, BITS));
      this.#now = new Set();
    }
    for (const label of list) this.#branch(label);
    this.#now = null;
  }

  #branch(label: number): void {
    if (label === LABEL_RETURN) return this.#row(this.#results, 0);
    this.#labels[label] = common(this.#labels[label] ?? null, this.#now);
  }

  #join(label: number): void {
    this.#now = common(this.#labels[label] ?? null, this.#now);
  }

  /** Values whose bits are seen, in slots one after another. */
  #row(types: readonly ValType[], first: number): void {
    let slot = first;
    for (const type of types) {
      this.#read(slot, type, BITS);
      slot += slotsOf(type);
    }
  }

  #read(slot: number, type: ValType, use: number): void {
    const number = variable(slot, type);
    if (!isFloat(type) || use === NUMBER || this.#holdsResult(number)) return;
    if (use === BITS) this.#seen.add(number);
    else if (this.#copied.has(use)) this.#copied.get(use)!.add(number);
    else this.#copied.set(use, new Set([number]));
  }

  #look(expr: Expr, use: number): void {
    const { kind, type, op, n, a, b, c } = expr;
    if (kind === ExprKind.Slot) return this.#read(n, type, use);
    let [first, second] = [BITS, BITS];
    if (kind === ExprKind.Select) first = second = use;
    else if (kind === ExprKind.Numeric) {
      if (forms.has(op)) first = second = NUMBER;
      else if (op === Op["i32.reinterpret_f32"]) this.#note(expr, a!);
      else if (isOfSign(op)) first = use;
    }
    if (a !== null) this.#look(a, first);
    if (b !== null) this.#look(b, second);
    if (c !== null) this.#look(c, BITS);
  }

  #note(taker: Stmt | Expr, expr: Expr): void {
    if (expr.type === Num.F32) this.#rounded.set(taker, this.#rounded.get(taker) !== false && this.#isResult(expr));
  }

  #holdsResult(number: number): boolean {
    return this.#now?.has(number) === true;
  }

  #isResult(expr: Expr): boolean {
    switch (expr.kind) {
      case ExprKind.Slot:
        return this.#holdsResult(variable(expr.n, expr.type));
      case ExprKind.Const:
        return isNumber(expr);
      case ExprKind.Select:
        return this.#isResult(expr.a!) && this.#isResult(expr.b!);
      default:
        return isArithmetic(expr);
    }
  }
}

/** Whether an instruction changes nothing of its first operand but the sign. */
function isOfSign(op: number): boolean {
  switch (op) {
    case Op["f32.neg"]:
    case Op["f64.neg"]:
    case Op["f32.abs"]:
    case Op["f64.abs"]:
    case Op["f32.copysign"]:
    case Op["f64.copysign"]:
      return true;
    default:
      return false;
  }
}

/** What is in both sets; null is where control never comes. */
function common(a: Set<number> | null, b: Set<number> | null): Set<number> | null {
  if (a === null || b === null) return copyOf(a ?? b);
  const both = new Set<number>();
  for (const number of a) if (b.has(number)) both.add(number);
  return both;
}

function copyOf(set: Set<number> | null): Set<number> | null {
  return set === null ? null : new Set(set);
}
