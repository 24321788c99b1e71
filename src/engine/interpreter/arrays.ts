// Takes an `aggregate` opcode of arrays (specification: 4.6.9 Reference instructions), does it. Operands as in rare.ts and lower-aggregates.ts.
import {
  type ArrayInstance,
  copyArray,
  fillArray,
  initFromData,
  initFromElements,
  newArray,
  newFromData,
  newFromElements,
} from "../../instance/array.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { type Float, floatAt, putFloat } from "../../instance/struct.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { Op } from "../../syntax/opcodes.ts";
import { defType } from "../../syntax/types.ts";
import { entryFrom } from "./aggregates.ts";
import { D, I, R } from "./registers.ts";

/** Does the operation at `pc` on the frame at `fp`; its result goes to word `to`. */
export function executeArray(instance: ModuleInstance, C: Int32Array, pc: number, fp: number, to: number): void {
  const op = C[pc + 2]!;
  switch (op) {
    case Op["array.get"]:
      return get(arrayAt(fp + C[pc + 4]!), I[fp + C[pc + 5]!]! >>> 0, C[pc + 6]!, to);
    case Op["array.set"]:
      return set(arrayAt(fp + C[pc + 4]!), I[fp + C[pc + 5]!]! >>> 0, C[pc + 7]!, fp + C[pc + 6]!);
    case Op["array.fill"]: {
      const array = arrayAt(fp + C[pc + 4]!);
      const start = I[fp + C[pc + 5]!]! >>> 0;
      const count = I[fp + C[pc + 7]!]! >>> 0;
      if (start + count > array.length) trap(TrapCode.ArrayBounds);
      return fill(array, start, fp + C[pc + 6]!, C[pc + 8]!, count);
    }
    case Op["array.copy"]: {
      const target = arrayAt(fp + C[pc + 4]!);
      const source = arrayAt(fp + C[pc + 6]!);
      return copyArray(target, I[fp + C[pc + 5]!]! >>> 0, source, I[fp + C[pc + 7]!]! >>> 0, I[fp + C[pc + 8]!]! >>> 0);
    }
    case Op["array.init_data"]:
    case Op["array.init_elem"]:
      return init(instance, C, pc, fp, op);
    default:
      R[to >> 1] = make(instance, C, pc, fp, op);
  }
}

function make(instance: ModuleInstance, C: Int32Array, pc: number, fp: number, op: number): ArrayInstance {
  switch (op) {
    case Op["array.new"]: {
      const type = defType(C[pc + 6]!);
      const from = fp + C[pc + 4]!;
      const length = I[fp + C[pc + 5]!]! >>> 0;
      const size = C[pc + 7]!;
      if (size === 0) return newArray(type, length, R[from >> 1]);
      const array = newArray(type, length, null);
      fill(array, 0, from, size, length);
      return array;
    }
    case Op["array.new_default"]:
      return newArray(defType(C[pc + 5]!), I[fp + C[pc + 4]!]! >>> 0, null);
    case Op["array.new_fixed"]: {
      const array = newArray(defType(C[pc + 4]!), C[pc + 5]!, null);
      const count = C[pc + 1]! - 6;
      for (let i = 0; i < count; i++) {
        const entry = entryFrom(C[pc + 6 + i]!, fp);
        if (array.data instanceof Float64Array) putFloat(array.data, i, entry as Float);
        else array.data[i] = entry;
      }
      return array;
    }
    default: {
      // array.new_data, array.new_elem
      const type = defType(C[pc + 6]!);
      const start = I[fp + C[pc + 4]!]! >>> 0;
      const count = I[fp + C[pc + 5]!]! >>> 0;
      const segment = C[pc + 7]!;
      if (op === Op["array.new_data"]) return newFromData(type, instance.data[segment]!, start, count);
      return newFromElements(type, instance.elements[segment]!, start, count);
    }
  }
}

function init(instance: ModuleInstance, C: Int32Array, pc: number, fp: number, op: number): void {
  const array = arrayAt(fp + C[pc + 4]!);
  const at = I[fp + C[pc + 5]!]! >>> 0;
  const start = I[fp + C[pc + 6]!]! >>> 0;
  const count = I[fp + C[pc + 7]!]! >>> 0;
  const segment = C[pc + 9]!;
  if (op === Op["array.init_data"]) initFromData(array, at, instance.data[segment]!, start, count);
  else initFromElements(array, at, instance.elements[segment]!, start, count);
}

function arrayAt(word: number): ArrayInstance {
  const array = R[word >> 1] as ArrayInstance | null;
  if (array === null) trap(TrapCode.NullArray);
  return array;
}

/** Fills elements with the value in the registers; `size` as lower-aggregates.ts gives it. */
function fill(array: ArrayInstance, start: number, from: number, size: number, count: number): void {
  const value = size === 0 ? R[from >> 1] : size > 0 ? I[from] : floatAt(D, from >> 1);
  fillArray(array, start, size > 1 ? I.slice(from, from + size) : [value], count);
}

// Elements of one word and references have opcodes of their own. `size` is below zero for an f64.
function get({ data, length }: ArrayInstance, index: number, size: number, to: number): void {
  if (index >= length) trap(TrapCode.ArrayBounds);
  for (let i = 0; i < size; i++) I[to + i] = data[index * size + i] as number;
  if (size < 0) putFloat(D, to >> 1, floatAt(data as Float64Array, index));
}

function set({ data, length }: ArrayInstance, index: number, size: number, from: number): void {
  if (index >= length) trap(TrapCode.ArrayBounds);
  for (let i = 0; i < size; i++) data[index * size + i] = I[from + i]!;
  if (size < 0) putFloat(data as Float64Array, index, floatAt(D, from >> 1));
}
