// What compiled code calls for instructions of references, tables and whole ranges of memory (specification: 4.6.7–4.6.9).

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
import { copyMemory, copyTable, fillMemory, fillTable, initMemory, initTable } from "../../instance/ranges.ts";
import { isI31 } from "../../instance/reference.ts";
import { LargeStruct, StructInstance } from "../../instance/struct.ts";
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
