// An array of the store, and what is done to whole ranges of one (specification: 4.2.15 Aggregate instances, 4.6.9 Reference instructions).

import { type DefType, isRef, Num, type ValType } from "../syntax/types.ts";
import { checkLong } from "./meter.ts";
import { copyRange, fillRange, pieceOf } from "./ranges.ts";
import { ALLOCATION, entriesOf } from "./struct.ts";
import { TrapCode, trap } from "./trap.ts";

/** What an array's elements are in: bytes or shorts; words (two for an i64 or f64, low first, four for a v128); or references. */
export type ArrayData = Int8Array | Int16Array | Int32Array | unknown[];

/** An array. Engines read and write `data` directly; to the host it is opaque. */
export class ArrayInstance {
  readonly type: DefType;
  readonly length: number;
  readonly data: ArrayData;
  /** The same as doubles, where they are f64 and so many that the host gives them a buffer anyway. */
  readonly doubles: Float64Array | null;

  constructor(type: DefType, length: number, data: ArrayData) {
    this.type = type;
    this.length = length;
    this.data = data;
    this.doubles = length > FEW && this.storage === Num.F64 ? new Float64Array((data as Int32Array).buffer) : null;
  }

  get storage(): ValType {
    return this.type.fields[0].storage;
  }
}

/** No array is larger: near what 32-bit hosts can address. */
const MAX_BYTES = 2 ** 30;
/** Hosts keep more references in a hash table. */
const MAX_REFERENCES = 2 ** 25;
const SHORT = 32;
/** V8 keeps up to 64 bytes of elements beside the array itself, until something asks for their buffer. */
const FEW = 8;

/** Makes an array of zeros, or of one reference. Traps where it is larger than hosts can allocate. */
export function newArray(type: DefType, length: number, reference: unknown): ArrayInstance {
  const { storage } = type.fields[0];
  checkLong(length * ALLOCATION);
  if (isRef(storage)) {
    if (length > MAX_REFERENCES) trap(TrapCode.ArrayTooLarge);
    const array = new ArrayInstance(type, length, new Array(length));
    fillElements(array, 0, reference, length);
    return array;
  }
  if (length * bytesOf(storage) > MAX_BYTES) trap(TrapCode.ArrayTooLarge);
  try {
    return new ArrayInstance(type, length, numbers(storage, length));
  } catch {
    return trap(TrapCode.ArrayTooLarge);
  }
}

function numbers(storage: ValType, length: number): ArrayData {
  if (storage === Num.I8) return new Int8Array(length);
  if (storage === Num.I16) return new Int16Array(length);
  return new Int32Array(length * entriesOf(storage));
}

/** Bytes of a number in memory. */
export function bytesOf(storage: ValType): number {
  return storage === Num.I8 ? 1 : storage === Num.I16 ? 2 : 4 * entriesOf(storage);
}

/** Writes the value whose entries are given to `count` elements from `start`, which are there. */
export function fillArray(array: ArrayInstance, start: number, entries: readonly unknown[], count: number): void {
  const size = entries.length;
  if (size === 1) return fillElements(array, start, entries[0], count);
  for (let left = count, some: number; left > 0; left -= some) {
    some = pieceOf(left);
    const end = (start + left) * size;
    for (let i = end - some * size; i < end; i++) array.data[i] = entries[i % size];
  }
}

/** As `fillArray` with a value of one entry. */
export function fillElements(array: ArrayInstance, start: number, entry: unknown, count: number): void {
  const elements = array.data as unknown[];
  // The host's own fill costs more than a few elements do.
  if (count <= SHORT) for (let i = start; i < start + count; i++) elements[i] = entry;
  else fillRange(elements, start, entry, count);
}

/** Copies elements, which may overlap. Traps where a range is not there. */
export function copyArray(to: ArrayInstance, at: number, from: ArrayInstance, start: number, count: number): void {
  if (at + count > to.length || start + count > from.length) trap(TrapCode.ArrayBounds);
  const size = entriesOf(to.storage);
  if (count * size > SHORT / 2 || isRef(to.storage))
    copyRange(to.data, at * size, from.data, start * size, count * size);
  else copyFew(to.data as Int32Array, at * size, from.data as Int32Array, start * size, count * size);
}

/** As `copyRange` with few numbers: the host's methods, and a view of what they are to copy, cost more. */
function copyFew(to: Int32Array, target: number, from: Int32Array, source: number, count: number): void {
  if (target <= source) for (let i = 0; i < count; i++) to[target + i] = from[source + i]!;
  else for (let i = count - 1; i >= 0; i--) to[target + i] = from[source + i]!;
}

/** Writes bytes of a data segment to `count` elements from `at`. Traps where a range is not there. */
export function initFromData(array: ArrayInstance, at: number, bytes: Uint8Array, start: number, count: number): void {
  if (at + count > array.length) trap(TrapCode.ArrayBounds);
  const size = bytesOf(array.storage);
  if (start + count * size > bytes.length) trap(TrapCode.MemoryBounds);
  checkLong(count);
  if (count === 0) return;
  const { buffer, byteOffset, byteLength } = array.data as Int8Array;
  new Uint8Array(buffer, byteOffset, byteLength).set(bytes.subarray(start, start + count * size), at * size);
}

/** Makes an array of the bytes of a data segment. */
export function newFromData(type: DefType, bytes: Uint8Array, start: number, count: number): ArrayInstance {
  // Before the array is allocated, which could fail in another way.
  if (start + count * bytesOf(type.fields[0].storage) > bytes.length) trap(TrapCode.MemoryBounds);
  const array = newArray(type, count, null);
  initFromData(array, 0, bytes, start, count);
  return array;
}

/** Writes references of an element segment to `count` elements from `at`. Traps where a range is not there. */
export function initFromElements(
  array: ArrayInstance,
  at: number,
  elements: readonly unknown[],
  start: number,
  count: number,
): void {
  if (at + count > array.length) trap(TrapCode.ArrayBounds);
  if (start + count > elements.length) trap(TrapCode.TableBounds);
  copyRange(array.data as unknown[], at, elements, start, count);
}

/** Makes an array of the references of an element segment. */
export function newFromElements(
  type: DefType,
  elements: readonly unknown[],
  start: number,
  count: number,
): ArrayInstance {
  if (start + count > elements.length) trap(TrapCode.TableBounds);
  checkLong(count * ALLOCATION);
  return new ArrayInstance(type, count, elements.slice(start, start + count));
}
