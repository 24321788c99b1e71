// Takes the source of a module or script, gives its tokens in columns (specification: 6.2 Lexical format).
// Nothing is thrown here: a mistake is a token of its own, so that it counts when the parser comes to it.

import { decodeUtf8 } from "../util/utf8.ts";
import { stringBytes } from "./string.ts";

/** What a token is. A number may still turn out to be none when it is read. */
export const enum Token {
  /** The end of the source. */
  End,
  Left,
  Right,
  /** Of lowercase letters in front: `func`, `i32.add`, `offset=8`, `inf`. */
  Keyword,
  Number,
  String,
  /** `$name`. */
  Id,
  /** `$"name"`. */
  QuotedId,
  /** The `(@name` of an annotation that means something here; the other ones are left out. */
  Annotation,
  /** Characters that make no token. */
  Reserved,
  /** A mistake; nothing follows. */
  Bad,
}

/** The tokens of a source: kind, start and end of each. */
export interface Tokens {
  readonly source: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** For an opening parenthesis or an annotation, the index of the token that closes it, or of the last token. */
  readonly closings: Int32Array;
  /** What is wrong with a `Bad` token. */
  readonly mistake: string;
}

const enum Char {
  Tab = 0x09,
  Newline = 0x0a,
  Return = 0x0d,
  Space = 0x20,
  Quote = 0x22,
  Dollar = 0x24,
  Left = 0x28,
  Right = 0x29,
  Plus = 0x2b,
  Minus = 0x2d,
  Zero = 0x30,
  Nine = 0x39,
  Semicolon = 0x3b,
  At = 0x40,
  Backslash = 0x5c,
  LowerA = 0x61,
  LowerZ = 0x7a,
  Delete = 0x7f,
}

const enum Class {
  Illegal,
  Space,
  /** What an identifier or keyword is made of. */
  IdChar,
  /** Only in reserved tokens. */
  Punctuation,
  Quote,
  Paren,
  Semicolon,
}

const classes = classify();

function classify(): Uint8Array {
  const table = new Uint8Array(0x80);
  for (let code = 0x21; code < Char.Delete; code++) table[code] = Class.IdChar;
  for (const code of [Char.Tab, Char.Newline, Char.Return, Char.Space]) table[code] = Class.Space;
  for (const char of ",[]{}") table[char.charCodeAt(0)] = Class.Punctuation;
  table[Char.Quote] = Class.Quote;
  table[Char.Left] = Class.Paren;
  table[Char.Right] = Class.Paren;
  table[Char.Semicolon] = Class.Semicolon;
  return table;
}

function classOf(code: number): Class {
  return code < 0x80 ? classes[code] : Class.Illegal;
}

/** Splits a source into tokens. Annotations whose name is not among `known` are left out. */
export function tokenize(source: string, known: ReadonlySet<string>): Tokens {
  return new Lexer(source, known).run();
}

function isUtf8(string: string): boolean {
  const bytes = stringBytes(string);
  return bytes !== undefined && decodeUtf8(bytes, 0, bytes.length) !== undefined;
}

class Lexer {
  readonly #source: string;
  readonly #known: ReadonlySet<string>;
  #pos = 0;
  #count = 0;
  #kinds: Uint8Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #closings: Int32Array;
  readonly #open: number[] = [];
  #mistake = "";

  constructor(source: string, known: ReadonlySet<string>) {
    const capacity = 64 + (source.length >> 2);
    this.#source = source;
    this.#known = known;
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#closings = new Int32Array(capacity);
  }

  run(): Tokens {
    const source = this.#source;
    while (this.#mistake === "" && this.#pos < source.length) this.#next(source.charCodeAt(this.#pos));
    this.#add(Token.End, source.length, source.length);
    const last = this.#count - 1;
    for (const index of this.#open) this.#closings[index] = last;
    return {
      source,
      count: this.#count,
      kinds: this.#kinds,
      starts: this.#starts,
      ends: this.#ends,
      closings: this.#closings,
      mistake: this.#mistake,
    };
  }

  #next(code: number): void {
    switch (classOf(code)) {
      case Class.Space:
        this.#pos++;
        return;
      case Class.Paren:
        if (code === Char.Right) this.#right();
        else this.#left();
        return;
      case Class.Semicolon:
        if (this.#source.charCodeAt(this.#pos + 1) === Char.Semicolon) this.#lineComment();
        else this.#run();
        return;
      case Class.Illegal:
        this.#fail("illegal character", this.#pos);
        return;
      default:
        this.#run();
    }
  }

  #right(): void {
    const open = this.#open.pop();
    if (open !== undefined) this.#closings[open] = this.#count;
    this.#add(Token.Right, this.#pos, ++this.#pos);
  }

  #left(): void {
    const next = this.#source.charCodeAt(this.#pos + 1);
    if (next === Char.Semicolon) this.#blockComment();
    else if (next === Char.At) this.#annotation();
    else {
      this.#open.push(this.#count);
      this.#add(Token.Left, this.#pos, ++this.#pos);
    }
  }

  #lineComment(): void {
    const source = this.#source;
    for (; this.#pos < source.length; this.#pos++) {
      const code = source.charCodeAt(this.#pos);
      if (code === Char.Newline || code === Char.Return) return;
    }
  }

