// Takes a function's tree, tells which of its variables are still to be read at the places that are asked about.
import { type FunctionTree, type Handler, LABEL_RETURN, type Stmt, StmtKind, type TryStmt } from "../../ir/tree.ts";
import type { ValType } from "../../syntax/types.ts";
import { movedFrom, movedTo, readBy, row, takenBy, Variables, type Visit, writtenBy } from "./accesses.ts";
import { chainOf, ownFrom } from "./chain.ts";
import { eachStatement } from "./control.ts";
import type { ModuleNames } from "./names.ts";

/** A set of variables by their numbers: 16 in each of a plain array's words, which is copied sooner than a typed one. */
export class VariableSet {
  readonly #words: number[];

  constructor(words: number[]) {
    this.#words = words;
  }

  has(number: number): boolean {
    return (this.#words[number >> 4]! & (1 << (number & 15))) !== 0;
  }

  add(number: number): void {
    this.#words[number >> 4]! |= 1 << (number & 15);
  }

  delete(number: number): void {
    this.#words[number >> 4]! &= ~(1 << (number & 15));
  }

  addAll(other: VariableSet): void {
    const { length } = this.#words;
    for (let i = 0; i < length; i++) this.#words[i]! |= other.#words[i]!;
  }

  copy(): VariableSet {
    return new VariableSet(this.#words.slice());
  }

  equals(other: VariableSet): boolean {
    return this.#words.every((word, i) => word === other.#words[i]);
  }
}

/** The variables that a statement reads and writes itself, by their numbers. */
interface Accesses {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

/** A place to ask about: statements of a list, from one on and up to another. */
export interface Range {
  readonly list: readonly Stmt[];
  readonly from: number;
  readonly to: number;
}

/** What is read later where a range begins, and where control goes on behind it. */
export interface Borders {
  before: VariableSet;
  after: VariableSet;
  /** What the handlers around it read; null where there are none. */
  thrown: VariableSet | null;
}

/** What is to be read later, found from the function's end to its beginning. */
export class Liveness {
  readonly variables: Variables = new Variables();
  readonly #names: ModuleNames;
  readonly #results: readonly ValType[];
  /** What is read after a branch to each label; of a loop, as far as it is known. */
  readonly #labels: (VariableSet | undefined)[] = [];
  readonly #borders = new Map<Range, Borders>();
  readonly #ranges = new Map<readonly Stmt[], Range[]>();
  readonly #empty: VariableSet;
  /** What each statement reads and writes: it is looked at in each round. */
  readonly #accesses = new Map<Stmt, Accesses>();
  /** What is read by the handlers of the tries around. */
  #thrown: VariableSet | null = null;
  #isStable = true;

  /** Results are those of the function. */
  constructor(tree: FunctionTree, names: ModuleNames, results: readonly ValType[], ranges: readonly Range[]) {
    this.#names = names;
    this.#results = results;
    for (const range of ranges) {
      const others = this.#ranges.get(range.list);
      if (others === undefined) this.#ranges.set(range.list, [range]);
      else others.push(range);
    }
    row(results, 0, this.#number);
    eachStatement(tree.body, 0, tree.body.length, (stmt) => {
      this.#accesses.set(stmt, this.#accessesOf(stmt));
      this.#special(stmt, this.#number, this.#number);
    });
    this.#empty = new VariableSet(new Array((this.variables.list.length + 15) >> 4).fill(0));
    const returned = this.none();
    row(results, 0, (slot, type) => returned.add(this.variables.numberOf(slot, type)));
    this.#labels[LABEL_RETURN + 1] = returned;
    do {
      this.#isStable = true;
      this.#list(tree.body, 0, this.none());
    } while (!this.#isStable);
  }

  readonly #number: Visit = (slot, type) => {
    this.variables.numberOf(slot, type);
  };

  none(): VariableSet {
    return this.#empty.copy();
  }

  bordersOf(range: Range): Borders {
    return this.#borders.get(range)!;
  }

  /** What is read after a branch to a label. */
  afterBranch(label: number): VariableSet {
    return this.#labels[label + 1] ?? this.#empty;
  }

  #accessesOf(stmt: Stmt): Accesses {
    const reads: number[] = [];
    const writes: number[] = [];
    readBy(stmt, this.#names, (slot, type) => reads.push(this.variables.numberOf(slot, type)));
    writtenBy(stmt, this.#names, (slot, type) => writes.push(this.variables.numberOf(slot, type)));
    return { reads, writes };
  }

  /** What a statement reads and writes on its way out of it. */
  #special(stmt: Stmt, read: Visit, write: Visit): void {
    const { kind, moves, list } = stmt;
    if (kind === StmtKind.Return) row(this.#results, 0, read);
    if (moves !== null) {
      movedFrom(moves, read);
      for (let target = 0; target < list.length; target++) movedTo(moves, target, write);
    }
    if (kind === StmtKind.Try) for (const handler of (stmt as TryStmt).handlers) takenBy(handler, this.#names, write);
  }

  /** Adds each variable that statements read or write, those in them included. */
  accessesIn({ list, from, to }: Range, read: VariableSet, written: VariableSet): void {
    eachStatement(list, from, to, (stmt) => {
      const { reads, writes } = this.#accesses.get(stmt)!;
      for (const number of reads) read.add(number);
      for (const number of writes) written.add(number);
      this.#special(
        stmt,
        (slot, type) => read.add(this.variables.numberOf(slot, type)),
        (slot, type) => written.add(this.variables.numberOf(slot, type)),
      );
    });
  }

  /** Goes back through a list, from what is read after it; gives what is read from `from` on. Takes the set over. */
  #list(list: readonly Stmt[], from: number, after: VariableSet): VariableSet {
    const ranges = this.#ranges.get(list);
    let live = after;
    for (let i = list.length; ; i--) {
      if (ranges !== undefined) this.#note(ranges, i, live);
      if (i === from) return live;
      live = this.#stmt(list[i - 1]!, live);
    }
  }

  #note(ranges: readonly Range[], at: number, live: VariableSet): void {
    for (const range of ranges) {
      if (range.to === at) {
        const thrown = this.#thrown?.copy() ?? null;
        this.#borders.set(range, { before: this.#empty, after: live.copy(), thrown });
      }
      if (range.from === at) this.#borders.get(range)!.before = live.copy();
    }
  }

  #stmt(stmt: Stmt, after: VariableSet): VariableSet {
    switch (stmt.kind) {
      case StmtKind.Block:
        return this.#block(stmt, after);
      case StmtKind.Loop:
        return this.#loop(stmt, after);
      case StmtKind.If: {
        this.#labels[stmt.label + 1] = after.copy();
        const otherwise = stmt.otherwise === null ? after.copy() : this.#list(stmt.otherwise, 0, after.copy());
        const live = this.#list(stmt.body!, 0, after);
        live.addAll(otherwise);
        return this.#read(stmt, live);
      }
      case StmtKind.Try:
        return this.#try(stmt as TryStmt, after);
      case StmtKind.Br:
        return this.afterBranch(stmt.label).copy();
      case StmtKind.BrIf:
        after.addAll(this.afterBranch(stmt.label));
        return this.#read(stmt, after);
      case StmtKind.BrTable:
        return this.#table(stmt);
      case StmtKind.Return:
        return this.afterBranch(LABEL_RETURN).copy();
      case StmtKind.Unreachable:
      case StmtKind.Throw:
      case StmtKind.ThrowRef:
      case StmtKind.TailCall:
        return this.#read(stmt, this.#thrown?.copy() ?? this.none());
      default:
        for (const number of this.#accesses.get(stmt)!.writes) after.delete(number);
        return this.#read(stmt, after);
    }
  }

  /** Adds what a statement reads, and what is read should it throw. */
  #read(stmt: Stmt, live: VariableSet): VariableSet {
    for (const number of this.#accesses.get(stmt)!.reads) live.add(number);
    if (this.#thrown !== null) live.addAll(this.#thrown);
    return live;
  }

  #block(block: Stmt, after: VariableSet): VariableSet {
    const chain = chainOf(block) ?? [block];
    let live = after;
    chain.forEach(({ label, body }, place) => {
      this.#labels[label + 1] = live.copy();
      live = this.#list(body!, ownFrom(chain, place), live);
    });
    return live;
  }

  /** What is read from a loop's beginning on is read after its branches: they are looked at again until nothing is added. */
  #loop({ label, body }: Stmt, after: VariableSet): VariableSet {
    const known = this.#labels[label + 1];
    if (known === undefined) this.#labels[label + 1] = this.none();
    const live = this.#list(body!, 0, after);
    if (!live.equals(this.#labels[label + 1]!)) {
      this.#labels[label + 1] = live.copy();
      this.#isStable = false;
    }
    return live;
  }

  #try({ label, body, handlers }: TryStmt, after: VariableSet): VariableSet {
    this.#labels[label + 1] = after.copy();
    const outer = this.#thrown;
    const thrown = outer?.copy() ?? this.none();
    for (const handler of handlers) thrown.addAll(this.#handled(handler));
    this.#thrown = thrown;
    const live = this.#list(body!, 0, after);
    live.addAll(thrown);
    this.#thrown = outer;
    return live;
  }

  #handled(handler: Handler): VariableSet {
    const live = this.afterBranch(handler.label).copy();
    takenBy(handler, this.#names, (slot, type) => live.delete(this.variables.numberOf(slot, type)));
    return live;
  }

  #table(stmt: Stmt): VariableSet {
    const { list, moves } = stmt;
    const live = this.none();
    for (const [i, label] of list.entries()) {
      const after = this.afterBranch(label).copy();
      if (moves !== null) movedTo(moves, i, (slot, type) => after.delete(this.variables.numberOf(slot, type)));
      live.addAll(after);
    }
    if (moves !== null) movedFrom(moves, (slot, type) => live.add(this.variables.numberOf(slot, type)));
    for (const number of this.#accesses.get(stmt)!.reads) live.add(number);
    return live;
  }
}
