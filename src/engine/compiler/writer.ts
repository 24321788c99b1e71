// Takes statements of JavaScript, gives the text of one function: its lines, its variables, what it needs from outside.
import { Num, type ValType } from "../../syntax/types.ts";
import { prefersElements } from "./elements.ts";
import { release } from "./magnitude.ts";
import type { LaneKind } from "./vector-form.ts";

/** The function cannot be printed, or no host would take it: it stays with the interpreter. */
export class NotCompilable extends Error {}

/** Tells that there is no form for an instruction. */
export function unprintable(op: number): NotCompilable {
  return new NotCompilable(`instruction 0x${op.toString(16)}`);
}

/** No function of more characters is printed: a call of a few bytes may move a thousand values. The longest bodies otherwise become half of it. */
export const MAX_LENGTH = 2_000_000;

/** An i64 as the sources of its halves, each an int32. */
export interface Pair {
  readonly lo: string;
  readonly hi: string;
}

/** Whether a source can be repeated: a name or a number. */
export function isAtom(source: string): boolean {
  return source.length <= MAX_ATOM && atom.test(source);
}

/** Length of the longest number: what is longer need not be looked at. */
const MAX_ATOM = 26;

const atom = /^(?:[\w$]+|\(-[\w.]+\)|\d+\.\d*(?:e[+-]?\d+)?)$/;

/** Whether a source is a number. */
export function isLiteral(source: string): boolean {
  return isAtom(source) && literal.test(source);
}

