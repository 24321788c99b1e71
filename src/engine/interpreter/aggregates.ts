// Takes an `aggregate` opcode of structures, casts, scalar references (specification: 4.6.9 Reference instructions), does it. Operands as in rare.ts
// and lower-aggregates.ts.
import type { ModuleInstance } from "../../instance/module.ts";
import { matchesRef } from "../../instance/reference.ts";
import {
  defaultStruct,
  type Float,
  FRACTION,
  floatAt,
  getEntry,
  newStruct,
  putFloat,
  SMALL_ENTRIES,
  StructInstance,
  setEntry,
} from "../../instance/struct.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { Op } from "../../syntax/opcodes.ts";
import { defType } from "../../syntax/types.ts";
import { executeArray } from "./arrays.ts";
import { D, I, R } from "./registers.ts";

/** Does the operation at `pc` on the frame at `fp` and gives the position after it. */
export function executeAggregate(instance: ModuleInstance, C: Int32Array, pc: number, fp: number): number {
  const to = fp + C[pc + 3]!;
  switch (C[pc + 2]!) {
    case Op["struct.new"]:
      R[to >> 1] = newFrom(C, pc, fp);
      break;
    case Op["struct.new_default"]:
      R[to >> 1] = defaultStruct(defType(C[pc + 4]!));
      break;
    case Op["struct.get"]:
      get(structAt(fp + C[pc + 4]!), C[pc + 5]!, C[pc + 6]!, to);
      break;
    case Op["struct.get_s"]: {
      const shift = C[pc + 6]!;
      I[to] = ((getEntry(structAt(fp + C[pc + 4]!), C[pc + 5]!) as number) << shift) >> shift;
      break;
    }
    case Op["struct.get_u"]: {
      const shift = C[pc + 6]!;
      I[to] = ((getEntry(structAt(fp + C[pc + 4]!), C[pc + 5]!) as number) << shift) >>> shift;
      break;
    }
    case Op["struct.set"]:
      set(structAt(fp + C[pc + 4]!), C[pc + 6]!, C[pc + 7]!, fp + C[pc + 5]!);
      break;
    case Op["ref.test"]:
      I[to] = matchesRef(C[pc + 5]!, R[(fp + C[pc + 4]!) >> 1]) ? 1 : 0;
      break;
    case Op["ref.cast"]: {
      const value = R[(fp + C[pc + 4]!) >> 1];
      if (!matchesRef(C[pc + 5]!, value)) trap(TrapCode.CastFailure);
      R[to >> 1] = value;
      break;
    }
    case Op["ref.i31"]:
      R[to >> 1] = (I[fp + C[pc + 4]!]! << 1) >> 1;
      break;
    case Op["i31.get_s"]:
      I[to] = scalarAt(fp + C[pc + 4]!);
      break;
    case Op["i31.get_u"]:
      I[to] = scalarAt(fp + C[pc + 4]!) & 0x7fffffff;
      break;
    default:
      executeArray(instance, C, pc, fp, to);
  }
  return pc + C[pc + 1]!;
}

/** The entry that lower-aggregates.ts packed into a word: of an f64 the complement of its register. */
export function entryFrom(source: number, fp: number): unknown {
  return source < 0
    ? floatAt(D, (fp + ~source) >> 1)
    : (source & 1) !== 0
      ? R[(fp + (source >> 1)) >> 1]
      : I[fp + (source >> 1)];
}

function newFrom(C: Int32Array, pc: number, fp: number): StructInstance {
  const id = C[pc + 4]!;
  const first = pc + 5;
  const count = C[pc + 1]! - 5;
  if (count > SMALL_ENTRIES || id < 0) {
    const entries: unknown[] = [];
    const list: Float[] = [FRACTION];
    for (let i = first; i < first + count; i++) {
      const source = C[i]!;
      const entry = entryFrom(source, fp);
      if (source >= 0) entries.push(entry);
      else if (list.push(entry as Float) === 2) entries.push(list);
    }
    return newStruct(defType(id < 0 ? ~id : id), entries);
  }
  return new StructInstance(
    defType(id),
    count > 0 ? entryFrom(C[first]!, fp) : 0,
    count > 1 ? entryFrom(C[first + 1]!, fp) : 0,
    count > 2 ? entryFrom(C[first + 2]!, fp) : 0,
    count > 3 ? entryFrom(C[first + 3]!, fp) : 0,
  );
}

function structAt(word: number): StructInstance {
  const struct = R[word >> 1] as StructInstance | null;
  if (struct === null) trap(TrapCode.NullStruct);
  return struct;
}

function scalarAt(word: number): number {
  const value = R[word >> 1] as number | null;
  if (value === null) trap(TrapCode.NullI31);
  return value;
}

// Fields of one entry have opcodes of their own. `size` is below zero for an f64: which element of the list it is.
function get(struct: StructInstance, at: number, size: number, to: number): void {
  for (let i = 0; i < size; i++) I[to + i] = getEntry(struct, at + i) as number;
  if (size > 0) return;
  putFloat(D, to >> 1, (getEntry(struct, at) as Float[])[-size]!);
}

function set(struct: StructInstance, at: number, size: number, from: number): void {
  for (let i = 0; i < size; i++) setEntry(struct, at + i, I[from + i]);
  if (size < 0) (getEntry(struct, at) as Float[])[-size] = floatAt(D, from >> 1);
}
