// Long chains of blocks, each the first statement of the one around it, as programs with jump tables have them (specification: 4.6.6 Control instructions).
import { type Stmt, StmtKind } from "../../ir/tree.ts";

/** Chains of so many blocks are a switch in a loop; hosts' parsers overflow at some hundreds of nested blocks. */
const MIN_CHAIN = 60;

/** The blocks from the outermost to the innermost; null where there are few. */
export function chainOf(block: Stmt): readonly Stmt[] | null {
  const chain: Stmt[] = [];
  for (let inner: Stmt | undefined = block; inner?.kind === StmtKind.Block; inner = inner.body![0]) chain.push(inner);
  return chain.length < MIN_CHAIN ? null : chain;
}

/** The statements of a block of a chain that are its own, from a place in its list on. */
export function ownFrom(chain: readonly Stmt[], place: number): 0 | 1 {
  return place === chain.length - 1 ? 0 : 1;
}

/** The jumps out of the blocks of chains: each block that something leaves has a number, under which the switch goes on behind it. */
export class Chains {
  /** Of each block the chain's label and its number, 0 where nothing leaves it so far; -1 for the outermost. */
  readonly #blocks = new Map<number, { readonly head: number; state: number }>();
  readonly #last = new Map<number, number>();

  /** Takes up a chain; numbers 0 and 1 are where it begins, and where the loop to enter at is. */
  begin(chain: readonly Stmt[]): void {
    const head = chain[0]!.label;
    this.#last.set(head, 1);
    chain.forEach(({ label }, place) => {
      this.#blocks.set(label, { head, state: place === 0 ? -1 : 0 });
    });
  }

  /** A jump behind the block of a label; undefined where that is in no chain. */
  branch(label: number): string | undefined {
    const block = this.#blocks.get(label);
    if (block === undefined) return undefined;
    const { head } = block;
    if (block.state < 0) return `break Q${head};`;
    if (block.state === 0) {
      block.state = this.#last.get(head)! + 1;
      this.#last.set(head, block.state);
    }
    return `{q${head}=${block.state};continue Q${head};}`;
  }

  /** The number of a block that something leaves, else 0. */
  stateOf(label: number): number {
    return this.#blocks.get(label)!.state;
  }
}
