// Checks constant expressions (specification: 3.4.13 Constant expressions).

import { opName } from "../syntax/instructions.ts";
import { maxFixedElements } from "../syntax/limits.ts";
import type { ConstExpr, ConstInstr, Module } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import {
  CompositeKind,
  defType,
  fieldWithoutDefault,
  Heap,
  isNullable,
  matchesVal,
  Num,
  Ref,
  refType,
  typeName,
  unpacked,
  type ValType,
} from "../syntax/types.ts";
import { failModule } from "./fail.ts";

/** Checks that an expression gives a value of a type. It may read the globals below `globalCount`. */
export function checkConstExpr(
  expr: ConstExpr,
  type: ValType,
  module: Module,
  globalCount: number,
  position: number,
): void {
  const stack: ValType[] = [];
  for (const instr of expr) checkInstr(instr, stack, module, globalCount);
  const at = expr.length === 0 ? position : expr[expr.length - 1].offset;
  if (stack.length !== 1) failModule(`type mismatch: constant expression gives ${stack.length} values`, at);
  if (!matchesVal(stack[0], type)) {
    failModule(`type mismatch: constant expression gives ${typeName(stack[0])}, not ${typeName(type)}`, at);
  }
}

function popConst(type: ValType, stack: ValType[], instr: ConstInstr): void {
  const actual = stack.pop();
  if (actual !== undefined && matchesVal(actual, type)) return;
  const got = actual === undefined ? "nothing" : typeName(actual);
  failModule(`type mismatch: ${opName(instr.op)} expects ${typeName(type)}, got ${got}`, instr.offset);
}

function checkInstr(instr: ConstInstr, stack: ValType[], module: Module, globalCount: number): void {
  switch (instr.op) {
    case Op["i32.const"]:
      stack.push(Num.I32);
      break;
    case Op["i64.const"]:
      stack.push(Num.I64);
      break;
    case Op["f32.const"]:
      stack.push(Num.F32);
      break;
    case Op["f64.const"]:
      stack.push(Num.F64);
      break;
    case Op["v128.const"]:
      stack.push(Num.V128);
      break;
    case Op["i32.add"]:
    case Op["i32.sub"]:
    case Op["i32.mul"]:
      popConst(Num.I32, stack, instr);
      popConst(Num.I32, stack, instr);
      stack.push(Num.I32);
      break;
    case Op["i64.add"]:
    case Op["i64.sub"]:
    case Op["i64.mul"]:
      popConst(Num.I64, stack, instr);
      popConst(Num.I64, stack, instr);
      stack.push(Num.I64);
      break;
    case Op["global.get"]:
      stack.push(globalType(instr, module, globalCount));
      break;
    case Op["ref.func"]:
      stack.push(functionRef(instr, module));
      break;
    case Op["ref.null"]:
      stack.push(refType(instr.value as number, true));
      break;
    default:
      checkAggregate(instr, stack);
  }
}

function globalType(instr: ConstInstr, { globals }: Module, globalCount: number): ValType {
  const index = instr.value as number;
  if (index >= globalCount) failModule(`unknown global ${index}`, instr.offset);
  const { type } = globals[index];
  if (type.mutable) failModule(`constant expression required: global ${index} is mutable`, instr.offset);
  return type.type;
}

function functionRef(instr: ConstInstr, { functions, types }: Module): ValType {
  const index = instr.value as number;
  if (index >= functions.length) failModule(`unknown function ${index}`, instr.offset);
  return refType(types[functions[index]].id, false);
}

function checkAggregate(instr: ConstInstr, stack: ValType[]): void {
  switch (instr.op) {
    case Op["ref.i31"]:
      popConst(Num.I32, stack, instr);
      stack.push(refType(Heap.I31, false));
      break;
    case Op["any.convert_extern"]:
      checkConversion(Ref.ExternNull, Heap.Any, stack, instr);
      break;
    case Op["extern.convert_any"]:
      checkConversion(refType(Heap.Any, true), Heap.Extern, stack, instr);
      break;
    default:
      checkNew(instr, stack);
  }
}

function checkConversion(from: ValType, to: Heap, stack: ValType[], instr: ConstInstr): void {
  const nullable = stack.length === 0 || isNullable(stack[stack.length - 1]);
  popConst(from, stack, instr);
  stack.push(refType(to, nullable));
}

function checkNew(instr: ConstInstr, stack: ValType[]): void {
  const type = defType(instr.value as number);
  const { kind, fields, id } = type;
  const isStruct = instr.op === Op["struct.new"] || instr.op === Op["struct.new_default"];
  if (kind !== (isStruct ? CompositeKind.Struct : CompositeKind.Array)) {
    failModule(`type mismatch: ${opName(instr.op)} of another kind of type`, instr.offset);
  }
  switch (instr.op) {
    case Op["struct.new"]:
      for (let i = fields.length - 1; i >= 0; i--) popConst(unpacked(fields[i].storage), stack, instr);
      break;
    case Op["array.new"]:
      popConst(Num.I32, stack, instr);
      popConst(unpacked(fields[0].storage), stack, instr);
      break;
    case Op["array.new_fixed"]: {
      const count = instr.count ?? 0;
      if (count > maxFixedElements) failModule(`too many elements: more than ${maxFixedElements}`, instr.offset);
      for (let i = 0; i < count; i++) popConst(unpacked(fields[0].storage), stack, instr);
      break;
    }
    default: {
      const field = fieldWithoutDefault(type);
      if (field !== undefined) {
        failModule(`type mismatch: field of ${typeName(field.storage)} has no default value`, instr.offset);
      }
      if (instr.op === Op["array.new_default"]) popConst(Num.I32, stack, instr);
    }
  }
  stack.push(refType(id, false));
}
