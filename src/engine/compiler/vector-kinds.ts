// Takes a function's tree, says in which form each of its vectors is kept in variables: as words, or as the numbers that it is computed with.
import { type Expr, ExprKind, type Stmt, StmtKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num, slotsOf } from "../../syntax/types.ts";
import { keepsBits } from "./bit-copies.ts";
import { prefersElements } from "./elements.ts";
import { kindOfLanes, type LaneKind, vectorForm } from "./vector-form.ts";

/** How much more a loop's inside counts than what is around it. */
const LOOP_WEIGHT = 10;

/** How often slots that are copied to one another agree anew. */
const ROUNDS = 3;

/** The form of each slot that holds vectors; words where nothing is said. */
export type SlotKinds = ReadonlyMap<number, LaneKind>;

/** The form in which an expression comes by itself; null where any form is as good. */
export function naturalKind(expr: Expr, slots: SlotKinds): LaneKind | null {
  switch (expr.kind) {
    case ExprKind.Slot:
      return slots.get(expr.n) ?? null;
    case ExprKind.Select:
      return naturalKind(expr.a!, slots) ?? naturalKind(expr.b!, slots);
    case ExprKind.Global:
    case ExprKind.Reference:
      return Num.I32;
    case ExprKind.Load:
      return loadKind(expr, slots);
    case ExprKind.Numeric:
      return numericKind(expr, slots);
    default:
      return null;
  }
}

function loadKind({ op, b }: Expr, slots: SlotKinds): LaneKind | null {
  switch (op) {
    case Op["v128.load"]:
    case Op["v128.load32_splat"]:
    case Op["v128.load64_splat"]:
    case Op["v128.load32_zero"]:
    case Op["v128.load64_zero"]:
      return null;
    case Op["v128.load32_lane"]:
      return naturalKind(b!, slots) === Num.F32 ? Num.F32 : Num.I32;
    case Op["v128.load64_lane"]:
      return naturalKind(b!, slots) === Num.F64 ? Num.F64 : Num.I32;
    default:
      return Num.I32;
  }
}

function numericKind({ op, a, b }: Expr, slots: SlotKinds): LaneKind {
  const floats = floatsOf(op);
  if (floats !== null) return isSign(op) && naturalKind(a!, slots) === Num.I32 ? Num.I32 : floats;
  if (op === Op["i8x16.shuffle"] || op === Op["v128.bitselect"]) {
    const first = naturalKind(a!, slots);
    const second = naturalKind(b!, slots);
    return first === null || second === null || first === second ? (first ?? second ?? Num.I32) : Num.I32;
  }
  const to = vectorForm(op)?.to;
  return to === undefined || to === null ? Num.I32 : kindOfLanes(to);
}

/** Whether an instruction changes but the signs of floats. */
function isSign(op: number): boolean {
  return op === Op["f32x4.abs"] || op === Op["f32x4.neg"] || op === Op["f64x2.abs"] || op === Op["f64x2.neg"];
}

/** The floats that an instruction without templates is about. */
function floatsOf(op: number): LaneKind | null {
  switch (op) {
    case Op["f32x4.splat"]:
    case Op["f32x4.replace_lane"]:
    case Op["f32x4.extract_lane"]:
    case Op["f32x4.pmin"]:
    case Op["f32x4.pmax"]:
    case Op["f32x4.abs"]:
    case Op["f32x4.neg"]:
      return Num.F32;
    case Op["f64x2.splat"]:
    case Op["f64x2.replace_lane"]:
    case Op["f64x2.extract_lane"]:
    case Op["f64x2.pmin"]:
    case Op["f64x2.pmax"]:
    case Op["f64x2.abs"]:
    case Op["f64x2.neg"]:
      return Num.F64;
    default:
      return null;
  }
}

/** The form in which an instruction takes its vectors; null where it is that of its result. */
export function operandKind(op: number): LaneKind | null {
  if (op === Op["i8x16.shuffle"]) return null;
  const form = vectorForm(op);
  return floatsOf(op) ?? (form === undefined ? Num.I32 : kindOfLanes(form.from));
}

/** Counts for each slot what writes and reads it in which form. */
class Votes {
  readonly kinds: SlotKinds;
  readonly #votes = new Map<number, Map<LaneKind, number>>();

  constructor(kinds: SlotKinds) {
    this.kinds = kinds;
  }

  #vote(slot: number, kind: LaneKind | null, weight: number): void {
    if (kind === null) return;
    let votes = this.#votes.get(slot);
    if (votes === undefined) this.#votes.set(slot, (votes = new Map()));
    votes.set(kind, (votes.get(kind) ?? 0) + weight);
  }

  kindsOf(): SlotKinds {
    const result = new Map<number, LaneKind>();
    for (const [slot, votes] of this.#votes) {
      let best: LaneKind = Num.I32;
      // Where all NaNs are the same, what is not only such numbers stays words.
      if (votes.size === 1 || (keepsBits && !prefersElements()))
        for (const [kind, weight] of votes) if (weight > (votes.get(best) ?? 0)) best = kind;
      result.set(slot, best);
    }
    return result;
  }

  statements(list: readonly Stmt[], weight: number): void {
    for (const stmt of list) {
      const { kind, a, b, args, body, otherwise, moves } = stmt;
      if (kind === StmtKind.Set && a !== null && a.type === Num.V128) {
        this.#vote(stmt.n, naturalKind(a, this.kinds), weight);
        this.#expression(a, this.kinds.get(stmt.n) ?? null, weight);
      } else if (a !== null) this.#expression(a, null, weight);
      if (b !== null) this.#expression(b, null, weight);
      for (const arg of args) this.#expression(arg, arg.type === Num.V128 ? Num.I32 : null, weight);
      if (moves !== null) this.#moves(moves.types, moves.source, moves.targets, weight);
      const inner = kind === StmtKind.Loop ? weight * LOOP_WEIGHT : weight;
      if (body !== null) this.statements(body, inner);
      if (otherwise !== null) this.statements(otherwise, inner);
    }
  }

  #moves(types: readonly number[], source: number, targets: readonly number[], weight: number): void {
    let offset = 0;
    for (const type of types) {
      if (type === Num.V128) {
        for (const target of targets) {
          this.#vote(source + offset, this.kinds.get(target + offset) ?? null, weight);
          this.#vote(target + offset, this.kinds.get(source + offset) ?? null, weight);
        }
      }
      offset += slotsOf(type);
    }
  }

  /** What reads `expr` takes it in the form `wanted`. */
  #expression(expr: Expr, wanted: LaneKind | null, weight: number): void {
    const { kind, op, a, b, c } = expr;
    if (kind === ExprKind.Slot) {
      if (expr.type !== Num.V128) return;
      this.#vote(expr.n, wanted, weight);
      return;
    }
    const below = kind === ExprKind.Numeric ? operandKind(op) : null;
    for (const child of [a, b, c]) {
      if (child === null) continue;
      this.#expression(child, child.type === Num.V128 ? (below ?? wanted) : null, weight);
    }
  }
}

/** The forms of a function's slots. */
export function slotKinds(body: readonly Stmt[]): SlotKinds {
  let kinds: SlotKinds = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    const votes = new Votes(kinds);
    votes.statements(body, 1);
    kinds = votes.kindsOf();
  }
  return kinds;
}
