// Takes a function that is too long for the host's JIT, gives the pieces of it that become functions of their own.
import { type Expr, type FunctionTree, LABEL_RETURN, type Stmt, StmtKind } from "../../ir/tree.ts";
import { Num, type ValType } from "../../syntax/types.ts";
import type { Variable } from "./accesses.ts";
import { chainOf, type Run } from "./chain.ts";
import { eachStatement, endsControl } from "./control.ts";
import { type Borders, Liveness, type Range } from "./liveness.ts";
import type { ModuleNames } from "./names.ts";

/** Statements that become a function of their own: of one list, or what follows some blocks of a chain. */
interface Region {
  readonly ranges: readonly Range[];
  readonly run: Run | null;
}

export interface Piece extends Region {
  /** Its number in the function. */
  readonly number: number;
  /** Variables that it is given. */
  readonly ins: readonly Variable[];
  /** Variables that it writes, as far as they are read later. */
  readonly outs: readonly Variable[];
  /** The labels outside that it branches to; `LABEL_RETURN` where it returns from the function. */
  readonly exits: readonly number[];
  /** Whether control may reach its end. */
  readonly falls: boolean;
  /** Whether a memory may grow in it. */
  readonly grows: boolean;
}

/** Source that a statement, and each node of its expressions, comes to, in characters; of an i64 there are two halves. */
const STATEMENT = 9;
const NODE = 8;
const WIDE_NODE = 30;

/** Shorter pieces would not be worth their call. */
const MIN_PIECE = 350;
/** What stands where a piece was. */
const CALL = 200;

/** A piece within a loop is called so much more often than one outside. */
const LOOP_WEIGHT = 4;

/** Variables that are given to a piece or that it gives back, at the most. Those of physics engines have up to 260; what vectors take has room in `results`. */
const MAX_VARIABLES = 300;

interface Candidate extends Region {
  readonly size: number;
  /** What is done in a call, by a guess. */
  readonly weight: number;
}

/** How what follows the blocks of chains is cut: each by itself, the short ones together, all together. */
const enum Cut {
  Single,
  Short,
  All,
}

/**
 * The pieces, by the statement that each begins with, or the block that a run follows. Of the source, `budget` characters may remain; `longest` is what a
 * piece may have.
 */
export function outline(
  tree: FunctionTree,
  names: ModuleNames,
  results: readonly ValType[],
  way: ReadonlyMap<Stmt, number>,
  budget: number,
  longest: number,
): ReadonlyMap<Stmt, Piece> {
  const chosen = regionsOf(tree.body, budget, new Search(way, longest));
  const liveness = new Liveness(
    tree,
    names,
    results,
    chosen.flatMap(({ ranges, run }) => (run === null ? ranges : [])),
  );
  const pieces = new Map<Stmt, Piece>();
  for (const region of chosen) {
    const piece = pieceOf(region, pieces.size, liveness);
    if (piece !== null) pieces.set(keyOf(region), piece);
  }
  return pieces;
}

/** The least cut is taken that leaves less than the budget; once that is clear, half as much is left. */
function regionsOf(body: readonly Stmt[], budget: number, search: Search): readonly Region[] {
  let chosen: readonly Candidate[] = [];
  const size = search.sizeOf(body);
  for (const cut of [Cut.Single, Cut.Short, Cut.All]) {
    chosen = choose(search.candidatesIn(body, cut), size - budget / 2);
    if (size - chosen.reduce((sum, candidate) => sum + candidate.size - CALL, 0) <= budget) break;
  }
  return chosen;
}

function keyOf({ ranges, run }: Region): Stmt {
  return run === null ? ranges[0]!.list[ranges[0]!.from]! : run.chain[run.last + 1]!;
}

/** Those come first that do most in a call. */
function choose(candidates: Candidate[], excess: number): Candidate[] {
  candidates.sort((a, b) => b.weight - a.weight);
  let left = excess;
  return candidates.filter(({ size }) => {
    if (left <= 0) return false;
    left -= size - CALL;
    return true;
  });
}

