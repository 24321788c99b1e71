// The intermediate form: trees of expressions in structured statements over frame slots. Both engines print it.
import type { ValType } from "../syntax/types.ts";

/*
 * A frame is a row of 8-byte slots: parameters, other locals, one link slot (the engine's), then one canonical slot for each
 * height of the operand stack. Results leave in the slots from 0. A call's arguments stand in their canonical slots, which are
 * the callee's first: frames overlap and nothing is copied.
 */

export const enum ExprKind {
  /** `lo`, `hi`: bits; null where the type is a reference. Of a v128 `n`: offset of its bytes in the module, the same for the same bytes. */
  Const,
  /** `n`: slot. */
  Slot,
  /** `n`: global index. */
  Global,
  /** `op` on `a`, and `b` and `c` where it takes more. Of a vector instruction `n`: lane, or offset of a shuffle's lanes in the module. */
  Numeric,
  /** `op` at address `a` + `n` of memory `lo`, which is said to be a multiple of 2^`hi`; into lane `hi` of `b` where it loads a lane. */
  Load,
  /** `c` ? `a` : `b`. */
  Select,
  /** Size in pages of memory `n`. */
  MemorySize,
  /** `op` on the reference `a`, and `b` where binary, with the immediates `n` and `lo`: a test, a cast, what a structure or array holds. */
  Reference,
}

/** What moving an expression past a statement could change. */
export const enum Effect {
  None = 0,
  /** Reads a memory or what a reference refers to, or may trap: stays before stores, calls, branches. */
  Memory = 1,
  /** Reads a global that can change: stays before calls and writes of globals. */
  Global = 2,
}

/** One shape for every expression, so that property accesses stay monomorphic. */
export class Expr {
  readonly kind: ExprKind;
  readonly type: ValType;
  readonly op: number;
  readonly a: Expr | null;
  readonly b: Expr | null;
  readonly c: Expr | null;
  readonly n: number;
  readonly lo: number;
  readonly hi: number;
  readonly effects: number;
  /** Nodes of the tree. */
  readonly size: number;
  /** Byte offset of the instruction. */
  readonly at: number;

  constructor(
    kind: ExprKind,
    type: ValType,
    op: number,
    a: Expr | null,
    b: Expr | null,
    c: Expr | null,
    n: number,
    lo: number,
    hi: number,
    effects: number,
    at: number,
  ) {
    this.kind = kind;
    this.type = type;
    this.op = op;
    this.a = a;
    this.b = b;
    this.c = c;
    this.n = n;
    this.lo = lo;
    this.hi = hi;
    this.effects = effects | (a === null ? 0 : a.effects) | (b === null ? 0 : b.effects) | (c === null ? 0 : c.effects);
    this.size = 1 + (a === null ? 0 : a.size) + (b === null ? 0 : b.size) + (c === null ? 0 : c.size);
    this.at = at;
  }
}

export const enum StmtKind {
  /** Slot `n` = `a`. */
  Set,
  /** `op` stores `b`, or its lane `list[0]`, at address `a` + `m` of memory `n`, which is said to be a multiple of 2^`type`. */
  Store,
  /** Global `n` = `a`. */
  GlobalSet,
  /** Computes `a` for its trap. */
  Drop,
  /** `body`; a branch to `label` ends it. */
  Block,
  /** `body`; a branch to `label` repeats it. */
  Loop,
  /** `a` ? `body` : `otherwise`; a branch to `label` ends it. */
  If,
  Br,
  /** Branches to `label` where `a` is not zero. */
  BrIf,
  /** Branches to `list[a]`, the last being the default; `moves` as in `BranchMoves`. */
  BrTable,
  Return,
  Unreachable,
  /** Function `n` with its frame at slot `m`; negative for an instruction that waits (see syntax/waits.ts). */
  Call,
  /** Element `a` of table `list[0]`, of canonical type `n`, with its frame at slot `m`. */
  CallIndirect,
  /** The function that reference `a` is, of canonical type `n`, with its frame at slot `m`. Null traps. */
  CallRef,
  /**
   * Instruction `op`, one of the tail calls; otherwise as `Call`, `CallIndirect` or `CallRef`. The callee takes this frame's
   * place, and returns to where this one would have.
   */
  TailCall,
  /** A `TryStmt`. */
  Try,
  /** Throws a new exception of tag `n` with the values from slot `m`. */
  Throw,
  /** Throws the exception that reference `a` is. Null traps. */
  ThrowRef,
  /** Instruction `op` on `args`, immediates `list`, its results from slot `m`. Whatever is not worth a kind of its own. */
  Rare,
}

/** Operations of a `Rare` that are no instruction's. */
export const enum Pseudo {
  /**
   * Spends `list[0]` of the fuel: the first statement of a metered function and of each of its loops. Its cost is the number of instructions there
   * that are in no inner loop, so that every engine counts the same.
   */
  Meter = -2,
  /** Tells a profiler, behind it or in its place: function `list[0]`, the same cost as `list[1]`, and whether it is a call or a turn, 1 or 0. */
  Profile = -3,
}

