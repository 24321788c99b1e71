// Checks the instructions on structures, arrays, casts and scalar references (specification: 3.4.6 ref.test – 3.4.9, 3.4.2 br_on_cast).
import { MalformedError } from "../api/errors.ts";
import { maxFixedElements } from "../syntax/limits.ts";
import { Op } from "../syntax/opcodes.ts";
import {
  CompositeKind,
  type DefType,
  fieldWithoutDefault,
  Heap,
  heapOf,
  isNullable,
  isPacked,
  isRef,
  matchesVal,
  Num,
  refType,
  typeName,
  unpacked,
  type ValType,
} from "../syntax/types.ts";
import { ctx } from "./context.ts";
import { fail, failType } from "./fail.ts";
import { checkLabel } from "./frames.ts";
import { checkData, checkElements, readByte, readHeap, readIndex } from "./immediates.ts";
import { pop, popRef, push } from "./operands.ts";
import { checkBranchRef } from "./references.ts";

/** Checks an instruction with prefix 0xfb. */
export function checkAggregate(op: number): void {
  if (op <= Op["struct.set"]) checkStruct(op);
  else if (op <= Op["array.new_elem"]) checkArrayNew(op);
  else if (op === Op["array.len"]) {
    pop(refType(Heap.Array, true));
    push(Num.I32);
  } else if (op <= Op["array.init_elem"]) checkArray(op);
  else if (op <= Op["br_on_cast_fail"]) checkCast(op);
  else checkConversion(op);
}

function typeOf(kind: CompositeKind, name: string): DefType {
  const index = readIndex();
  const { types } = ctx.module;
  if (index >= types.length) fail(`unknown type ${index}`);
  if (types[index].kind !== kind) failType(`expects ${name} type, got type ${index}`);
  return types[index];
}

// The plain form for unpacked fields, the signed ones for packed ones.
function checkPacking(storage: ValType, isPlain: boolean): void {
  if (isPacked(storage) === isPlain) failType(`of a field of ${typeName(storage)}`);
}

function checkStruct(op: number): void {
  const type = typeOf(CompositeKind.Struct, "a structure");
  const { id, fields } = type;
  if (op === Op["struct.new"]) {
    for (let i = fields.length - 1; i >= 0; i--) pop(unpacked(fields[i].storage));
    push(refType(id, false));
    return;
  }
  if (op === Op["struct.new_default"]) {
    checkDefaultable(type);
    push(refType(id, false));
    return;
  }
  const index = readIndex();
  if (index >= fields.length) fail(`unknown field ${index}`);
  const { storage, mutable } = fields[index];
  if (op === Op["struct.set"]) {
    if (!mutable) fail(`immutable field ${index}`);
    pop(unpacked(storage));
    pop(refType(id, true));
  } else {
    checkPacking(storage, op === Op["struct.get"]);
    pop(refType(id, true));
    push(unpacked(storage));
  }
}

function checkDefaultable(type: DefType): void {
  const field = fieldWithoutDefault(type);
  if (field !== undefined) failType(`of a field of ${typeName(field.storage)}, which has no default value`);
}

function checkArrayNew(op: number): void {
  const type = typeOf(CompositeKind.Array, "an array");
  const { id, fields } = type;
  const { storage } = fields[0];
  switch (op) {
    case Op["array.new"]:
      pop(Num.I32);
      pop(unpacked(storage));
      break;
    case Op["array.new_default"]:
      checkDefaultable(type);
      pop(Num.I32);
      break;
    case Op["array.new_fixed"]: {
      const count = readIndex();
      if (count > maxFixedElements) fail(`too many elements: more than ${maxFixedElements}`);
      for (let i = 0; i < count; i++) pop(unpacked(storage));
      break;
    }
    case Op["array.new_data"]:
    case Op["array.new_elem"]:
      checkSource(op, storage, readIndex());
      pop(Num.I32);
      pop(Num.I32);
      break;
  }
  push(refType(id, false));
}