/** Finds statements that may become functions, none of them within another. */
class Search {
  #candidates: Candidate[] = [];
  readonly #sizes = new Map<Stmt, number>();
  readonly #way: ReadonlyMap<Stmt, number>;
  readonly #longest: number;
  /** Statements that have to stay: they hold the loop to enter at, or leave the function in a way of their own. */
  readonly #fixed = new Set<Stmt>();
  #cut = Cut.Single;
  /** Tries around what is looked at: within one, what follows the blocks of a chain is cut one by one. */
  #tries = 0;

  constructor(way: ReadonlyMap<Stmt, number>, longest: number) {
    this.#way = way;
    this.#longest = longest;
  }

  /** What of a function's body may become functions. */
  candidatesIn(body: readonly Stmt[], cut: Cut): Candidate[] {
    this.#candidates = [];
    this.#cut = cut;
    this.#list(body, 0, 0);
    return this.#candidates;
  }

  sizeOf(list: readonly Stmt[], from = 0): number {
    let size = 0;
    for (let i = from; i < list.length; i++) size += this.#sizeOf(list[i]!);
    return size;
  }

  #sizeOf(stmt: Stmt): number {
    const size = this.#sizes.get(stmt);
    if (size !== undefined) return size;
    // Long chains of blocks take no stack.
    const chain = stmt.kind === StmtKind.Block ? chainOf(stmt) : null;
    if (chain !== null) for (let place = chain.length - 1; place > 0; place--) this.#measure(chain[place]!);
    return this.#measure(stmt);
  }

  #measure(stmt: Stmt): number {
    const { kind, a, b, args, body, otherwise } = stmt;
    let size = STATEMENT + expressionSize(a) + expressionSize(b);
    for (const arg of args) size += expressionSize(arg);
    if (body !== null) size += this.sizeOf(body);
    if (otherwise !== null) size += this.sizeOf(otherwise);
    const isFixed = (inner: Stmt): boolean => this.#fixed.has(inner);
    if (
      this.#way.has(stmt) ||
      kind === StmtKind.TailCall ||
      kind === StmtKind.Try ||
      body?.some(isFixed) ||
      otherwise?.some(isFixed)
    )
      this.#fixed.add(stmt);
    this.#sizes.set(stmt, size);
    return size;
  }

  /** Looks through a list: what is long enough together is a candidate, what is too long is looked into. */
  #list(list: readonly Stmt[], from: number, depth: number): void {
    let start = from;
    let size = 0;
    const end = (to: number): void => {
      const weight = size / LOOP_WEIGHT ** depth;
      if (size >= MIN_PIECE) this.#candidates.push({ ranges: [{ list, from: start, to }], run: null, size, weight });
      start = to;
      size = 0;
    };
    for (let i = from; i < list.length; i++) {
      const stmt = list[i]!;
      const own = this.#sizeOf(stmt);
      const isAlone = own > this.#longest || this.#fixed.has(stmt);
      if (isAlone || size + own > this.#longest) end(i);
      if (isAlone) {
        this.#into(stmt, depth);
        start = i + 1;
      } else size += own;
    }
    end(list.length);
  }

  /** From the innermost block on, which holds the jump into the chain and stays. */
  #chain(chain: readonly Stmt[], depth: number): void {
    const innermost = chain.length - 1;
    this.#list(chain[innermost]!.body!, 0, depth);
    let last = innermost - 1;
    let size = 0;
    const end = (first: number): void => {
      if (size >= MIN_PIECE && last >= first) this.#run({ chain, first, last }, size, depth);
      size = 0;
    };
    for (let place = innermost - 1; place >= 0; place--) {
      const { body } = chain[place]!;
      const own = this.sizeOf(body!, 1);
      const isFixed = own > this.#longest || body!.some((stmt, i) => i > 0 && this.#fixed.has(stmt));
      const isAlone =
        isFixed || this.#tries > 0 || this.#cut === Cut.Single || (this.#cut === Cut.Short && own >= MIN_PIECE);
      if (isAlone || size + own > this.#longest) {
        end(place + 1);
        last = place;
      }
      if (isAlone) {
        this.#list(body!, 1, depth);
        last = place - 1;
      } else size += own;
    }
    end(0);
  }

  #run(run: Run, size: number, depth: number): void {
    const ranges: Range[] = [];
    for (let place = run.last; place >= run.first; place--) {
      const list = run.chain[place]!.body!;
      ranges.push({ list, from: 1, to: list.length });
    }
    this.#candidates.push({ ranges, run, size, weight: size / ranges.length / LOOP_WEIGHT ** depth });
  }

  #into(stmt: Stmt, depth: number): void {
    const { kind, body, otherwise } = stmt;
    if (kind === StmtKind.Try) {
      this.#tries++;
      this.#list(body!, 0, depth);
      this.#tries--;
      return;
    }
    const chain = chainOf(stmt);
    if (chain !== null) return this.#chain(chain, depth);
    if (body !== null) this.#list(body, 0, kind === StmtKind.Loop ? depth + 1 : depth);
    if (otherwise !== null) this.#list(otherwise, 0, depth);
  }
}

