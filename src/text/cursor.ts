// Takes tokens, gives them one after another, and the error of one that does not fit (specification: 6.1 Conventions).
import type { TextError } from "../api/errors.ts";
import { decodeUtf8 } from "../util/utf8.ts";
import { Token, type Tokens } from "./lexer.ts";
import { stringBytes } from "./string.ts";
import { textError } from "./text-error.ts";

const unexpected = "unexpected token";

/** A position among tokens. */
export class Cursor {
  readonly tokens: Tokens;
  readonly source: string;
  /** Index of the current token. */
  at: number;
  /** Whether what is written is to be found again in the source. */
  readonly keepsPlaces: boolean;

  constructor(tokens: Tokens, at = 0, keepsPlaces = false) {
    this.tokens = tokens;
    this.source = tokens.source;
    this.at = at;
    this.keepsPlaces = keepsPlaces;
  }

  get kind(): Token {
    return this.tokens.kinds[this.at];
  }

  /** Where in the source a token begins, the current one or one before it; -1 where nobody asks for that. */
  place(distance = 0): number {
    return this.keepsPlaces ? this.tokens.starts[this.at + distance] : -1;
  }

  /** The characters of the current token. */
  get text(): string {
    return this.#textAt(this.at);
  }

  /** The characters of a token that follows. */
  textAfter(distance: number): string {
    return this.#textAt(this.at + distance);
  }

  is(kind: Token): boolean {
    return this.kind === kind;
  }

  kindAfter(distance: number): Token {
    const index = this.at + distance;
    return index < this.tokens.count ? this.tokens.kinds[index] : Token.End;
  }

  /** Whether a token at some distance has exactly these characters. */
  isText(word: string, distance = 0): boolean {
    const { starts, ends, count } = this.tokens;
    const index = this.at + distance;
    if (index >= count || ends[index] - starts[index] !== word.length) return false;
    return this.source.startsWith(word, starts[index]);
  }

  /** Whether a parenthesis with this word comes next. */
  isOpen(word: string): boolean {
    return this.kind === Token.Left && this.isText(word, 1);
  }

  /** Goes over a parenthesis with this word, if there is one. */
  acceptOpen(word: string): boolean {
    if (!this.isOpen(word)) return false;
    this.at += 2;
    return true;
  }

  acceptWord(word: string): boolean {
    if (!this.isText(word)) return false;
    this.at++;
    return true;
  }

  accept(kind: Token): boolean {
    if (this.kind !== kind) return false;
    this.at++;
    return true;
  }

  open(word: string): void {
    if (!this.acceptOpen(word)) this.fail();
  }

  close(): void {
    if (!this.accept(Token.Right)) this.fail();
  }

  /** Takes a keyword. */
  keyword(): string {
    if (this.kind !== Token.Keyword) this.fail();
    const { text } = this;
    this.at++;
    return text;
  }

  /** Goes to after the parenthesis that opens here. */
  skipGroup(): void {
    this.at = this.tokens.closings[this.at];
    if (this.kind !== Token.End) this.at++;
  }

  isId(): boolean {
    return this.kind === Token.Id || this.kind === Token.QuotedId;
  }

  /** Takes an identifier, without its dollar; undefined where there is none. */
  optionalId(): string | undefined {
    return this.isId() ? this.id() : undefined;
  }

  /** Takes an identifier. */
  id(): string {
    const { kind, text } = this;
    if (kind !== Token.Id && kind !== Token.QuotedId) this.fail();
    const name = kind === Token.Id ? text.slice(1) : this.#utf8(stringBytes(text.slice(1)));
    if (name === "") this.fail("empty identifier");
    this.at++;
    return name;
  }

  /** Takes a string as bytes. */
  bytes(): Uint8Array {
    if (this.kind !== Token.String) this.fail();
    const bytes = stringBytes(this.text);
    if (bytes === undefined) this.fail("illegal escape");
    this.at++;
    return bytes;
  }

  /** Takes a string that is text. */
  name(): string {
    if (this.kind !== Token.String) this.fail();
    const name = this.#utf8(stringBytes(this.text));
    this.at++;
    return name;
  }

  /** The error of the current token. What is wrong with the token itself comes first. */
  error(message: string, at: number = this.at): TextError {
    const { kinds, starts, mistake } = this.tokens;
    const kind = kinds[at];
    const text = this.#textAt(at);
    const said =
      kind === Token.Bad
        ? mistake
        : kind === Token.Reserved
          ? `unknown operator ${text}`
          : kind === Token.Annotation && message === unexpected
            ? `misplaced ${text.slice(1)} annotation`
            : kind === Token.End && message === unexpected
              ? `${unexpected}: the text ends`
              : message;
    return textError(said, this.source, starts[at]);
  }

  fail(message: string = unexpected, at: number = this.at): never {
    throw this.error(message, at);
  }

  #textAt(at: number): string {
    const { starts, ends } = this.tokens;
    return this.source.slice(starts[at], ends[at]);
  }

  #utf8(bytes: Uint8Array | undefined): string {
    if (bytes === undefined) this.fail("illegal escape");
    return decodeUtf8(bytes, 0, bytes.length) ?? this.fail("malformed UTF-8 encoding");
  }
}
