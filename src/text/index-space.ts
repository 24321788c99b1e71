// Takes identifiers and indices, gives indices (specification: 6.1.3 Contexts, 6.6.1 Indices).
import type { Cursor } from "./cursor.ts";
import { readU32 } from "./integer.ts";
import { Token } from "./lexer.ts";
import { acceptName } from "./name-annotation.ts";

/** The indices of one kind of definition, and the identifiers that stand for some of them. */
export class IndexSpace {
  /** What the definitions are called in errors. */
  readonly noun: string;
  /** Identifier by index, for the name section. */
  readonly ids: Map<number, string> = new Map();
  count = 0;
  readonly #indices = new Map<string, number>();
  #defined = 0;

  constructor(noun: string) {
    this.noun = noun;
  }

  /** Takes an identifier, if there is one, for the next index. */
  declare(cursor: Cursor): number {
    const { at } = cursor;
    const id = cursor.optionalId();
    const index = this.count++;
    if (id !== undefined) {
      if (this.#indices.has(id)) cursor.fail(`duplicate ${this.noun} $${id}`, at);
      this.#indices.set(id, index);
      this.ids.set(index, id);
    }
    return index;
  }

  /** Whether the next token is an index. */
  isNext({ kind }: Cursor): boolean {
    return kind === Token.Number || kind === Token.Id || kind === Token.QuotedId;
  }

  /** Takes an index or an identifier. */
  read(cursor: Cursor): number {
    if (cursor.kind === Token.Number) return readU32(cursor);
    const { at } = cursor;
    const id = cursor.id();
    return this.#indices.get(id) ?? cursor.fail(`unknown ${this.noun} $${id}`, at);
  }

  /** As `read`, where nothing stands for 0. */
  readOptional(cursor: Cursor): number {
    return this.isNext(cursor) ? this.read(cursor) : 0;
  }

  /** Gives the next index, which has no identifier. */
  defineNameless(): number {
    return this.#defined++;
  }

  /** Takes the identifier of a declared index once more, and the name that may follow; gives the index. */
  define(cursor: Cursor): number {
    cursor.optionalId();
    const index = this.#defined++;
    acceptName(cursor, this.ids, index);
    return index;
  }
}
