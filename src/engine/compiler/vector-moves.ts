// Takes instructions that move lanes of vectors, gives the words they leave: splats, extractions, replacements, shuffles (specification: 4.6.11 Vector instructions).
import type { Expr } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { floatBits, operand } from "./floats.ts";
import { pair } from "./pair.ts";
import { before, kept, value } from "./value.ts";
import { convert, four, keepLanes, lanes, ready, readyLanes, type Vector, vectorOf, wordVector } from "./vector.ts";
import type { LaneKind } from "./vector-form.ts";
import { operandKind } from "./vector-kinds.ts";
import { isLiteral, literalValue, type Pair } from "./writer.ts";

/** Byte `at` of a word. */
export function byteOf(word: string, at: number, signed: boolean): string {
  if (at === 3) return signed ? `(${word}>>24)` : `(${word}>>>24)`;
  if (signed) return `(${word}<<${24 - 8 * at}>>24)`;
  return at === 0 ? `(${word}&255)` : `(${word}>>>${8 * at}&255)`;
}

/** Half `at` of a word. */
export function halfOf(word: string, at: number, signed: boolean): string {
  if (at === 1) return signed ? `(${word}>>16)` : `(${word}>>>16)`;
  return signed ? `(${word}<<16>>16)` : `(${word}&65535)`;
}

/** A word with another byte `at`. */
export function withByte(word: string, byte: string, at: number): string {
  return `(${word}&${~(255 << (8 * at))}|(${byte}&255)<<${8 * at})`;
}

/** A word with another half `at`. */
export function withHalf(word: string, half: string, at: number): string {
  return at === 0 ? `(${word}&-65536|${half}&65535)` : `(${word}&65535|${half}<<16)`;
}

/** A vector with the same value in each lane; of floats as words where these are at hand and `wanted`. */
export function splat(e: FunctionEmitter, { op, a }: Expr, wanted: LaneKind, exact: boolean): Vector {
  const { writer } = e;
  const repeated = (width: number, factor: number): Vector => {
    const source = value(e, a!);
    if (isLiteral(source)) return wordVector(four(`(${Math.imul(literalValue(source) & width, factor)})`));
    return wordVector(four(writer.keep(`imul(${source}&${width},${factor})`)));
  };
  switch (op) {
    case Op["i8x16.splat"]:
      return repeated(255, 0x01010101);
    case Op["i16x8.splat"]:
      return repeated(65535, 0x00010001);
    case Op["i32x4.splat"]:
      return wordVector(four(kept(e, a!)));
    case Op["f32x4.splat"]:
      if (wanted === Num.I32) return wordVector(four(writer.keep(floatBits(e, a!))));
      return { kind: Num.F32, lanes: four(writer.keep(exact ? value(e, a!) : operand(e, a!), Num.F32)) };
    case Op["i64x2.splat"]: {
      const { lo, hi } = writer.keepPair(pair(e, a!));
      return wordVector([lo, hi, lo, hi]);
    }
    default: {
      const number = kept(e, a!);
      return { kind: Num.F64, lanes: [number, number] };
    }
  }
}

/** A lane as an i32, f32 or f64. */
export function extract(e: FunctionEmitter, { op, a, n }: Expr): string {
  const from = a!;
  switch (op) {
    case Op["i8x16.extract_lane_s"]:
    case Op["i8x16.extract_lane_u"]:
      return byteOf(readyLanes(e, from, Num.I32)[n >> 2]!, n & 3, op === Op["i8x16.extract_lane_s"]);
    case Op["i16x8.extract_lane_s"]:
    case Op["i16x8.extract_lane_u"]:
      return halfOf(readyLanes(e, from, Num.I32)[n >> 1]!, n & 1, op === Op["i16x8.extract_lane_s"]);
    case Op["i32x4.extract_lane"]:
      return readyLanes(e, from, Num.I32)[n]!;
    case Op["f32x4.extract_lane"]:
      return readyLanes(e, from, Num.F32)[n]!;
    default:
      return readyLanes(e, from, Num.F64)[n]!;
  }
}

/** A lane as an i64. */
export function extractPair(e: FunctionEmitter, { a, n }: Expr): Pair {
  const sources = readyLanes(e, a!, Num.I32);
  return { lo: sources[2 * n]!, hi: sources[2 * n + 1]! };
}

