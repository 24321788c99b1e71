// Takes a constant expression, gives its value with exact bits (specification: 3.4.13 Constant expressions).
import type { ConstExpr, ConstInstr } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { type DefType, defType, isRef, Num, type ValType } from "../syntax/types.ts";
import { type ArrayInstance, fillArray, newArray } from "./array.ts";
import { checkLimit } from "./meter.ts";
import type { ModuleInstance } from "./module.ts";
import { defaultStruct, entriesOf, floatAt, getEntry, type StructInstance, setEntry, structLayout } from "./struct.ts";
import { type Bits, readBits, writeBits } from "./value.ts";

/** The value of a constant expression: exact bits of a number, or a reference. */
export function evaluate(expr: ConstExpr, instance: ModuleInstance): Bits {
  if (expr.length === 1) return step(expr[0], instance, []);
  const stack: Bits[] = [];
  for (const instr of expr) stack.push(step(instr, instance, stack));
  return stack[0];
}

/** The value of an offset: an unsigned number; one of 64 bits above 2^53 stays above every length. */
export function evaluateOffset(expr: ConstExpr, instance: ModuleInstance): number {
  const bits = evaluate(expr, instance);
  return typeof bits === "bigint" ? Number(BigInt.asUintN(64, bits)) : (bits as number) >>> 0;
}

// Takes its operands off the stack, gives its result.
function step(instr: ConstInstr, instance: ModuleInstance, stack: Bits[]): Bits {
  checkLimit();
  switch (instr.op) {
    case Op["i32.const"]:
    case Op["i64.const"]:
    case Op["f32.const"]:
    case Op["f64.const"]:
    case Op["v128.const"]:
      return instr.value;
    case Op["global.get"]: {
      const { type, words, at, ref } = instance.globals[instr.value as number];
      return type.type >= 8 ? ref : readBits(type.type, words, at);
    }
    case Op["ref.null"]:
      return null;
    case Op["ref.func"]:
      return instance.functionAt(instr.value as number);
    case Op["i32.add"]:
    case Op["i32.sub"]:
    case Op["i32.mul"]: {
      const right = stack.pop() as number;
      return arithmetic32(instr.op, stack.pop() as number, right);
    }
    case Op["i64.add"]:
    case Op["i64.sub"]:
    case Op["i64.mul"]: {
      const right = stack.pop() as bigint;
      return BigInt.asIntN(64, arithmetic64(instr.op, stack.pop() as bigint, right));
    }
    default:
      return aggregate(instr, stack);
  }
}

function arithmetic32(op: number, left: number, right: number): number {
  if (op === Op["i32.mul"]) return Math.imul(left, right);
  return (op === Op["i32.add"] ? left + right : left - right) | 0;
}

function arithmetic64(op: number, left: bigint, right: bigint): bigint {
  if (op === Op["i64.mul"]) return left * right;
  return op === Op["i64.add"] ? left + right : left - right;
}

function aggregate(instr: ConstInstr, stack: Bits[]): Bits {
  switch (instr.op) {
    case Op["ref.i31"]:
      return ((stack.pop() as number) << 1) >> 1;
    case Op["any.convert_extern"]:
    case Op["extern.convert_any"]:
      return stack.pop();
    case Op["struct.new"]:
    case Op["struct.new_default"]: {
      const type = defType(instr.value as number);
      if (instr.op === Op["struct.new_default"]) return defaultStruct(type);
      return struct(type, stack.splice(stack.length - type.fields.length));
    }
    default:
      return array(instr, stack);
  }
}

function struct(type: DefType, values: readonly Bits[]): StructInstance {
  const { at, element } = structLayout(type);
  const made = defaultStruct(type);
  for (const [field, value] of values.entries()) {
    const given = entries(type.fields[field]!.storage, value);
    if (element[field]) (getEntry(made, at[field]!) as unknown[])[element[field]] = given[0];
    else for (const [i, entry] of given.entries()) setEntry(made, at[field]! + i, entry);
  }
  return made;
}

function array(instr: ConstInstr, stack: Bits[]): ArrayInstance {
  const type = defType(instr.value as number);
  const { storage } = type.fields[0];
  if (instr.op === Op["array.new_fixed"]) {
    const values = stack.splice(stack.length - instr.count!);
    const fixed = newArray(type, values.length, null);
    for (let i = 0; i < values.length; i++) fillArray(fixed, i, entries(storage, values[i]), 1);
    return fixed;
  }
  const made = newArray(type, (stack.pop() as number) >>> 0, null);
  if (instr.op === Op["array.new"]) fillArray(made, 0, entries(storage, stack.pop()), made.length);
  return made;
}

const words = new Int32Array(4);
const doubles = new Float64Array(words.buffer);

// A value as a structure or an array holds it.
function entries(storage: ValType, value: Bits): readonly unknown[] {
  if (isRef(storage)) return [value];
  writeBits(storage < Num.I8 ? storage : Num.I32, value, words, 0);
  return storage === Num.F64 ? [floatAt(doubles, 0)] : Array.from(words.subarray(0, entriesOf(storage)));
}