const literal = /^(?:\d|\(-\d)/;

/** The value of a literal int32. */
export function literalValue(source: string): number {
  return Number(source.startsWith("(") ? source.slice(1, -1) : source) | 0;
}

/** An int32 as source. */
export function int(value: number): string {
  return value < 0 ? `(${value | 0})` : String(value | 0);
}

/** What a variable of a type holds at the start. To JavaScriptCore a number with a point is a double. */
function initialOf(type: ValType): string {
  if (type >= 8) return "null";
  return prefersElements() && (type === Num.F32 || type === Num.F64) ? "0." : "0";
}

/** The letter of each type's variables; an i64 has two: `l` and `h`. */
const letters: Readonly<Record<number, string>> = { [Num.I32]: "i", [Num.I64]: "l", [Num.F32]: "f", [Num.F64]: "d" };

/** Kinds of variables that a slot has, by the numbers of their types: 0 for references, 7 for the high halves of i64. */
const KINDS = 8;
const HIGH = 7;

/** The variables of slots. */
const SLOT = /^([ilhfdr]|[vf][abcd]|d[ab])(\d+)$/;

/** The letters of a vector's variables: of its words, or of its floats. */
const vectorLetters: Readonly<Record<LaneKind, readonly string[]>> = {
  [Num.I32]: ["va", "vb", "vc", "vd"],
  [Num.F32]: ["fa", "fb", "fc", "fd"],
  [Num.F64]: ["da", "db"],
};

/** The names of the variables of a vector's slot. */
export function vectorVariables(slot: number, kind: LaneKind): readonly string[] {
  return vectorLetters[kind].map((letters) => letters + slot);
}

/** A whole i64 that stands in `Z`, by the name that a function has for it, or by that of a variable that holds the same; `y` is `ZI`. */
const WIDE = /^(?:z\[|u)(\d+)\]?$/;

/** Elements of `Z`. */
const WIDE_SLOTS = 4096;

/** Where the variable of a number's slot is written; a structure's field may be called as one, as in `r0.f1`. */
const WRITTEN = /(?<![.\w])([ilhfd]\d+)=(?!=)/g;

/**
 * V8 takes time by the square of how many variables are copies of others, until control may come from elsewhere: a function of 60 KB was parsed for 3 s.
 * So it comes from elsewhere at the first copy after so many lines.
 */
const MAX_COPYING = 256;
const COPY = /^(?:\w+=[\w()-]+;)+$/;
const ELSEWHERE = "N:{break N}";

/** More variables are not told what they are at the head of a loop: each takes time where the host has not optimised the function yet. */
const MAX_COERCED = 24;

/** The text of a function while it grows. */
export class Writer {
  readonly lines: string[] = [];
  /** Byte offset of the instruction being written. */
  at = 0;
  /** Whether each line begins with the byte offset of its instruction, in a comment: the lines are the same ones. */
  readonly hasPositions: boolean;
  readonly #variables = new Map<string, string>();
  /** Names of those of slots, by slot and kind. */
  readonly #names: (string | undefined)[] = [];
  #parameters = 0;
  #temporaries = 0;
  /** Where i64 values are whole, the first element of `Z` that is no slot; -1 where they are halves. */
  #wide = -1;
  #wideTemporaries = 0;
  #wideSlots = new Set<number>();
  /**
   * Whole i64 slots that variables hold too, until control may come from elsewhere: V8 reads an element each time that it is named. Each with how often
   * that had been when it was held: forgetting is so the same for all functions, and V8 need not give up code in which it had not been met.
   */
  readonly #held = new Map<number, number>();
  #forgotten = 0;

  #length = 0;
  #copying = MAX_COPYING;

  constructor(hasPositions: boolean) {
    this.hasPositions = hasPositions;
  }

  line(text: string): void {
    if ((this.#length += text.length) > MAX_LENGTH) throw new NotCompilable("too long");
    let rest = "";
    if (this.lines.length > this.#copying && COPY.test(text)) {
      this.#copying = this.lines.length + MAX_COPYING;
      rest = ELSEWHERE;
    }
    this.lines.push((this.hasPositions ? `/*${this.at}*/${text}` : text) + rest);
  }

  /** Begins a line within an expression, for an instruction that may trap there. */
  mark(at: number): string {
    return this.hasPositions ? `\n/*${at}*/` : "\n";
  }

  /** A line that comes from another instruction than its surroundings. */
  lineAt(at: number, text: string): void {
    const outer = this.at;
    this.at = at;
    this.line(text);
    this.at = outer;
  }

  /** Keeps a line's place, to be filled when what comes after it is known. */
  reserve(): number {
    this.line("");
    return this.lines.length - 1;
  }

  /** Fills a reserved line. */
  fill(index: number, text: string): void {
    this.lines[index] += text;
  }

  /** Declares a variable with what it holds at the start. */
  declare(name: string, initial = "0"): string {
    if (!this.#variables.has(name)) this.#variables.set(name, initial);
    return name;
  }

  /** Sets the variables of a slot to what they hold at the start. */
  reset(slot: number): string {
    let source = "";
    for (const [name, initial] of this.#variables)
      if (SLOT.exec(name)?.[2] === String(slot)) source += `${name}=${initial};`;
    return source;
  }

  /** Tells what the variables are that are written from a line on; nothing, if those are many. */
  coercions(first: number): string {
    const written = new Set<string>();
    for (let at = first; at < this.lines.length; at++)
      for (const [, name] of this.lines[at]!.matchAll(WRITTEN)) written.add(name!);
    if (written.size > MAX_COERCED) return "";
    return [...written].map((name) => (/^[fd]/.test(name) ? `${name}=+${name};` : `${name}=${name}|0;`)).join("");
  }

  /** Takes parameters for declared. */
  exclude(names: readonly string[]): void {
    for (const name of names) this.#variables.delete(name);
    this.#parameters = names.length;
  }

  /** The variable of a slot, by what it holds; of an i64 the low half. */
  slot(slot: number, type: ValType): string {
    if (this.#wide >= 0 && type === Num.I64) return `y[${2 * this.#useWide(slot)}]`;
    const place = KINDS * slot + (type < KINDS ? type : 0);
    return this.#names[place] ?? (this.#names[place] = this.declare((letters[type] ?? "r") + slot, initialOf(type)));
  }

  /** The variable of the high half of an i64's slot. */
  high(slot: number): string {
    if (this.#wide >= 0) return `y[${2 * this.#useWide(slot) + 1}]`;
    const place = KINDS * slot + HIGH;
    return this.#names[place] ?? (this.#names[place] = this.declare(`h${slot}`));
  }

  /** Whether i64 values are whole: see wide.ts. */
  get isWide(): boolean {
    return this.#wide >= 0;
  }

  /** Makes i64 values whole, in a function with so many slots; or in a piece, whose slots are those of the whole function. */
  makeWide(slots: number, whole?: Writer): void {
    this.#wide = slots;
    if (whole !== undefined) this.#wideSlots = whole.#wideSlots;
  }

  /** Gives what whole values take names in the function: V8 finds out too late that what a loop reads from outside is a constant. */
  wideNames(): string {
    return this.isWide ? "const z=Z,y=ZI,u=U;" : "";
  }

  /** The element of `Z` that an i64's slot is, for what its variable does not know of. */
  wideElement(slot: number): string {
    this.#held.delete(slot);
    return `z[${this.#useWide(slot)}]`;
  }

  /** A variable with the value of an i64's slot as a whole. */
  wideSlot(slot: number): string {
    const name = this.declare(`u${slot}`, "0n");
    if (this.#held.get(slot) !== this.#forgotten) this.line(`${name}=z[${this.#useWide(slot)}];`);
    this.#held.set(slot, this.#forgotten);
    return name;
  }

  /** Sets an i64's slot as a whole. */
  setWide(slot: number, source: string): void {
    this.line(`z[${this.#useWide(slot)}]=${this.declare(`u${slot}`, "0n")}=${source};`);
    this.#held.set(slot, this.#forgotten);
  }

  /** Takes no variable for what a slot holds, and nothing for known of it. */
  forget(): void {
    release();
    this.forgetWhole();
  }

  /** Takes no variable for what a slot holds. */
  forgetWhole(): void {
    this.#forgotten++;
  }

  /** A name for a whole i64 within one statement: a variable, as it is not merged with another where branches meet. */
  nameWide(source: string): string {
    if (WIDE.test(source)) return source;
    const name = this.declare(`tb${this.#temporaries++}`, "0n");
    this.line(`${name}=${source};`);
    return name;
  }

  /** Computes a whole i64 now, for its halves to be read. */
  keepWide(source: string): { readonly name: string; readonly halves: Pair } {
    let name = source;
    if (!WIDE.test(source)) {
      name = this.wideTemporary();
      this.line(`${name}=${source};`);
    }
    const place = 2 * Number(WIDE.exec(name)![1]);
    return { name, halves: { lo: `y[${place}]`, hi: `y[${place + 1}]` } };
  }

  /** A place for a whole i64 within one statement. */
  wideTemporary(): string {
    const place = this.#wide + this.#wideTemporaries++;
    if (place >= WIDE_SLOTS) throw new NotCompilable("too long");
    return `z[${place}]`;
  }

  #useWide(slot: number): number {
    this.#wideSlots.add(slot);
    return slot;
  }

  /** Sets the whole i64 slots from `first` on to zero, or to what the interpreter's registers hold, if their places are given. */
  wideDeclarations(first: number, register?: (slot: number) => number): string {
    const list = [...this.#wideSlots].filter((slot) => slot >= first);
    const halves = (slot: number, place: number): string =>
      `y[${2 * slot}]=${held("l", place)};y[${2 * slot + 1}]=${held("h", place)};`;
    return list.map((slot) => (register === undefined ? `z[${slot}]=0n;` : halves(slot, register(slot)))).join("");
  }

  /** The variables of a vector's slot. */
  vector(slot: number, kind: LaneKind): readonly string[] {
    return vectorVariables(slot, kind).map((name) => this.declare(name, initialOf(kind)));
  }

  /** Variables used within one statement are free again after it. */
  endStatement(): void {
    this.#temporaries = 0;
    this.#wideTemporaries = 0;
  }

  /** A name for a value of a type that was computed early. */
  temporary(type: ValType): string {
    const prefix = type >= 8 ? "tr" : type === Num.F32 || type === Num.F64 ? "td" : "t";
    return this.declare(`${prefix}${this.#temporaries++}`, initialOf(type));
  }

  /** Computes a source now, and gives its name; a name or number stays as it is. */
  keep(source: string, type: ValType = Num.I32): string {
    if (isAtom(source)) return source;
    const name = this.temporary(type);
    this.line(`${name}=${source};`);
    return name;
  }

  /** Computes an int32 now, into a variable if one is given. */
  put(source: string, name: string | undefined): string {
    if (name === undefined) return this.keep(source);
    this.line(`${name}=${source};`);
    return name;
  }

  keepPair({ lo, hi }: Pair): Pair {
    return { lo: this.keep(lo), hi: this.keep(hi) };
  }

  /** The variables of slots, parameters included. */
  slotVariables(params: readonly string[]): string[] {
    return [...new Set([...params, ...this.#variables.keys()])].filter((name) => SLOT.test(name));
  }

  /** About how much of the host's stack a frame takes. */
  frameBytes(): number {
    return 160 + 16 * (this.#variables.size + this.#parameters);
  }

  /** Declares the variables; those of slots are properties of what a function handed over. */
  handedDeclarations(): string {
    const [slots, others]: [string[], string[]] = [[], []];
    for (const [name, initial] of this.#variables) (SLOT.test(name) ? slots : others).push(`${name}=${initial}`);
    return `let ${[`{${slots.join()}}=fp`, ...others].join()};`;
  }

  /** Declares the variables; those of slots begin as what the interpreter's registers hold, if their places are given. */
  declarations(register?: (slot: number) => number): string {
    if (this.#variables.size === 0) return "";
    const list = [...this.#variables].map(([name, initial]) => {
      const match = register === undefined ? null : SLOT.exec(name);
      return `${name}=${match === null ? initial : held(match[1]!, register!(Number(match[2])))}`;
    });
    return `let ${list.join()};`;
  }
}

/** What a register of the frame at `fp` holds. */
function held(letter: string, register: number): string {
  switch (letter) {
    case "h":
      return `I[fp+${register + 1}]`;
    case "f":
      return `fromBits(I[fp+${register}])`;
    case "d":
      return `D[fp+${register}>>1]`;
    case "r":
      return `R[fp+${register}>>1]`;
    default:
      return letter.length === 1 ? `I[fp+${register}]` : heldLane(letter, register);
  }
}

/** What a lane of a vector's register holds. */
function heldLane(letters: string, register: number): string {
  const lane = "abcd".indexOf(letters[1]!);
  if (letters.startsWith("d")) return `D[(fp+${register}>>1)+${lane}]`;
  const word = `I[fp+${register + lane}]`;
  return letters.startsWith("f") ? `fromBits(${word})` : word;
}
