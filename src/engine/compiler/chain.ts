// Long chains of blocks, each the first statement of the one around it, as programs with jump tables have them (specification: 4.6.2 Control instructions).
import { type Stmt, StmtKind } from "../../ir/tree.ts";

/** Chains of so many blocks are a switch in a loop; hosts' parsers overflow at some hundreds of nested blocks. */
const MIN_CHAIN = 60;

/** The blocks from the outermost to the innermost; null where there are few. */
export function chainOf(block: Stmt): readonly Stmt[] | null {
  let length = 0;
  for (let inner: Stmt | undefined = block; inner?.kind === StmtKind.Block; inner = inner.body![0]) length++;
  if (length < MIN_CHAIN) return null;
  const chain: Stmt[] = [];
  for (let inner = block; chain.length < length; inner = inner.body![0]!) chain.push(inner);
  return chain;
}

/** The statements of a block of a chain that are its own, from a place in its list on. */
export function ownFrom(chain: readonly Stmt[], place: number): 0 | 1 {
  return place === chain.length - 1 ? 0 : 1;
}

/** What follows the blocks of a chain from place `last` on out to place `first`; it is entered behind the blocks within these. */
export interface Run {
  readonly chain: readonly Stmt[];
  readonly first: number;
  readonly last: number;
}

/** The jumps out of the blocks of chains: each block has a number, under which the switch goes on behind it. */
export class Chains {
  /** Of each block the chain's label and its number. */
  readonly #blocks = new Map<number, { readonly head: number; readonly state: number }>();
  /** Blocks that something leaves. */
  readonly #left = new Set<number>();

  /** Takes up a chain; numbers 0 and 1 are where it begins, and where the loop to enter at is. */
  begin(chain: readonly Stmt[]): void {
    this.#take({ chain, first: -1, last: chain.length - 2 });
  }

  /** Takes up the part of a chain that is a function of its own. */
  beginRun(run: Run): void {
    this.#take(run);
  }

  #take({ chain, first, last }: Run): void {
    const head = chain[0]!.label;
    for (let place = first + 1; place <= last + 1; place++)
      this.#blocks.set(chain[place]!.label, { head, state: chain.length + 1 - place });
  }

  /** A jump behind the block of a label; undefined where that is in no chain. */
  branch(label: number): string | undefined {
    const block = this.#blocks.get(label);
    if (block === undefined) return undefined;
    const { head, state } = block;
    if (label === head) return `break Q${head};`;
    this.#left.add(label);
    return `{q${head}=${state};continue Q${head};}`;
  }

  /** The numbers of blocks, if all are of one chain: a jump with a table takes its number from a table. */
  statesOf(labels: readonly number[]): { readonly head: number; readonly states: readonly number[] } | null {
    const head = this.#blocks.get(labels[0]!)?.head;
    if (head === undefined || labels.some((label) => this.#blocks.get(label)?.head !== head)) return null;
    for (const label of labels) this.#left.add(label);
    return { head, states: labels.map((label) => this.stateOf(label)) };
  }

  /** The number of a block. */
  stateOf(label: number): number {
    return this.#blocks.get(label)!.state;
  }

  /** Whether something leaves a block, so far. */
  isLeft(label: number): boolean {
    return this.#left.has(label);
  }
}
