// Takes a function's tree, tells of which floats, lanes included, nothing sees what NaN they are: those are moved as numbers (specification: 4.3.3 NaN propagation).
import { type Expr, ExprKind, type Stmt, StmtKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num, type ValType } from "../../syntax/types.ts";
import { movedFrom, passedBy, row, type Visit, writtenBy } from "./accesses.ts";
import { eachStatement } from "./control.ts";
import type { ModuleNames } from "./names.ts";
import { numericForm } from "./template.ts";
import { vectorForm } from "./vector-form.ts";

/** What becomes of a float that is read: it goes into arithmetic, its bits are seen, or else it is copied to the variable of that number. */
const NUMBER = -1;
const BITS = -2;

/** The number of a variable that holds floats. */
function variable(slot: number, type: ValType): number {
  return 8 * slot + type;
}

function isFloat(type: ValType): boolean {
  return type === Num.F32 || type === Num.F64;
}

/** Whether an expression is arithmetic, whose result may be any quiet NaN: the rest moves bits. */
export function isArithmetic({ kind, op }: Expr): boolean {
  return kind === ExprKind.Numeric && numericForm(op) !== undefined;
}

/** Whether it is arithmetic on the lanes of vectors: what chooses from them moves bits. */
function isOnLanes({ kind, op }: Expr): boolean {
  const isChoice = op === Op["f32x4.pmin"] || op === Op["f32x4.pmax"];
  return kind === ExprKind.Numeric && !isChoice && vectorForm(op)?.from === "f32";
}

/** What is known of a function's floats, found in one walk. */
export class FloatUses {
  /** Variables whose bits are seen where they may hold something else than a result of arithmetic. */
  readonly #seen = new Set<number>();
  /** The variables that are copied to each. */
  readonly #copied = new Map<number, Set<number>>();
  /** Whether what a store or instruction takes the bits of is a result of arithmetic. */
  readonly #rounded = new Map<Stmt | Expr, boolean>();
  /** Variables that hold results of arithmetic at the place that is looked at. */
  readonly #results = new Set<number>();

  /** `results` are those of the function. */
  constructor(body: readonly Stmt[], names: ModuleNames, results: readonly ValType[]) {
    row(results, 0, this.#see);
    eachStatement(
      body,
      0,
      body.length,
      (stmt) => this.#stmt(stmt, names),
      () => this.#results.clear(),
    );
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

  #stmt(stmt: Stmt, names: ModuleNames): void {
    const { kind, n, m, a, b, args, moves } = stmt;
    if (kind === StmtKind.Set) {
      const target = variable(n, a!.type);
      this.#look(a!, target);
      if (this.#isResult(a!)) this.#results.add(target);
      else this.#results.delete(target);
      return;
    }
    if (kind === StmtKind.Store) this.#note(stmt, b!);
    if (a !== null) this.#look(a, BITS);
    if (b !== null) this.#look(b, BITS);
    for (const arg of args) this.#look(arg, BITS);
    const passed = passedBy(stmt, names);
    if (passed !== null) row(passed, m, this.#see);
    if (moves !== null) movedFrom(moves, this.#see);
    writtenBy(stmt, names, this.#forget);
  }

  readonly #forget: Visit = (slot, type) => this.#results.delete(variable(slot, type));

  readonly #see: Visit = (slot, type) => this.#read(slot, type, BITS);

  #read(slot: number, type: ValType, use: number): void {
    const number = variable(slot, type);
    if (use === NUMBER || this.#results.has(number)) return;
    if (use === BITS) this.#seen.add(number);
    else this.#copied.set(use, (this.#copied.get(use) ?? new Set()).add(number));
  }

  #look(expr: Expr, use: number): void {
    const { kind, type, op, n, a, b, c } = expr;
    if (kind === ExprKind.Slot) return this.#read(n, type, use);
    if (op === Op["i32.reinterpret_f32"] || op === Op["i64.reinterpret_f64"]) this.#note(expr, a!);
    const isResult = isArithmetic(expr) || isOnLanes(expr);
    const isSelect = kind === ExprKind.Select;
    // What is no arithmetic but gives a float changes only the sign of its first operand.
    if (a !== null) this.#look(a, isResult ? NUMBER : isSelect || isFloat(type) ? use : BITS);
    if (b !== null) this.#look(b, isResult ? NUMBER : isSelect ? use : BITS);
    if (c !== null) this.#look(c, BITS);
  }

  #note(taker: Stmt | Expr, expr: Expr): void {
    if (isFloat(expr.type)) this.#rounded.set(taker, this.#rounded.get(taker) !== false && this.#isResult(expr));
  }

  #isResult(expr: Expr): boolean {
    const { kind, type, n, lo, hi, a, b } = expr;
    if (kind === ExprKind.Slot) return this.#results.has(variable(n, type));
    if (kind === ExprKind.Const)
      return type === Num.F32 ? (lo & 0x7fffffff) <= 0x7f800000 : type === Num.F64 && (hi & 0x7fffffff) < 0x7ff00000;
    if (kind === ExprKind.Select) return this.#isResult(a!) && this.#isResult(b!);
    // What is no arithmetic on floats changes but the sign.
    return isArithmetic(expr) || (kind === ExprKind.Numeric && isFloat(type) && isFloat(a!.type) && this.#isResult(a!));
  }
}
