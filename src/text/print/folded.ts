// Takes instructions, gives expressions with their operands inside (specification: 6.5.11 Folded Instructions). Nesting never changes the order
// of the instructions, so that the text means the same whatever is nested.
import { Op } from "../../syntax/opcodes.ts";
import type { Form } from "./code.ts";
import type { Expression, Part } from "./expression.ts";
import type { Instruction } from "./instruction.ts";
import type { Label } from "./labels.ts";

/** A block whose end has not come. */
interface Frame {
  /** What stands in the present part. */
  items: Expression[];
  /** Items before this index are operands of one that could not be nested. */
  floor: number;
  /** The word that begins the present part, if it has one. */
  word: string;
  readonly parts: Part[];
  readonly head: string;
  readonly operands: readonly Expression[];
  readonly hint: string | undefined;
}

const none: readonly Expression[] = [];

/** The folded form. */
export class FoldedForm implements Form {
  private readonly frames: Frame[] = [frameOf("", "", none, undefined)];

  /** The expressions of a whole body. */
  get expressions(): readonly Expression[] {
    return this.frames[0].items;
  }

  plain({ text, arity }: Instruction, hint: string | undefined): void {
    const operands = this.take(arity >>> 16) ?? this.stopNesting();
    let width = text.length + 2;
    for (const operand of operands) width += operand.width + 1;
    if (hint !== undefined) width = Number.POSITIVE_INFINITY;
    this.push({ head: text, operands, parts: undefined, results: arity & 0xffff, width, hint, comment: "" });
  }

  open({ op, text, arity }: Instruction, { id }: Label, hint: string | undefined): void {
    const params = arity >>> 16;
    let operands = none;
    if (op === Op.if) {
      const all = this.take(params + 1);
      operands = all ?? this.take(1) ?? none;
      if (all === undefined) this.stopNesting();
    } else if (params > 0) this.stopNesting();
    const head = id === undefined ? text : text.replace(/^\w+/, (word) => `${word} ${id}`);
    this.frames.push(frameOf(head, op === Op.if ? "then" : op === Op.try ? "do" : "", operands, hint));
  }

  clause(text: string): void {
    this.endPart();
    this.frames[this.frames.length - 1].word = text;
  }

  close(text: string, { results, isCounted }: Label): void {
    this.endPart();
    const { head, operands, parts, hint } = this.frames.pop()!;
    if (text !== "end") parts.push({ word: text, items: none });
    const comment = isCounted ? ` ;; label = @${this.frames.length}` : "";
    this.push({ head, operands, parts, results, width: Number.POSITIVE_INFINITY, hint, comment });
  }

  private push(expression: Expression): void {
    this.frames[this.frames.length - 1].items.push(expression);
  }

  private endPart(): void {
    const frame = this.frames[this.frames.length - 1];
    frame.parts.push({ word: frame.word, items: frame.items });
    frame.items = [];
    frame.floor = 0;
  }

  // The last items, where they give exactly so many values.
  private take(count: number): readonly Expression[] | undefined {
    if (count === 0) return none;
    const { items, floor } = this.frames[this.frames.length - 1];
    let from = items.length;
    for (let missing = count; missing > 0; from--) {
      if (from === floor) return undefined;
      const { results } = items[from - 1];
      if (results === 0 || results > missing) return undefined;
      missing -= results;
    }
    return items.splice(from);
  }

  // The operands of the next item are where they are: nothing that comes later may nest them.
  private stopNesting(): readonly Expression[] {
    const frame = this.frames[this.frames.length - 1];
    frame.floor = frame.items.length;
    return none;
  }
}

function frameOf(head: string, word: string, operands: readonly Expression[], hint: string | undefined): Frame {
  return { items: [], floor: 0, word, parts: [], head, operands, hint };
}