  #blockComment(): void {
    const source = this.#source;
    const start = this.#pos;
    let depth = 0;
    while (this.#pos < source.length) {
      const code = source.charCodeAt(this.#pos++);
      if (code === Char.Left && source.charCodeAt(this.#pos) === Char.Semicolon) {
        depth++;
        this.#pos++;
      } else if (code === Char.Semicolon && source.charCodeAt(this.#pos) === Char.Right) {
        this.#pos++;
        if (--depth === 0) return;
      }
    }
    this.#fail("unclosed comment", start);
  }

  #annotation(): void {
    const start = this.#pos;
    this.#pos += 2;
    const nameAt = this.#pos;
    if (this.#source.charCodeAt(this.#pos) === Char.Quote) {
      this.#string();
      if (this.#mistake === "" && !isUtf8(this.#source.slice(nameAt, this.#pos))) {
        this.#fail("malformed UTF-8 encoding", nameAt);
      }
    } else while (classOf(this.#source.charCodeAt(this.#pos)) === Class.IdChar) this.#pos++;
    if (this.#mistake !== "") return;
    const name = this.#source.slice(nameAt, this.#pos);
    if (name === "" || name === '""') this.#fail("empty annotation id", start);
    else if (this.#known.has(name)) {
      this.#open.push(this.#count);
      this.#add(Token.Annotation, start, this.#pos);
    } else this.#skipAnnotation(start);
  }

  // Its contents are tokens all the same, with parentheses in pairs; `(@` is nothing special any more.
  #skipAnnotation(start: number): void {
    const source = this.#source;
    let depth = 1;
    while (this.#pos < source.length && this.#mistake === "") {
      const code = source.charCodeAt(this.#pos);
      const kind = classOf(code);
      if (kind === Class.Illegal) this.#fail("illegal character", this.#pos);
      else if (kind === Class.Quote) this.#string();
      else if (code === Char.Left && source.charCodeAt(this.#pos + 1) === Char.Semicolon) this.#blockComment();
      else if (code === Char.Semicolon && source.charCodeAt(this.#pos + 1) === Char.Semicolon) this.#lineComment();
      else {
        this.#pos++;
        if (code === Char.Left) depth++;
        else if (code === Char.Right && --depth === 0) return;
      }
    }
    if (this.#mistake === "") this.#fail("unclosed annotation", start);
  }

  // The longest run without space, parenthesis or comment is one token, whatever it is.
  #run(): void {
    const source = this.#source;
    const start = this.#pos;
    const first = source.charCodeAt(start);
    let strings = 0;
    let isPlain = true;
    for (; this.#pos < source.length; ) {
      const code = source.charCodeAt(this.#pos);
      const kind = classOf(code);
      if (kind === Class.IdChar) this.#pos++;
      else if (kind === Class.Quote) {
        this.#string();
        if (this.#mistake !== "") return;
        strings++;
      } else if (kind === Class.Punctuation || this.#isLoneSemicolon(kind)) {
        isPlain = false;
        this.#pos++;
      } else break;
    }
    this.#add(this.#kindOf(first, start, strings, isPlain), start, this.#pos);
  }

  #isLoneSemicolon(kind: Class): boolean {
    return kind === Class.Semicolon && this.#source.charCodeAt(this.#pos + 1) !== Char.Semicolon;
  }

  #kindOf(first: number, start: number, strings: number, isPlain: boolean): Token {
    if (!isPlain) return Token.Reserved;
    if (strings > 0) {
      if (strings > 1 || this.#source.charCodeAt(this.#pos - 1) !== Char.Quote) return Token.Reserved;
      if (first === Char.Quote) return Token.String;
      return first === Char.Dollar && this.#source.charCodeAt(start + 1) === Char.Quote
        ? Token.QuotedId
        : Token.Reserved;
    }
    if (first >= Char.LowerA && first <= Char.LowerZ) return Token.Keyword;
    if (first === Char.Dollar) return Token.Id;
    const isNumber = (first >= Char.Zero && first <= Char.Nine) || first === Char.Minus || first === Char.Plus;
    return isNumber ? Token.Number : Token.Reserved;
  }

  #string(): void {
    const source = this.#source;
    const start = this.#pos++;
    while (this.#pos < source.length) {
      const code = source.charCodeAt(this.#pos++);
      if (code === Char.Quote) return;
      if (code === Char.Newline || code === Char.Return) break;
      if (code < Char.Space || code === Char.Delete) {
        this.#fail("illegal character", this.#pos - 1);
        return;
      }
      if (code === Char.Backslash) this.#pos++;
    }
    this.#fail("unclosed string", start);
  }

  #fail(mistake: string, start: number): void {
    this.#mistake = mistake;
    this.#add(Token.Bad, start, start + 1);
    this.#pos = this.#source.length;
  }

  #add(kind: Token, start: number, end: number): void {
    const index = this.#count++;
    if (index === this.#kinds.length) this.#grow();
    this.#kinds[index] = kind;
    this.#starts[index] = start;
    this.#ends[index] = end;
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    const wider = (column: Int32Array): Int32Array => {
      const wide = new Int32Array(capacity);
      wide.set(column);
      return wide;
    };
    this.#starts = wider(this.#starts);
    this.#ends = wider(this.#ends);
    this.#closings = wider(this.#closings);
  }
}
