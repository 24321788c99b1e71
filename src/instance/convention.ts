// The convention of compiled code: how values go into a function and come out of it (specification: 4.7.3 Invocation).

import { f32Bits, f32FromBits, f64FromBits, putDouble, XD, XI } from "../num/float-bits.ts";
import { HIGH } from "../num/integer.ts";
import { Num, type ValType } from "../syntax/types.ts";

/**
 * A function of compiled code. An i32 is an int32, an i64 two of them (low first), an f32 or f64 a number (see num/float-bits.ts), a reference
 * itself, a v128 four int32; the last argument says how many guest frames there are with this one (see `framesArgument`). One result is
 * returned, of an i64 the low half, with the high half in `HIGH[0]`; a v128 and several are left in `results`.
 */
export type CompiledCode = (...values: unknown[]) => unknown;

/** Values as they are handed on to a call: how many, the first four apart, so that no list is made of few, and a list of all if there are more. */
export type Handed = readonly [
  count: number,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  d?: unknown,
  values?: readonly unknown[],
];

/** Calls a function with values; `n` is its last argument. Few are spread by hand, which is several times as fast. */
export function applyCode(
  code: CompiledCode,
  n: number,
  count: number,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  values: readonly unknown[] | undefined,
): unknown {
  switch (count) {
    case 0:
      return code(n);
    case 1:
      return code(a, n);
    case 2:
      return code(a, b, n);
    case 3:
      return code(a, b, c, n);
    case 4:
      return code(a, b, c, d, n);
    case 5:
      return code(a, b, c, d, values![4], n);
    case 6:
      return code(a, b, c, d, values![4], values![5], n);
    default:
      return code(...values!, n);
  }
}

const MAX_RESULTS = 1000;

/** Where several results are left, by their place: two words, a double, a reference or four words each. A piece leaves lanes of vectors as doubles, too. */
export const results: Results = {
  I: new Int32Array(2 * MAX_RESULTS),
  D: new Float64Array(2 * MAX_RESULTS),
  R: [],
  V: new Int32Array(4 * MAX_RESULTS),
};

/** The last argument of a call: twice the number of guest frames, plus one where a try of compiled code is around the call. */
export function framesArgument(frames: number): number {
  return 2 * frames;
}

/** The number of guest frames in the last argument of a call. */
export function framesIn(n: number): number {
  return n >> 1;
}

/** Whether a try of compiled code is around a call with this last argument. */
export function isCaught(n: number): boolean {
  return (n & 1) !== 0;
}

interface Results {
  readonly I: Int32Array;
  readonly D: Float64Array;
  readonly R: unknown[];
  readonly V: Int32Array;
}

// V8 reads and writes elements in place, and calls the methods of a DataView for bigints.
const long = new BigInt64Array(1);
const halves = new Int32Array(long.buffer);

/** The low word of a bigint as an i64, which leaves the high one in `HIGH[0]`. Throws a TypeError for what is no bigint and turns into none. */
export function lowWord(value: unknown): number {
  long[0] = value as bigint;
  HIGH[0] = halves[1]!;
  return halves[0]!;
}

/** The high word that `lowWord` left. */
export function highWord(): number {
  return HIGH[0]!;
}

/** The bigint of an i64 that a call returned. */
export function returnedBigInt(low: unknown): bigint {
  return bigIntOf(low, HIGH[0]);
}

/** The bigint of two words. */
export function bigIntOf(low: unknown, high: unknown): bigint {
  halves[0] = low as number;
  halves[1] = high as number;
  return long[0]!;
}

/** An empty list of arguments. One of nothing but numbers V8 would keep as doubles, and make their signalling NaNs quiet. */
export function argumentList(): unknown[] {
  const list: unknown[] = [null];
  list.pop();
  return list;
}

/** Appends a value, given as its words or as a reference, to the arguments of a call. */
export function pushArgument(values: unknown[], type: ValType, words: Int32Array, at: number, ref: unknown): void {
  switch (type) {
    case Num.I32:
      values.push(words[at]);
      break;
    case Num.I64:
      values.push(words[at], words[at + 1]);
      break;
    case Num.F32:
      values.push(f32FromBits(words[at]!));
      break;
    case Num.F64:
      values.push(f64FromBits(words[at]!, words[at + 1]!));
      break;
    case Num.V128:
      values.push(words[at], words[at + 1], words[at + 2], words[at + 3]);
      break;
    default:
      values.push(ref);
  }
}

/** Takes the argument that begins at place `i` as its words, gives the place of the next one. */
export function takeArguments(
  type: ValType,
  values: readonly unknown[],
  i: number,
  words: Int32Array,
  at: number,
): number {
  const value = values[i] as number;
  switch (type) {
    case Num.I32:
      words[at] = value;
      return i + 1;
    case Num.I64:
      words[at] = value;
      words[at + 1] = values[i + 1] as number;
      return i + 2;
    case Num.F32:
      words[at] = f32Bits(value);
      return i + 1;
    case Num.V128:
      for (let k = 0; k < 4; k++) words[at + k] = values[i + k] as number;
      return i + 4;
    default:
      putDouble(XD, 0, value);
      words[at] = XI[0]!;
      words[at + 1] = XI[1]!;
      return i + 1;
  }
}

/** Takes the one result that a call returned, or result `index` of several, as its words; a reference is returned. */
export function takeResult(type: ValType, returned: unknown, index: number, words: Int32Array, at: number): unknown {
  const isOne = index < 0;
  switch (type) {
    case Num.I32:
      words[at] = isOne ? (returned as number) : results.I[2 * index]!;
      return undefined;
    case Num.I64:
      words[at] = isOne ? (returned as number) : results.I[2 * index]!;
      words[at + 1] = isOne ? HIGH[0]! : results.I[2 * index + 1]!;
      return undefined;
    case Num.F32:
      words[at] = f32Bits(isOne ? (returned as number) : results.D[index]!);
      return undefined;
    case Num.F64:
      putDouble(XD, 0, isOne ? (returned as number) : results.D[index]!);
      words[at] = XI[0]!;
      words[at + 1] = XI[1]!;
      return undefined;
    case Num.V128: {
      const from = isOne ? 0 : 4 * index;
      for (let k = 0; k < 4; k++) words[at + k] = results.V[from + k]!;
      return undefined;
    }
    default:
      return isOne ? returned : results.R[index];
  }
}

/** Gives a value, found as its words or as a reference, as the one result of a call, or leaves it as result `index`. */
export function giveResult(type: ValType, index: number, words: Int32Array, at: number, ref: unknown): unknown {
  const isOne = index < 0;
  switch (type) {
    case Num.I32:
      if (isOne) return words[at];
      results.I[2 * index] = words[at]!;
      return undefined;
    case Num.I64:
      if (isOne) {
        HIGH[0] = words[at + 1]!;
        return words[at];
      }
      results.I[2 * index] = words[at]!;
      results.I[2 * index + 1] = words[at + 1]!;
      return undefined;
    case Num.F32:
      if (isOne) return f32FromBits(words[at]!);
      results.D[index] = f32FromBits(words[at]!);
      return undefined;
    case Num.F64:
      if (isOne) return f64FromBits(words[at]!, words[at + 1]!);
      putDouble(results.D, index, f64FromBits(words[at]!, words[at + 1]!));
      return undefined;
    case Num.V128: {
      const to = isOne ? 0 : 4 * index;
      for (let k = 0; k < 4; k++) results.V[to + k] = words[at + k]!;
      return undefined;
    }
    default:
      if (isOne) return ref;
      results.R[index] = ref;
      return undefined;
  }
}
