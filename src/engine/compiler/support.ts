// What compiled code calls for instructions of references, tables and whole ranges of memory (specification: 4.6.3, 4.6.4, 4.6.5, 4.6.6).

import {
  type ArrayData,
  ArrayInstance,
  copyArray,
  fillArray,
  initFromData,
  initFromElements,
  newArray,
  newFromData,
  newFromElements,
} from "../../instance/array.ts";
import type { MemoryInstance } from "../../instance/memory.ts";
import { checkLong } from "../../instance/meter.ts";
import { LargeStruct, StructInstance } from "../../instance/struct.ts";
import type { TableInstance } from "../../instance/table.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { type DefType, isRef } from "../../syntax/types.ts";

/** What generated code takes from `E` by these names. */
export const support: Readonly<Record<string, unknown>> = {
  S: StructInstance,
  A: ArrayInstance,
  LargeStruct,
  noBytes: new Uint8Array(0),
  isI31,
  newArray,
  filledArray,
  arrayOf,
  newFromData,
  newFromElements,
  fillArray: fillRange,
  copyArray: copyRange,
  initFromData: initData,
  initFromElements: initElements,
  fillTable,
  copyTable,
  initTable,
  fillMemory,
  copyMemory,
  initMemory,
};

function isI31(value: unknown): boolean {
  return typeof value === "number" && (value << 1) >> 1 === value;
}

/** An array of numbers, all with the same entries. */
function filledArray(type: DefType, length: number, ...entries: number[]): ArrayInstance {
  const array = newArray(type, length, null);
  fillArray(array, 0, entries, length);
  return array;
}

/** An array of the values whose entries are given. */
function arrayOf(type: DefType, length: number, entries: unknown[]): ArrayInstance {
  if (isRef(type.fields[0]!.storage)) return new ArrayInstance(type, length, entries);
  const array = newArray(type, length, null);
  const data = array.data as ArrayData;
  for (let i = 0; i < entries.length; i++) data[i] = entries[i] as number;
  return array;
}

function there(array: ArrayInstance | null): ArrayInstance {
  if (array === null) trap(TrapCode.NullArray);
  return array;
}

function fillRange(array: ArrayInstance | null, start: number, count: number, ...entries: unknown[]): void {
  if (start + count > there(array).length) trap(TrapCode.ArrayBounds);
  fillArray(array!, start, entries, count);
}

function copyRange(
  to: ArrayInstance | null,
  at: number,
  from: ArrayInstance | null,
  start: number,
  count: number,
): void {
  copyArray(there(to), at, there(from), start, count);
}

function initData(array: ArrayInstance | null, at: number, bytes: Uint8Array, start: number, count: number): void {
  initFromData(there(array), at, bytes, start, count);
}

function initElements(
  array: ArrayInstance | null,
  at: number,
  elements: readonly unknown[],
  start: number,
  count: number,
): void {
  initFromElements(there(array), at, elements, start, count);
}

function fillTable({ elements }: TableInstance, start: number, value: unknown, count: number): void {
  if (start + count > elements.length) trap(TrapCode.TableBounds);
  checkLong(count);
  elements.fill(value, start, start + count);
}

function copyTable(to: TableInstance, from: TableInstance, target: number, source: number, count: number): void {
  if (source + count > from.elements.length || target + count > to.elements.length) trap(TrapCode.TableBounds);
  checkLong(count);
  if (from === to) to.elements.copyWithin(target, source, source + count);
  else for (let i = 0; i < count; i++) to.elements[target + i] = from.elements[source + i];
}

function initTable(
  { elements }: TableInstance,
  segment: readonly unknown[],
  target: number,
  source: number,
  count: number,
): void {
  if (source + count > segment.length || target + count > elements.length) trap(TrapCode.TableBounds);
  checkLong(count);
  for (let i = 0; i < count; i++) elements[target + i] = segment[source + i];
}

function fillMemory(memory: MemoryInstance, start: number, value: number, count: number): void {
  checkLong(count);
  const { bytes } = memory;
  if (start + count <= bytes.length) bytes.fill(value, start, start + count);
  else if (memory.has(start, count)) memory.bytes.fill(value, start, start + count);
  else trap(TrapCode.MemoryBounds);
}

function copyMemory(to: MemoryInstance, from: MemoryInstance, target: number, source: number, count: number): void {
  checkLong(count);
  const { bytes } = to;
  if (to === from && source + count <= bytes.length && target + count <= bytes.length) {
    bytes.copyWithin(target, source, source + count);
    return;
  }
  // The length that this thread knows may be out of date.
  if (!from.has(source, count) || !to.has(target, count)) trap(TrapCode.MemoryBounds);
  if (from === to) to.bytes.copyWithin(target, source, source + count);
  else to.bytes.set(from.bytes.subarray(source, source + count), target);
}

function initMemory(memory: MemoryInstance, bytes: Uint8Array, target: number, source: number, count: number): void {
  if (source + count > bytes.length || !memory.has(target, count)) trap(TrapCode.MemoryBounds);
  checkLong(count);
  memory.bytes.set(bytes.subarray(source, source + count), target);
}
