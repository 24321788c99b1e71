// Takes an instruction of references or aggregates with its registers, emits it: by an opcode, or for aggregates.ts and arrays.ts, fields as entries.
import { entriesOf, structLayout } from "../../instance/struct.ts";
import type { Expr } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { type DefType, defType, isRef, Num, type ValType } from "../../syntax/types.ts";
import type { CodeSink } from "./code-sink.ts";
import { Code } from "./codes.generated.ts";

/** Whether an instruction is emitted here. */
export function isAggregate(op: number): boolean {
  return op >> 8 === 0xfb;
}

/** How many words a value has in the registers; 0 where it is a reference, -1 where it is an f64. Packed fields have one. */
function wordsOf(storage: ValType): number {
  return isRef(storage) ? 0 : storage === Num.F64 ? -1 : entriesOf(storage);
}

/** Emits an expression of references `a` and `b`. */
export function emitReference(sink: CodeSink, expr: Expr, a: number, b: number, to: number): void {
  const { op, n, lo } = expr;
  switch (op) {
    case Op["ref.is_null"]:
      return sink.emit(Code.refIsNull, a, to);
    case Op["ref.eq"]:
      return sink.emit(Code.refEq, a, b, to);
    case Op["ref.as_non_null"]:
      return sink.emit(Code.movNonNull, a, to);
    case Op["struct.get"]:
    case Op["struct.get_s"]:
    case Op["struct.get_u"]:
      return emitGet(sink, op, defType(n), lo, a, to);
    case Op["array.get"]:
    case Op["array.get_s"]:
    case Op["array.get_u"]:
      return emitElementGet(sink, op, elementOf(n).storage, a, b, to);
    case Op["array.len"]:
      return sink.emit(Code.arrayLen, a, to);
    default: // ref.test, ref.cast, ref.i31, i31.get_s, i31.get_u
      return sink.aggregate(op, to, [a, n]);
  }
}

function emitGet(sink: CodeSink, op: number, type: DefType, field: number, a: number, to: number): void {
  const { storage } = type.fields[field]!;
  const { at, size } = placeOf(type, field);
  if (op !== Op["struct.get"]) sink.aggregate(op, to, [a, at, storage === Num.I8 ? 24 : 16]);
  else if (size === 0) sink.emit(Code.structGetRef, a, at, to);
  else if (size === 1) sink.emit(Code.structGet1, a, at, to);
  else sink.aggregate(op, to, [a, at, size]);
}

/** The entry of a field, and its words as `wordsOf` has them; for an f64 below zero, which element of the list it is. */
function placeOf(type: DefType, field: number): { readonly at: number; readonly size: number } {
  const { at, element } = structLayout(type);
  return { at: at[field]!, size: -element[field]! || wordsOf(type.fields[field]!.storage) };
}

function emitElementGet(sink: CodeSink, op: number, storage: ValType, a: number, b: number, to: number): void {
  const size = wordsOf(storage);
  if (op === Op["array.get_u"]) sink.emit(storage === Num.I8 ? Code.arrayGet8U : Code.arrayGet16U, a, b, to);
  else if (size === 0) sink.emit(Code.arrayGetRef, a, b, to);
  else if (size === 1) sink.emit(Code.arrayGet1, a, b, to);
  else sink.aggregate(op, to, [a, b, size]);
}

/**
 * Emits an instruction that is a statement. Where a single value goes in, its words follow the registers, 0 for a reference; where there
 * are several, the place of each entry does.
 */
export function emitAggregate(
  sink: CodeSink,
  op: number,
  to: number,
  registers: readonly number[],
  list: readonly number[],
): void {
  const type = defType(list[0]!);
  const [a, b, c] = registers as [number, number, number];
  switch (op) {
    case Op["struct.new"]: {
      const isFloat = type.fields.map(({ storage }) => storage === Num.F64);
      const sources = registers.flatMap((register, i) => sourcesOf(type.fields[i]!.storage, register));
      return sink.aggregate(op, to, [isFloat.includes(true) ? ~type.id : type.id, ...sources]);
    }
    case Op["array.new_fixed"]: {
      const { storage } = elementOf(type.id);
      const sources = registers.flatMap((register) => sourcesOf(storage, register));
      return sink.aggregate(op, to, [type.id, list[1]!, ...sources]);
    }
    case Op["struct.set"]: {
      const { at, size } = placeOf(type, list[1]!);
      if (size === 0) sink.emit(Code.structSetRef, a, at, b);
      else if (size === 1) sink.emit(Code.structSet1, a, at, b);
      else sink.aggregate(op, to, [a, b, at, size]);
      return;
    }
    case Op["array.set"]: {
      const size = wordsOf(elementOf(type.id).storage);
      if (size === 0) sink.emit(Code.arraySetRef, a, b, c);
      else if (size === 1) sink.emit(Code.arraySet1, a, b, c);
      else sink.aggregate(op, to, [a, b, c, size]);
      return;
    }
    case Op["array.fill"]:
      return sink.aggregate(op, to, [...registers, wordsOf(elementOf(type.id).storage)]);
    case Op["array.new"]:
      return sink.aggregate(op, to, [...registers, type.id, wordsOf(elementOf(type.id).storage)]);
    default:
      return sink.aggregate(op, to, [...registers, ...list]);
  }
}

function elementOf(id: number): DefType["fields"][number] {
  return defType(id).fields[0]!;
}

/** For each entry of a value: its word in the frame times two, plus one where it is a reference; of an f64 the word's complement. */
function sourcesOf(storage: ValType, register: number): number[] {
  if (storage === Num.F64) return [~register];
  if (isRef(storage)) return [register * 2 + 1];
  return Array.from({ length: entriesOf(storage) }, (_, i) => (register + i) * 2);
}
