// What compiled code calls for instructions of references, tables and whole ranges of memory (specification: 4.6.7–4.6.9).

import {
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
import { type Float, LargeStruct, newStruct, putFloat, StructInstance } from "../../instance/struct.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { type DefType, isRef } from "../../syntax/types.ts";
import { newNumbers } from "./numbers.ts";

/** What generated code takes from `E` by these names. */
export const support: Readonly<Record<string, unknown>> = {
  S: StructInstance,
  A: ArrayInstance,
  LargeStruct,
  noBytes: new Uint8Array(0),
  isI31,
  newArray,
  newNumbers,
  newStruct,
  holdNaN,
  filledArray,
  arrayOf,
  newFromData,
  newFromElements,
  fillArray: fillRange,
  copyArray,
  initFromData,
  initFromElements,
  fillTable,
  copyTable,
  initTable,
  fillMemory,
  copyMemory,
  initMemory,
};

/** A NaN as a list of a structure's holds it. */
function holdNaN(nan: number): Float {
  return new Float64Array(1).fill(nan);
}

/** An array of the values whose entries are given. */
function arrayOf(type: DefType, length: number, entries: unknown[]): ArrayInstance {
  if (isRef(type.fields[0]!.storage)) return new ArrayInstance(type, length, entries);
  const array = newNumbers(type, length);
  for (let i = 0; i < entries.length; i++) putFloat(array.data as Float64Array, i, entries[i] as Float);
  return array;
}

/** An array of numbers, all with the same entries. */
function filledArray(type: DefType, length: number, ...entries: unknown[]): ArrayInstance {
  const array = newNumbers(type, length);
  fillArray(array, 0, entries, length);
  return array;
}

function fillRange(array: ArrayInstance, start: number, count: number, ...entries: unknown[]): void {
  if (start + count > array.length) trap(TrapCode.ArrayBounds);
  fillArray(array, start, entries, count);
}
