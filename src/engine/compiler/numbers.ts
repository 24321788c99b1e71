// Takes an array's type and length, makes one of numbers that are zero; where the host allocates slowly, its elements are a part of a buffer (specification: 4.2.15 Aggregate instances).
import { type ArrayData, ArrayInstance, bytesOf, newArray, numbers } from "../../instance/array.ts";
import { type DefType, Num, type ValType } from "../../syntax/types.ts";
import { prefersElements } from "./elements.ts";

/** V8 allocates what is longer outside its heap, for 200 ns and more. */
const OWN_BYTES = 64;
/** Up to that many are a part. */
const PART_BYTES = 512;
/** One that is still held keeps all parts of its buffer. */
const BUFFER_BYTES = 4096;

let buffer = new ArrayBuffer(0);
let used = 0;

/** Makes an array. Traps where it is larger than hosts can allocate. */
export function newNumbers(type: DefType, length: number): ArrayInstance {
  const { storage } = type.fields[0]!;
  const bytes = length * bytesOf(storage);
  if (bytes > PART_BYTES) return newArray(type, length, null);
  return new ArrayInstance(type, length, bytes <= OWN_BYTES ? numbers(storage, length) : part(storage, length, bytes));
}

function part(storage: ValType, length: number, bytes: number): ArrayData {
  // JavaScriptCore takes longer for one.
  if (prefersElements()) return numbers(storage, length);
  if (used + bytes > buffer.byteLength) {
    buffer = new ArrayBuffer(BUFFER_BYTES);
    used = 0;
  }
  const at = used;
  used += (bytes + 7) & -8;
  if (storage === Num.I8) return new Int8Array(buffer, at, length);
  if (storage === Num.I16) return new Int16Array(buffer, at, length);
  return storage === Num.F64 ? new Float64Array(buffer, at, length) : new Int32Array(buffer, at, bytes / 4);
}