/** Branching to `LABEL_RETURN` returns; results are already in place. */
export const LABEL_RETURN = -1;

export class Stmt {
  readonly kind: StmtKind;
  readonly op: number;
  readonly type: ValType;
  readonly n: number;
  readonly m: number;
  readonly a: Expr | null;
  readonly b: Expr | null;
  readonly label: number;
  readonly body: Stmt[] | null;
  readonly otherwise: Stmt[] | null;
  readonly list: readonly number[];
  readonly args: readonly Expr[];
  /** For a `BrTable` with values, else null. */
  readonly moves: BranchMoves | null;
  /** Byte offset of the instruction. */
  readonly at: number;

  // Positional: translation is most of a cold start, and an object of named fields for each statement is a third of it.
  constructor(
    kind: StmtKind,
    at: number,
    op: number,
    type: ValType,
    n: number,
    m: number,
    a: Expr | null,
    b: Expr | null,
    label: number,
    body: Stmt[] | null,
    otherwise: Stmt[] | null,
    list: readonly number[],
    args: readonly Expr[],
    moves: BranchMoves | null,
  ) {
    this.kind = kind;
    this.at = at;
    this.op = op;
    this.type = type;
    this.n = n;
    this.m = m;
    this.a = a;
    this.b = b;
    this.label = label;
    this.body = body;
    this.otherwise = otherwise;
    this.list = list;
    this.args = args;
    this.moves = moves;
  }

  /** A statement with neither body nor lists. */
  static plain(
    kind: StmtKind,
    at: number,
    op: number,
    type: ValType,
    n: number,
    m: number,
    a: Expr | null,
    b: Expr | null,
  ): Stmt {
    return new Stmt(kind, at, op, type, n, m, a, b, 0, null, null, none, none, null);
  }

  /** A branch to `label`, where `a` is not zero if it is there. */
  static branch(kind: StmtKind.Br | StmtKind.BrIf, at: number, label: number, a: Expr | null): Stmt {
    return new Stmt(kind, at, 0, 0, 0, 0, a, null, label, null, null, none, none, null);
  }

  /** A structured statement. */
  static structured(
    kind: StmtKind,
    at: number,
    label: number,
    condition: Expr | null,
    body: Stmt[],
    otherwise: Stmt[] | null,
  ): Stmt {
    return new Stmt(kind, at, 0, 0, 0, 0, condition, null, label, body, otherwise, none, none, null);
  }

  /** A statement with immediates, operands or moves. */
  static listed(
    kind: StmtKind,
    at: number,
    op: number,
    type: ValType,
    n: number,
    m: number,
    a: Expr | null,
    list: readonly number[],
    args: readonly Expr[] = none,
    moves: BranchMoves | null = null,
  ): Stmt {
    return new Stmt(kind, at, op, type, n, m, a, null, 0, null, null, list, args, moves);
  }
}

/** A list of nothing. */
export const none: readonly never[] = [];

/** `body`; a branch to `label` ends it. An exception that leaves it goes to the first handler that takes it. */
export class TryStmt extends Stmt {
  readonly handlers: readonly Handler[];
  /** Label of the try around it whose handlers are asked next; `LABEL_RETURN` where the exception leaves the function. */
  readonly outer: number;

  constructor(at: number, label: number, body: Stmt[], handlers: readonly Handler[], outer: number) {
    super(StmtKind.Try, at, 0, 0, 0, 0, null, null, label, body, null, none, none, null);
    this.handlers = handlers;
    this.outer = outer;
  }
}

/** What a `TryStmt` does with an exception: its values are put into slots, then `label` is branched to. */
export interface Handler {
  /** Index of the tag that it takes; -1 takes every exception and none of the values. */
  readonly tag: number;
  readonly label: number;
  /** Slot of the first value. */
  readonly slot: number;
  /** Slot for the exception itself, or -1. */
  readonly exception: number;
}

/** Values of `types` go from the slots at `source` to those at `targets[i]` before a branch to `list[i]`. */
export interface BranchMoves {
  readonly source: number;
  readonly types: readonly ValType[];
  readonly targets: readonly number[];
}

/** A function body, ready for an engine. */
export interface FunctionTree {
  readonly body: readonly Stmt[];
  /** Type of each local, parameters first; they are in the slots from 0, in order. */
  readonly locals: readonly ValType[];
  readonly params: number;
  readonly linkSlot: number;
  /** First slot of the operand stack. */
  readonly stackSlot: number;
  /** Slots in all. */
  readonly slots: number;
  /** Labels are numbered from 0. */
  readonly labels: number;
  /** Float and vector constants read inside loops, by first use: an engine may keep them in registers. */
  readonly loopConstants: readonly Expr[];
  readonly hasReferences: boolean;
  /** Of the module: where vector constants and the lanes of shuffles stand. */
  readonly bytes: Uint8Array;
}
