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
import { type Float, floatAt, LargeStruct, newStruct, StructInstance } from "../../instance/struct.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { f64FromBits, putDouble, XD, XI } from "../../num/float-bits.ts";
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
  setDouble,
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

/** An element of type f64. */
function double({ doubles, data }: ArrayInstance, index: number): number {
  return doubles === null ? f64FromBits(data[2 * index] as number, data[2 * index + 1] as number) : doubles[index]!;
}

/** Writes one. As two words it could not be read as a double before they have left the processor's queue. */
function setDouble({ doubles, data }: ArrayInstance, index: number, value: number): void {
  if (doubles !== null && value === value) {
    doubles[index] = value;
    return;
  }
  putDouble(XD, 0, value);
  data[2 * index] = XI[0]!;
  data[2 * index + 1] = XI[1]!;
}

/** A NaN as a list of a structure's holds it. */
function holdNaN(nan: number): Float {
  putDouble(XD, 0, nan);
  return floatAt(XD, 0);
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
