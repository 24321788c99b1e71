// Takes values of the host, gives the words they are stored as, and the way back (specification: 4.2.1 Values).
// i32 and f32 fill one word, i64 and f64 two (low first), v128 four. References are not stored in words.
import type { WasmValue } from "../api/value.ts";
import { Num, typeName, type ValType } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { bigIntOf } from "./convention.ts";
import { describeReference, expectedReference, matchesRef } from "./reference.ts";

/** A number's exact bits as one value: i32 and f32 a number, i64 and f64 a bigint, v128 sixteen bytes; or a reference. */
export type Bits = unknown;

// Little-endian through explicit flags, so that the words are the same on every host.
const scratch = new DataView(new ArrayBuffer(16));

/** Writes a number, bigint or vector as its bits; gives false, and writes nothing, where it does not fit the type. */
export function writeValue(type: ValType, value: WasmValue, words: Int32Array, at: number): boolean {
  switch (type) {
    case Num.I32:
      if (typeof value !== "number") return false;
      words[at] = value | 0;
      return true;
    case Num.F32:
      if (typeof value !== "number") return false;
      scratch.setFloat32(0, value, true);
      words[at] = scratch.getInt32(0, true);
      return true;
    case Num.F64:
      if (typeof value !== "number") return false;
      scratch.setFloat64(0, value, true);
      words[at] = scratch.getInt32(0, true);
      words[at + 1] = scratch.getInt32(4, true);
      return true;
    case Num.I64:
      if (typeof value !== "bigint") return false;
      writeBits64(value, words, at);
      return true;
    case Num.V128:
      if (!isVector(value)) return false;
      writeVector(value, words, at);
      return true;
    default:
      return false;
  }
}

/** The number, bigint or vector whose bits stand at a place. */
export function readValue(type: ValType, words: Int32Array, at: number): WasmValue {
  switch (type) {
    case Num.I32:
      return words[at];
    case Num.F32:
      scratch.setInt32(0, words[at], true);
      return scratch.getFloat32(0, true);
    case Num.F64:
      scratch.setInt32(0, words[at], true);
      scratch.setInt32(4, words[at + 1], true);
      return scratch.getFloat64(0, true);
    case Num.I64:
      return bigIntOf(words[at], words[at + 1]);
    default:
      return readVector(words, at);
  }
}

/** Writes exact bits. */
export function writeBits(type: ValType, bits: Bits, words: Int32Array, at: number): void {
  if (type === Num.I32 || type === Num.F32) words[at] = bits as number;
  else if (type === Num.I64 || type === Num.F64) writeBits64(bits as bigint, words, at);
  else writeVector(bits as Uint8Array, words, at);
}

/** The exact bits at a place; 64 bits as a signed bigint. */
export function readBits(type: ValType, words: Int32Array, at: number): Bits {
  if (type === Num.I32 || type === Num.F32) return words[at];
  return readValue(type === Num.F64 ? Num.I64 : type, words, at);
}

function writeBits64(value: bigint, words: Int32Array, at: number): void {
  scratch.setBigInt64(0, value, true);
  words[at] = scratch.getInt32(0, true);
  words[at + 1] = scratch.getInt32(4, true);
}

function writeVector(bytes: Uint8Array, words: Int32Array, at: number): void {
  for (let i = 0; i < 16; i++) scratch.setUint8(i, bytes[i]);
  for (let i = 0; i < 4; i++) words[at + i] = scratch.getInt32(4 * i, true);
}

function readVector(words: Int32Array, at: number): Uint8Array {
  for (let i = 0; i < 4; i++) scratch.setInt32(4 * i, words[at + i], true);
  return new Uint8Array(scratch.buffer.slice());
}

/** Whether a value is bytes, perhaps of another realm. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === "Uint8Array";
}

function isVector(value: unknown): value is Uint8Array {
  return isBytes(value) && value.length === 16;
}

/** Whether a value of the host fits a value type. */
export function matchesType(type: ValType, value: unknown): boolean {
  if (type >= 8) return matchesRef(type, value);
  if (type === Num.I64) return typeof value === "bigint";
  return type === Num.V128 ? isVector(value) : typeof value === "number";
}

/** The value a number of this type has when nothing is said; null for references. */
export function defaultValue(type: ValType): WasmValue {
  if (type >= 8) return null;
  return type === Num.I64 ? 0n : type === Num.V128 ? new Uint8Array(16) : 0;
}

/** What a host should give for a type, and what it gave: "i64 (a bigint), got a number". */
export function mismatch(type: ValType, value: unknown): string {
  return `${typeName(type)} (${expectation(type)}), got ${describeValue(value)}`;
}

/** What a host gives for a type, in words. */
export function expectation(type: ValType): string {
  if (type === Num.I64) return "a bigint";
  if (type === Num.V128) return "a Uint8Array of 16 bytes";
  if (type < 8) return "a number";
  return expectedReference(type);
}

/** A value in words, for messages. */
export function describeValue(value: unknown): string {
  if (isBytes(value)) return `a Uint8Array of ${counted(value.length, "byte")}`;
  return describeReference(value);
}
