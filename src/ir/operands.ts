// The operand stack while a body is translated: expressions not yet computed, and the canonical slot of each (see tree.ts).
import { Num, slotsOf, type ValType } from "../syntax/types.ts";
import { Effect, Expr, ExprKind, Stmt, StmtKind } from "./tree.ts";

/** Expressions of more nodes are computed at once, so that no engine recurses on the guest's nesting. */
const MAX_SIZE = 64;
/** When about this many nodes are pending all are computed, so that looking through them is linear in the body. */
const MAX_PENDING = 256;

/** Expressions never change, so that the commonest are made once: they are half of all. */
const known: readonly Expr[][] = [0, 1, 2, 3, 4, 5].map((type) => [makeSlot(0, type)]);
const KNOWN_SLOTS = 128;

export function slotExpr(slot: number, type: ValType): Expr {
  if (slot >= KNOWN_SLOTS || type > Num.V128) return makeSlot(slot, type);
  const row = known[type]!;
  while (row.length <= slot) row.push(makeSlot(row.length, type));
  return row[slot]!;
}

function makeSlot(slot: number, type: ValType): Expr {
  return new Expr(ExprKind.Slot, type, 0, null, null, null, slot, 0, 0, 0, 0);
}

/**
 * A pending expression at a height reads operand slots of that height and above only: spilling in ascending order never
 * overwrites what a later spill reads.
 */
export class OperandStack {
  /** What is above `height` is left from before. */
  readonly entries: Expr[] = [];
  height = 0;
  readonly #slots: number[] = [];
  /** Nodes of this entry and those below it when it was pushed. */
  readonly #sizes: number[] = [];
  /** Entries below this are in their canonical slots. */
  #settled = 0;
  /** Canonical slot of the next entry. */
  next: number;
  /** One above the highest slot used. */
  limit: number;
  /** Where spills go. */
  out: Stmt[];

  constructor(first: number, out: Stmt[]) {
    this.next = first;
    this.limit = first;
    this.out = out;
  }

  slotAt(index: number): number {
    return index < this.height ? this.#slots[index]! : this.next;
  }

  push(expr: Expr): void {
    const index = this.height++;
    const { next } = this;
    const after = expr.type === Num.V128 ? next + 2 : next + 1;
    const size = index === this.#settled ? expr.size : expr.size + this.#sizes[index - 1]!;
    this.entries[index] = expr;
    this.#slots[index] = next;
    this.#sizes[index] = size;
    this.next = after;
    if (after > this.limit) this.limit = after;
    if (size > MAX_SIZE) this.#bound(index, size);
  }

  /** Computes what has become too large. */
  #bound(index: number, size: number): void {
    if (this.entries[index]!.size > MAX_SIZE) this.settle(index);
    if (size > MAX_PENDING) this.settleAll();
  }

  /** Pushes a value that stands in its canonical slot already. */
  pushSettled(type: ValType): void {
    const wasSettled = this.#settled === this.height;
    this.push(slotExpr(this.next, type));
    if (wasSettled) this.#settled = this.height;
  }

  /** Pushes such values. */
  pushAllSettled(types: readonly ValType[]): void {
    for (let i = 0; i < types.length; i++) this.pushSettled(types[i]!);
  }

  pop(): Expr {
    const height = --this.height;
    this.next = this.#slots[height]!;
    if (this.#settled > height) this.#settled = height;
    return this.entries[height]!;
  }

  /** Drops entries above `height`. */
  truncate(height: number): void {
    if (height >= this.height) return;
    this.next = this.#slots[height]!;
    this.height = height;
    if (this.#settled > height) this.#settled = height;
  }

  /** Computes an entry into its canonical slot; before it what reads that slot, and what may trap where it may itself. */
  settle(index: number): void {
    const expr = this.entries[index]!;
    const slot = this.#slots[index]!;
    if (expr.kind === ExprKind.Slot && expr.n === slot) return;
    const last = slot + slotsOf(expr.type) - 1;
    for (let i = this.#settled; i < index; i++) {
      const below = this.entries[i]!;
      if ((below.effects & expr.effects & Effect.Memory) !== 0 || reads(below, slot, last)) this.settle(i);
    }
    this.out.push(Stmt.plain(StmtKind.Set, expr.at, 0, expr.type, slot, 0, expr, null));
    this.entries[index] = slotExpr(slot, expr.type);
  }

  /** Computes every entry from `from` up. */
  settleAll(from = 0): void {
    for (let i = from > this.#settled ? from : this.#settled; i < this.height; i++) this.settle(i);
    if (from <= this.#settled) this.#settled = this.height;
  }

  /** Computes what has one of the effects. */
  settleEffects(mask: number): void {
    for (let i = this.#settled; i < this.height; i++) if ((this.entries[i]!.effects & mask) !== 0) this.settle(i);
  }

  /** Computes what reads a slot that is about to change; and then what has one of the effects. */
  settleReaders(slot: number, mask: number): void {
    for (let i = this.#settled; i < this.height; i++) if (reads(this.entries[i]!, slot, slot)) this.settle(i);
    this.settleEffects(mask);
  }

  /** The slots from `first` up that what is pending reads, each once. */
  live(first: number): Expr[] {
    const found = new Map<number, Expr>();
    for (let i = 0; i < this.height; i++) collectSlots(this.entries[i]!, first, found);
    return [...found.values()];
  }

  /** Computes what reads operand slots from the next one up, which are about to change. */
  settleReadersAbove(): void {
    const { next, limit } = this;
    for (let i = this.#settled; i < this.height; i++) if (reads(this.entries[i]!, next, limit)) this.settle(i);
  }
}

/** Whether an expression reads a slot from `first` to `last`. */
export function reads(expr: Expr, first: number, last: number): boolean {
  switch (expr.kind) {
    case ExprKind.Slot:
      return expr.n <= last && expr.n + slotsOf(expr.type) > first;
    case ExprKind.Const:
    case ExprKind.Global:
    case ExprKind.MemorySize:
      return false;
    default:
      return (
        (expr.a !== null && reads(expr.a, first, last)) ||
        (expr.b !== null && reads(expr.b, first, last)) ||
        (expr.c !== null && reads(expr.c, first, last))
      );
  }
}

function collectSlots(expr: Expr, first: number, found: Map<number, Expr>): void {
  if (expr.kind === ExprKind.Slot && expr.n >= first) found.set(expr.n, expr);
  if (expr.a !== null) collectSlots(expr.a, first, found);
  if (expr.b !== null) collectSlots(expr.b, first, found);
  if (expr.c !== null) collectSlots(expr.c, first, found);
}
