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
import { f64FromBits } from "../../num/float-bits.ts";
import { type DefType, isRef } from "../../syntax/types.ts";

/** What generated code takes from `E` by these names. */
export const support: Readonly<Record<string, unknown>> = {
  S: StructInstance,
  A: ArrayInstance,
  LargeStruct,
  noBytes: new Uint8Array(0),
  isI31,
  newArray,
  double,
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

/** An element of type f64. */
function double({ doubles, data }: ArrayInstance, index: number): number {
  return doubles === null ? f64FromBits(data[2 * index] as number, data[2 * index + 1] as number) : doubles[index]!;
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

function fillRange(array: ArrayInstance, start: number, count: number, ...entries: unknown[]): void {
  if (start + count > array.length) trap(TrapCode.ArrayBounds);
  fillArray(array, start, entries, count);
}