/** A vector with another lane. */
export function replace(e: FunctionEmitter, { op, a, b, n }: Expr): Vector {
  const kind = operandKind(op)!;
  const all = readyLanes(e, a!, kind).slice();
  if (op === Op["i64x2.replace_lane"]) {
    const { lo, hi } = pair(e, b!);
    all.splice(2 * n, 2, lo, hi);
  } else {
    const source = value(e, b!);
    if (op === Op["i8x16.replace_lane"]) all[n >> 2] = withByte(all[n >> 2]!, source, n & 3);
    else if (op === Op["i16x8.replace_lane"]) all[n >> 1] = withHalf(all[n >> 1]!, source, n & 1);
    else all[n] = source;
  }
  return { kind, lanes: all };
}

/** Lanes of two vectors, which the sixteen bytes at `n` of the module name. */
export function shuffle(e: FunctionEmitter, { a, b, n }: Expr, kind: LaneKind): Vector {
  const bytes = e.tree.bytes.subarray(n, n + 16);
  const size = kind === Num.F64 ? 8 : 4;
  const isWhole = bytes.every((byte, i) => (i % size === 0 ? byte % size === 0 : byte === bytes[i - 1]! + 1));
  const first = ready(e, a!, vectorOf(e, a!, kind, true));
  const second = ready(e, b!, vectorOf(e, b!, kind, true));
  if (kind !== Num.I32 && (isWhole || kind === Num.F32)) {
    const all = [...convert(e, first, kind, true), ...convert(e, second, kind, true)];
    return { kind, lanes: shuffledNumbers(e, all, bytes, kind) };
  }
  const sources = [...convert(e, first, Num.I32, true), ...convert(e, second, Num.I32, true)].map((word) =>
    e.writer.keep(word),
  );
  return wordVector([0, 4, 8, 12].map((at) => gathered((i) => sources[i]!, bytes.subarray(at, at + 4))));
}

/** Lanes that stay whole as the numbers that they are; what is put together of others by their bits. */
function shuffledNumbers(
  { writer }: FunctionEmitter,
  sources: readonly string[],
  bytes: Uint8Array,
  kind: LaneKind,
): readonly string[] {
  const size = kind === Num.F64 ? 8 : 4;
  return Array.from({ length: 16 / size }, (_, i) => {
    const from = bytes.subarray(i * size, (i + 1) * size);
    const isWhole = from.every((byte, at) => byte === from[0]! + at) && from[0]! % size === 0;
    if (isWhole) return writer.keep(sources[from[0]! / size]!, kind);
    return writer.keep(`fromBits(${gathered((word) => writer.keep(`bits(${sources[word]})`), from)})`, kind);
  });
}

/** Bytes of a vector at the indices that another one has: zero where these are too large. */
export function swizzle(e: FunctionEmitter, { a, b }: Expr): Vector {
  const { writer } = e;
  let table = lanes(e, a!, Num.I32);
  if (before(a!, b)) table = keepLanes(e, wordVector(table)).lanes;
  const indices = lanes(e, b!, Num.I32).map((word) => writer.keep(word));
  writer.line(table.map((word, i) => `VI[${i}]=${word};`).join(""));
  const byte = (word: string, at: number): string => `VB[${byteOf(word, at, false)}]${at === 0 ? "" : `<<${8 * at}`}`;
  return wordVector(indices.map((word) => writer.keep([0, 1, 2, 3].map((at) => byte(word, at)).join("|"))));
}

/** A word of four bytes of others: neighbours that stay neighbours move together. */
function gathered(source: (word: number) => string, bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < 4; ) {
    const first = bytes[at]!;
    let length = 1;
    while (at + length < 4 && bytes[at + length] === first + length && ((first + length) & 3) !== 0) length++;
    parts.push(run(source(first >> 2), first & 3, at, length));
    at += length;
  }
  return parts.length === 1 ? parts[0]! : `(${parts.join("|")})`;
}

/** `length` bytes of a word from byte `from` on, at byte `to`. */
function run(word: string, from: number, to: number, length: number): string {
  if (length === 4) return word;
  const isTop = from + length === 4;
  const down = from === 0 ? word : `${word}>>>${8 * from}`;
  // What is shifted out needs no mask.
  const masked = isTop || to + length === 4 ? down : `${down}&${2 ** (8 * length) - 1}`;
  if (to === 0) return masked;
  return masked.includes("&") ? `(${masked})<<${8 * to}` : `${masked}<<${8 * to}`;
}
