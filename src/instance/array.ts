// An array of the store, and what is done to whole ranges of one (specification: 4.2.15 Aggregate instances, 4.6.9 Reference instructions).

import { type DefType, isRef, Num, type ValType } from "../syntax/types.ts";
import { checkLong } from "./meter.ts";
import { copyRange, fillRange } from "./ranges.ts";
import { ALLOCATION, entriesOf, type Float, floatAt, putFloat } from "./struct.ts";
import { TrapCode, trap } from "./trap.ts";

/** What an array's elements are in: bytes or shorts; words (two for an i64, low first, four for a v128); doubles; or references. */
export type ArrayData = Int8Array | Int16Array | Int32Array | Float64Array | unknown[];

/** An array. Engines read and write `data` directly; to the host it is opaque. */
export class ArrayInstance {
  readonly type: DefType;
  readonly length: number;
  readonly data: ArrayData;

  constructor(type: DefType, length: number, data: ArrayData) {
    this.type = type;
    this.length = length;
    this.data = data;
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

/** So many zeros of a type of numbers. */
export function numbers(storage: ValType, length: number): ArrayData {
  if (storage === Num.I8) return new Int8Array(length);
  if (storage === Num.I16) return new Int16Array(length);
  return storage === Num.F64 ? new Float64Array(length) : new Int32Array(length * entriesOf(storage));
}

/** Bytes of a number in memory. */
export function bytesOf(storage: ValType): number {
  return storage === Num.I8 ? 1 : storage === Num.I16 ? 2 : storage === Num.F64 ? 8 : 4 * entriesOf(storage);
}

/** Writes the value whose entries are given to `count` elements from `start`, which are there. */
export function fillArray(array: ArrayInstance, start: number, entries: ArrayLike<unknown>, count: number): void {
  const size = entries.length;
  const data = array.data as Float64Array;
  let first = entries as ArrayLike<number>;
  if (size === 1) {
    const value = entries[0] as Float;
    // One that is not a number is a NaN where the elements are doubles.
    if (typeof value === "number" || !(data instanceof Float64Array)) return fillElements(array, start, value, count);
    first = value;
  }
  if (count === 0) return;
  let done = 1;
  if (size === 1) data.set(first, start);
  else {
    done = Math.min(count, 8 * SHORT);
    for (let k = 0; k < size; k++) for (let i = 0; i < done; i++) data[(start + i) * size + k] = first[k]!;
  }
  for (; done < count; done *= 2) copyArray(array, start + done, array, start, Math.min(done, count - done));
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
  if (count * size > SHORT || isRef(to.storage)) copyRange(to.data, at * size, from.data, start * size, count * size);
  else copyFew(to.data as Float64Array, at * size, from.data as Float64Array, start * size, count * size);
}

/** As `copyRange` with few numbers: the host's methods, and a view of what they are to copy, cost more. */
function copyFew(to: Float64Array, target: number, from: Float64Array, source: number, count: number): void {
  if (target <= source) for (let i = 0; i < count; i++) putFloat(to, target + i, floatAt(from, source + i));
  else for (let i = count - 1; i >= 0; i--) putFloat(to, target + i, floatAt(from, source + i));
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