function expressionSize(expr: Expr | null): number {
  if (expr === null) return 0;
  const { type, a, b, c } = expr;
  const own = type === Num.I64 || type === Num.V128 ? WIDE_NODE : NODE;
  return own + expressionSize(a) + expressionSize(b) + expressionSize(c);
}

/** What goes in and out of a range; null where that is too much. */
function pieceOf({ ranges, run }: Region, number: number, liveness: Liveness): Piece | null {
  const { variables } = liveness;
  const [read, written] = [liveness.none(), liveness.none()];
  for (const range of ranges) liveness.accessesIn(range, read, written);
  const exits = exitsOf(ranges, run);
  const { before, after, thrown } = run === null ? liveness.bordersOf(ranges[0]!) : bordersOfRun(run, liveness);
  const { list, from, to } = ranges.at(-1)!;
  const falls = !endsControl(list.slice(from, to));
  const later = falls ? after.copy() : liveness.none();
  for (const label of exits) later.addAll(liveness.afterBranch(label));
  const ins = variables.list.filter((_, i) => before.has(i) && (read.has(i) || written.has(i)));
  const outs = variables.list.filter((_, i) => later.has(i) && written.has(i));
  // What is thrown in a piece leaves nothing behind.
  if (thrown !== null && variables.list.some((_, i) => thrown.has(i) && written.has(i))) return null;
  if (ins.length + outs.length > MAX_VARIABLES) return null;
  return { ranges, run, number, ins, outs, exits, falls, grows: ranges.some(mayGrow) };
}

function bordersOfRun({ chain, first, last }: Run, liveness: Liveness): Borders {
  const before = liveness.none();
  for (let place = first + 1; place <= last + 1; place++) before.addAll(liveness.afterBranch(chain[place]!.label));
  return { before, after: liveness.afterBranch(chain[first]!.label), thrown: null };
}

/** Whether a memory may grow while statements run: by themselves, or by what they call. */
function mayGrow({ list, from, to }: Range): boolean {
  let found = false;
  eachStatement(list, from, to, ({ kind }) => {
    found ||=
      kind === StmtKind.Rare || kind === StmtKind.Call || kind === StmtKind.CallIndirect || kind === StmtKind.CallRef;
  });
  return found;
}

/** The labels that statements branch to and do not have themselves. */
function exitsOf(ranges: readonly Range[], run: Run | null): number[] {
  const own = new Set(run?.chain.slice(run.first + 1, run.last + 2).map(({ label }) => label));
  const targets = new Set<number>();
  const visit = ({ kind, label, list, body }: Stmt): void => {
    if (kind === StmtKind.Br || kind === StmtKind.BrIf) targets.add(label);
    else if (kind === StmtKind.Return) targets.add(LABEL_RETURN);
    else if (kind === StmtKind.BrTable) for (const target of list) targets.add(target);
    else if (body !== null) own.add(label);
  };
  for (const { list, from, to } of ranges) eachStatement(list, from, to, visit);
  return [...targets].filter((label) => !own.has(label));
}
