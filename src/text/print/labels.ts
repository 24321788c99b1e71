// Takes blocks as they open and close, gives the words for the labels that branches name (specification: 6.5.1 Labels).
import type { Op } from "../../syntax/opcodes.ts";
import { identifier } from "./literals.ts";

/** A block that is open. */
export interface Label {
  /** The opcode that began its present part: `else` in place of `if`. */
  op: Op;
  readonly id: string | undefined;
  /** Values that a branch to it takes. */
  readonly arity: number;
  /** Values that the block leaves. */
  readonly results: number;
  /** A branch names it by its number; people then need a comment to find it. */
  isCounted: boolean;
}

/** The blocks around an instruction; the outermost is the function. */
export class Labels {
  private readonly open: Label[] = [];
  /** Identifier → the depths of the open blocks that have it. */
  private readonly byId = new Map<string, number[]>();

  get depth(): number {
    return this.open.length;
  }

  get innermost(): Label {
    return this.open[this.open.length - 1];
  }

  push(op: Op, name: string | undefined, arity: number, results: number): Label {
    const id = name === undefined || name === "" ? undefined : identifier(name);
    const label = { op, id, arity, results, isCounted: false };
    if (id !== undefined) {
      const depths = this.byId.get(id);
      if (depths === undefined) this.byId.set(id, [this.open.length]);
      else depths.push(this.open.length);
    }
    this.open.push(label);
    return label;
  }

  pop(): Label {
    const label = this.open.pop()!;
    if (label.id !== undefined) this.byId.get(label.id)!.pop();
    return label;
  }

  /** Values that a branch takes; none where there is no such block. */
  arity(relative: number): number {
    return this.open[this.open.length - 1 - relative]?.arity ?? 0;
  }

  /** The words for a label: its identifier, or its number where it has none or a block inside has the same. Counts from `skipped` blocks out. */
  use(relative: number, skipped = 0): string {
    const depth = this.open.length - 1 - skipped - relative;
    const label = this.open[depth];
    if (label === undefined) return String(relative);
    if (label.id !== undefined && this.byId.get(label.id)!.at(-1) === depth) return label.id;
    label.isCounted = true;
    return `${relative} ${depth === 0 ? "(;function;)" : `(;@${depth};)`}`;
  }
}
