// The builtins of the set `js-string`: what guests do with strings of JavaScript's (JavaScript API: String Builtins).
import { Trap } from "../api/errors.ts";
import { type ArrayInstance, allocateBuiltin, checkLong, type FunctionInstance, noteHostError } from "../embedding.ts";
import { CompositeKind, funcType, Heap, internGroup, Num, Ref, refType, type ValType } from "../syntax/types.ts";

type Chars = ArrayInstance | null;

const [charArray] = internGroup([
  {
    kind: CompositeKind.Array,
    final: true,
    supertype: undefined,
    params: [],
    results: [],
    fields: [{ storage: Num.I16, mutable: true }],
  },
]) as [number];

const i32 = Num.I32;
const any = Ref.ExternNull;
const string = refType(Heap.Extern, false);
const chars = refType(charArray, true);

/** Character codes of one call, as hosts limit how many arguments there may be, and between two looks at the time. */
const CHUNK = 4096;

type Builtin = readonly [params: readonly ValType[], result: ValType, run: (...args: never[]) => unknown];

const builtins: Readonly<Record<string, Builtin>> = {
  cast: [[any], string, stringOf],
  test: [[any], i32, (value: unknown) => (typeof value === "string" ? 1 : 0)],
  fromCharCodeArray: [[chars, i32, i32], string, fromCharCodeArray],
  intoCharCodeArray: [[any, chars, i32], i32, intoCharCodeArray],
  fromCharCode: [[i32], string, (code: number) => String.fromCharCode(code)],
  fromCodePoint: [[i32], string, fromCodePoint],
  charCodeAt: [
    [any, i32],
    i32,
    (value: unknown, index: number) => stringOf(value).charCodeAt(indexIn(stringOf(value), index)),
  ],
  codePointAt: [
    [any, i32],
    i32,
    (value: unknown, index: number) => stringOf(value).codePointAt(indexIn(stringOf(value), index)),
  ],
  length: [[any], i32, (value: unknown) => stringOf(value).length],
  concat: [[any, any], string, (a: unknown, b: unknown) => joined(stringOf(a), stringOf(b))],
  substring: [[any, i32, i32], string, substring],
  equals: [
    [any, any],
    i32,
    (a: unknown, b: unknown) => ((a === null ? null : readableOf(a)) === (b === null ? null : readableOf(b)) ? 1 : 0),
  ],
  compare: [
    [any, any],
    i32,
    (a: unknown, b: unknown) => {
      const [first, second] = [readableOf(a), readableOf(b)];
      return first === second ? 0 : first < second ? -1 : 1;
    },
  ],
};

const instances = new Map<string, FunctionInstance>();

/** The builtin of a name. */
export function stringBuiltin(name: string): FunctionInstance | undefined {
  let made = instances.get(name);
  if (made === undefined && Object.hasOwn(builtins, name)) {
    const [params, result, run] = builtins[name]!;
    made = allocateBuiltin(funcType(params, [result]), run, `wasm:js-string.${name}`);
    instances.set(name, made);
  }
  return made;
}

/** A string that is to be read as a whole, if there is time: compiled code does not look before it calls a builtin. */
function readableOf(value: unknown): string {
  const text = stringOf(value);
  checkLong(text.length);
  return text;
}

function stringOf(value: unknown): string {
  if (typeof value !== "string") throw new Trap("cast failure: not a string");
  return value;
}

/** One string of two. Of one that is too long the host's error has to be told from a guest's access out of bounds. */
function joined(a: string, b: string): string {
  try {
    return a + b;
  } catch (error) {
    noteHostError(error);
    throw error;
  }
}

function indexIn(text: string, index: number): number {
  if (index >>> 0 >= text.length) throw new Trap("out of bounds string access");
  return index;
}

function elementsOf(array: Chars): Int16Array {
  if (array === null) throw new Trap("null array reference");
  return array.data as Int16Array;
}

function fromCharCodeArray(array: Chars, start: number, end: number): string {
  const elements = elementsOf(array);
  if (start >>> 0 > end >>> 0 || end >>> 0 > elements.length) throw new Trap("out of bounds array access");
  let text = "";
  // A character code is taken modulo 65536: the elements' sign is no matter.
  for (let at = start; at < end; at += CHUNK) {
    checkLong(end - at);
    const codes = elements.subarray(at, Math.min(at + CHUNK, end));
    text = joined(text, String.fromCharCode.apply(null, codes as unknown as number[]));
  }
  return text;
}

function intoCharCodeArray(value: unknown, array: Chars, start: number): number {
  const elements = elementsOf(array);
  const text = stringOf(value);
  const first = start >>> 0;
  if (first + text.length > elements.length) throw new Trap("out of bounds array access");
  const { length } = text;
  for (let at = 0; at < length; at += CHUNK) {
    checkLong(length - at);
    const end = Math.min(at + CHUNK, length);
    for (let i = at; i < end; i++) elements[first + i] = text.charCodeAt(i);
  }
  return length;
}

function fromCodePoint(point: number): string {
  if (point >>> 0 > 0x10ffff) throw new Trap("code point out of range");
  return String.fromCodePoint(point);
}

function substring(value: unknown, start: number, end: number): string {
  const text = stringOf(value);
  return start >>> 0 > end >>> 0 ? "" : text.substring(start >>> 0, end >>> 0);
}
