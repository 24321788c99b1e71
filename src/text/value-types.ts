// Takes types in text, gives codes of them, and writes codes as bytes (specification: 6.4.1–6.4.5 Types).
import type { Writer } from "../binary/encode.ts";
import { heapCodes, numCodes, RefCode } from "../binary/type-codes.ts";
import { heapNames, isPacked, refType, typeName } from "../syntax/types.ts";
import type { Cursor } from "./cursor.ts";
import type { IndexSpace } from "./index-space.ts";
import { Token } from "./lexer.ts";

/** A heap type: its byte, or `firstIndex` + type index. */
export type HeapCode = number;

/** A value type: its byte, or `firstRef` + heap code * 2 + 1 where it is nullable. Equal types have equal codes. */
export type ValCode = number;

const firstIndex = 0x80;
const firstRef = 0x100;

const heaps = new Map<string, HeapCode>();
const values = new Map<string, ValCode>();
const packed = new Map<string, ValCode>();
for (const [type, code] of numCodes) {
  (isPacked(type) ? packed : values).set(typeName(type), code);
}
for (const [heap, code] of heapCodes) {
  heaps.set(heapNames[heap], code);
  values.set(typeName(refType(heap, true)), code);
}

const highestRef = 0x74;

/** Whether a value type is a nullable reference. */
export function isNullable(type: ValCode): boolean {
  return type < firstRef ? type <= highestRef : (type & 1) === 1;
}

/** The heap type of a reference. */
export function heapOf(type: ValCode): HeapCode {
  return type < firstRef ? type : Math.floor((type - firstRef) / 2);
}

function refCode(heap: HeapCode, nullable: boolean): ValCode {
  return nullable && heap < firstIndex ? heap : firstRef + heap * 2 + Number(nullable);
}

/** Takes a heap type. */
export function readHeapType(cursor: Cursor, types: IndexSpace): HeapCode {
  if (types.isNext(cursor)) return firstIndex + types.read(cursor);
  const heap = heaps.get(cursor.text);
  if (heap === undefined) cursor.fail();
  cursor.at++;
  return heap;
}

/** Takes a value type. */
export function readValType(cursor: Cursor, types: IndexSpace): ValCode {
  const named = values.get(cursor.text);
  if (named !== undefined) {
    cursor.at++;
    return named;
  }
  if (!cursor.acceptOpen("ref")) failType(cursor);
  const nullable = cursor.acceptWord("null");
  const heap = readHeapType(cursor, types);
  cursor.close();
  return refCode(heap, nullable);
}

/** Takes a reference type. */
export function readRefType(cursor: Cursor, types: IndexSpace): ValCode {
  const { at } = cursor;
  const type = readValType(cursor, types);
  if (!isRef(type)) cursor.fail(undefined, at);
  return type;
}

/** Whether a value type is a reference. */
export function isRef(type: ValCode): boolean {
  return type >= firstRef || type <= highestRef;
}

/** Whether a reference type comes next, or after the next token. */
export function isRefTypeNext(cursor: Cursor, distance: 0 | 1 = 0): boolean {
  const kind = cursor.kindAfter(distance);
  if (kind === Token.Left) return cursor.isText("ref", distance + 1);
  return kind === Token.Keyword && isRef(values.get(cursor.textAfter(distance)) ?? Number.NaN);
}

/** Takes the type of a field: a value type or a packed one. */
export function readStorageType(cursor: Cursor, types: IndexSpace): ValCode {
  const named = packed.get(cursor.text);
  if (named === undefined) return readValType(cursor, types);
  cursor.at++;
  return named;
}

function failType(cursor: Cursor): never {
  const isWord = /^[a-z]/.test(cursor.text) && !heaps.has(cursor.text) && !packed.has(cursor.text);
  cursor.fail(isWord ? `unknown operator ${cursor.text}` : undefined);
}

/** Writes a heap type. */
export function writeHeapType(out: Writer, heap: HeapCode): void {
  if (heap < firstIndex) out.byte(heap);
  else out.typeIndex(heap - firstIndex);
}

/** Writes a value type. */
export function writeValType(out: Writer, type: ValCode): void {
  if (type < firstRef) out.byte(type);
  else {
    out.byte((type & 1) === 1 ? RefCode.Null : RefCode.NonNull);
    writeHeapType(out, heapOf(type));
  }
}

/** Writes a list of value types. */
export function writeValTypes(out: Writer, types: readonly ValCode[]): void {
  out.u32(types.length);
  for (const type of types) writeValType(out, type);
}
