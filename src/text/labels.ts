// Takes the labels of nested blocks, gives relative depths (specification: 6.5.1 Labels).
import type { Cursor } from "./cursor.ts";
import { readU32 } from "./integer.ts";
import { Token } from "./lexer.ts";

/** The open labels of one function. */
export class Labels {
  /** Identifier of each label of the function, in order of the blocks, for the name section. */
  readonly ids: Map<number, string> = new Map();
  #count = 0;
  readonly #open: (string | undefined)[] = [];
  /** Depths at which an identifier is open, the innermost last. */
  readonly #depths = new Map<string, number[]>();

  /** Opens the label of a block. */
  push(id: string | undefined): void {
    const index = this.#count++;
    const depth = this.#open.push(id) - 1;
    if (id === undefined) return;
    this.ids.set(index, id);
    const depths = this.#depths.get(id);
    if (depths === undefined) this.#depths.set(id, [depth]);
    else depths.push(depth);
  }

  /** Closes the innermost label. */
  pop(): void {
    const id = this.#open.pop();
    if (id !== undefined) this.#depths.get(id)!.pop();
  }

  /** Takes the identifier that may repeat the innermost label's. */
  acceptSame(cursor: Cursor): void {
    if (!cursor.isId()) return;
    const { at } = cursor;
    if (cursor.id() !== this.#open.at(-1)) cursor.fail("mismatching label", at);
  }

  /** Takes a label, gives its relative depth. */
  read(cursor: Cursor): number {
    if (cursor.kind === Token.Number) return readU32(cursor);
    const { at } = cursor;
    const id = cursor.id();
    const depth = this.#depths.get(id)?.at(-1);
    if (depth === undefined) cursor.fail(`unknown label $${id}`, at);
    return this.#open.length - 1 - depth;
  }
}