// Data gives numbers and vectors, elements give references.
function checkSource(op: number, storage: ValType, segment: number): void {
  if (op === Op["array.new_data"] || op === Op["array.init_data"]) {
    checkData(segment);
    if (isRef(storage)) fail(`array type is not numeric or vector: ${typeName(storage)}`);
  } else {
    const type = checkElements(segment);
    if (!matchesVal(type, storage)) failType(`of ${typeName(type)} to an array of ${typeName(storage)}`);
  }
}

function checkArray(op: number): void {
  const { id, fields } = typeOf(CompositeKind.Array, "an array");
  const { storage, mutable } = fields[0];
  if (op === Op["array.get"] || op === Op["array.get_s"] || op === Op["array.get_u"]) {
    checkPacking(storage, op === Op["array.get"]);
    pop(Num.I32);
    pop(refType(id, true));
    push(unpacked(storage));
    return;
  }
  const source = op === Op["array.copy"] ? typeOf(CompositeKind.Array, "an array") : undefined;
  const segment = op === Op["array.init_data"] || op === Op["array.init_elem"] ? readIndex() : 0;
  if (!mutable) fail("immutable array");
  if (source !== undefined) checkCopy(source, storage);
  if (op === Op["array.init_data"] || op === Op["array.init_elem"]) checkSource(op, storage, segment);
  if (op !== Op["array.set"]) pop(Num.I32);
  if (op === Op["array.set"] || op === Op["array.fill"]) pop(unpacked(storage));
  else pop(Num.I32);
  if (source !== undefined) pop(refType(source.id, true));
  pop(Num.I32);
  pop(refType(id, true));
}

function checkCopy(source: DefType, storage: ValType): void {
  const from = source.fields[0].storage;
  if (from !== storage && (isPacked(from) || isPacked(storage) || !matchesVal(from, storage))) {
    fail(`array types do not match: ${typeName(from)} to ${typeName(storage)}`);
  }
}

function checkCast(op: number): void {
  if (op === Op["br_on_cast"] || op === Op["br_on_cast_fail"]) {
    checkBranchOnCast(op);
    return;
  }
  const heap = readHeap();
  pop(refType(topOf(heap), true));
  if (op === Op["ref.test"] || op === Op["ref.test_null"]) push(Num.I32);
  else push(refType(heap, op === Op["ref.cast_null"]));
}

// The greatest type of a hierarchy.
function topOf(heap: number): number {
  switch (heap) {
    case Heap.Func:
    case Heap.NoFunc:
      return Heap.Func;
    case Heap.Extern:
    case Heap.NoExtern:
      return Heap.Extern;
    case Heap.Exn:
    case Heap.NoExn:
      return Heap.Exn;
    default:
      return matchesVal(refType(heap, false), refType(Heap.Func, false)) ? Heap.Func : Heap.Any;
  }
}

function checkBranchOnCast(op: number): void {
  const flags = readByte();
  if (flags > 3) throw new MalformedError("malformed cast flags", ctx.pos - 1);
  const label = readIndex();
  const source = refType(readHeap(), (flags & 1) !== 0);
  const target = refType(readHeap(), (flags & 2) !== 0);
  checkLabel(label);
  if (!matchesVal(target, source)) failType(`from ${typeName(source)} to ${typeName(target)}`);
  // What is left when the cast fails: null only where the target has none.
  const rest = refType(heapOf(source), isNullable(source) && !isNullable(target));
  pop(source);
  checkBranchRef(label, op === Op["br_on_cast"] ? target : rest);
  push(op === Op["br_on_cast"] ? rest : target);
}

function checkConversion(op: number): void {
  switch (op) {
    case Op["any.convert_extern"]:
    case Op["extern.convert_any"]: {
      const [from, to] = op === Op["any.convert_extern"] ? [Heap.Extern, Heap.Any] : [Heap.Any, Heap.Extern];
      const type = popRef();
      if (!matchesVal(type, refType(from, true)))
        failType(`expects ${typeName(refType(from, true))}, got ${typeName(type)}`);
      push(refType(to, isNullable(type)));
      break;
    }
    case Op["ref.i31"]:
      pop(Num.I32);
      push(refType(Heap.I31, false));
      break;
    default:
      pop(refType(Heap.I31, true));
      push(Num.I32);
  }
}
