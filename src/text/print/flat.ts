// Takes instructions, gives one line for each (specification: 6.5 Instructions).
import type { Form } from "./code.ts";
import type { Instruction } from "./instruction.ts";
import type { Label } from "./labels.ts";
import { indentOf } from "./lines.ts";

/** The flat form: blocks end with `end`, and their contents are indented. */
export class FlatForm implements Form {
  readonly lines: string[] = [];
  private depth: number;
  /** The lines on which the open blocks begin. */
  private readonly openings: number[] = [];

  constructor(depth: number) {
    this.depth = depth;
  }

  plain({ text }: Instruction, hint: string | undefined): void {
    if (hint !== undefined) this.line(hint);
    this.line(text);
  }

  open({ text }: Instruction, { id }: Label, hint: string | undefined): void {
    if (hint !== undefined) this.line(hint);
    this.openings.push(this.lines.length);
    this.line(id === undefined ? text : text.replace(/^\w+/, (word) => `${word} ${id}`));
    this.depth++;
  }

  clause(text: string): void {
    this.depth--;
    this.line(text);
    this.depth++;
  }

  close(text: string, { isCounted }: Label): void {
    this.depth--;
    this.line(text);
    const opening = this.openings.pop()!;
    if (isCounted) this.lines[opening] += ` ;; label = @${this.openings.length + 1}`;
  }

  private line(text: string): void {
    this.lines.push(indentOf(this.depth) + text);
  }
}
