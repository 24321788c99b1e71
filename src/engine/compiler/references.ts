// Takes an expression of references, gives source for it: fields and elements are read where they stand (specification: 4.6.9 Reference instructions).
import { entriesOf, NAMED_ENTRIES, structLayout } from "../../instance/struct.ts";
import { TrapCode } from "../../instance/trap.ts";
import type { Expr } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import {
  CompositeKind,
  type DefType,
  defType,
  FIRST_DEFINED,
  Heap,
  type HeapType,
  heapOf,
  isNullable,
  isRef,
  Num,
  type ValType,
} from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { numberOf } from "./floats.ts";
import { before, kept, value } from "./value.ts";
import { type Pair, unprintable } from "./writer.ts";

/** The value of an expression that is not an i64. */
export function reference(e: FunctionEmitter, expr: Expr): string {
  const { op, a } = expr;
  const test = referenceTest(e, expr);
  if (test !== null) return `(${test}?1:0)`;
  switch (op) {
    case Op["ref.as_non_null"]:
      return nonNull(e, a!, TrapCode.NullReference, expr.at);
    case Op["ref.cast"]:
      return cast(e, expr);
    case Op["ref.i31"]:
      return `(${value(e, a!)}<<1>>1)`;
    case Op["i31.get_s"]:
      return `(${nonNull(e, a!, TrapCode.NullI31, expr.at)}|0)`;
    case Op["i31.get_u"]:
      return `(${nonNull(e, a!, TrapCode.NullI31, expr.at)}&2147483647)`;
    case Op["array.len"]:
      return `(${nonNull(e, a!, TrapCode.NullArray, expr.at)}.length|0)`;
    default: {
      const { storage, entries } = place(e, expr);
      return read(op, storage, entries);
    }
  }
}

/** The halves of a field or an element of type i64. */
export function referencePair(e: FunctionEmitter, expr: Expr): Pair {
  const [low, high] = place(e, expr).entries;
  return { lo: `(${low}|0)`, hi: `(${high}|0)` };
}

/** The words of a field or an element of type v128. */
export function referenceWords(e: FunctionEmitter, expr: Expr): readonly string[] {
  return place(e, expr).entries.map((entry) => `(${entry}|0)`);
}

/** Source that is true where an expression is one; null where it is no test. */
export function referenceTest(e: FunctionEmitter, expr: Expr): string | null {
  const { op, a, b } = expr;
  switch (op) {
    case Op["ref.is_null"]:
      return `${value(e, a!)}===null`;
    case Op["ref.eq"]: {
      let first = value(e, a!);
      if (before(a!, b)) first = e.writer.keep(first, a!.type);
      return `${first}===${value(e, b!)}`;
    }
    case Op["ref.test"]:
      return matches(e, kept(e, a!), a!.type, expr.n);
    default:
      return null;
  }
}

/** The name of a reference; one that may be null traps where it is. */
export function nonNull(e: FunctionEmitter, expr: Expr, code: TrapCode, at: number): string {
  const name = kept(e, expr);
  checkNull(e, expr, name, code, at);
  return name;
}

/** Traps where a reference that may be null is. */
export function checkNull(e: FunctionEmitter, { type }: Expr, name: string, code: TrapCode, at: number): void {
  if (isNullable(type)) e.writer.lineAt(at, `if(${name}===null)return trap(${code});`);
}

function cast(e: FunctionEmitter, { a, n, at }: Expr): string {
  const { writer } = e;
  const name = kept(e, a!);
  const test = matches(e, name, a!.type, n);
  if (test !== "true") writer.lineAt(at, `if(!(${test}))return trap(${TrapCode.CastFailure});`);
  return name;
}

/** Source that is true where the reference `name`, of a static type, is of another type. */
function matches(e: FunctionEmitter, name: string, from: ValType, to: ValType): string {
  const test = matchesHeap(e, name, heapOf(from), heapOf(to));
  const orNull = isNullable(to) && isNullable(from);
  if (test === "true") return isNullable(from) && !isNullable(to) ? `${name}!==null` : "true";
  if (test === "false") return orNull ? `${name}===null` : "false";
  return orNull ? `(${name}===null||${test})` : `(${name}!==null&&${test})`;
}

/** The same for a reference that is not null. */
function matchesHeap(e: FunctionEmitter, name: string, from: HeapType, to: HeapType): string {
  if (to >= FIRST_DEFINED) return matchesType(e, name, from, to);
  switch (to) {
    // A reference can only be tested for what is in its hierarchy, where each of these is all there is.
    case Heap.Any:
    case Heap.Extern:
    case Heap.Func:
    case Heap.Exn:
      return "true";
    case Heap.Eq:
      return `(${name} instanceof S||${name} instanceof A||isI31(${name}))`;
    case Heap.I31:
      return `isI31(${name})`;
    case Heap.Struct:
      return `${name} instanceof S`;
    case Heap.Array:
      return `${name} instanceof A`;
    default: // the types without values
      return "false";
  }
}

function matchesType(e: FunctionEmitter, name: string, from: HeapType, to: HeapType): string {
  const { kind, final, display } = defType(to);
  const type = e.names.definedType(to);
  const property = kind === CompositeKind.Func ? "signature" : "type";
  const exactly = `${name}.${property}===${type}`;
  const test = final ? exactly : `(${exactly}||${name}.${property}.display[${display.length - 1}]===${type}.id)`;
  const known = kind === CompositeKind.Func || from === (kind === CompositeKind.Struct ? Heap.Struct : Heap.Array);
  if (known || (from >= FIRST_DEFINED && defType(from).kind === kind)) return test;
  return `${name} instanceof ${kind === CompositeKind.Struct ? "S" : "A"}&&${test}`;
}

/** Where a field of a structure is: its entries, low first. */
export function fieldAt(name: string, type: DefType, field: number): readonly string[] {
  const { at, element } = structLayout(type);
  const entry = (i: number): string => (i < NAMED_ENTRIES ? `${name}.f${i}` : `${name}.rest[${i - NAMED_ENTRIES}]`);
  const first = at[field]!;
  if (element[field]! > 0) return [`${entry(first)}[${element[field]}]`];
  return Array.from({ length: entriesOf(type.fields[field]!.storage) }, (_, i) => entry(first + i));
}

/** Where an element of an array is: its entries, low first. */
export function elementAt(name: string, index: string, storage: ValType): readonly string[] {
  const size = entriesOf(storage);
  const first = `${name}.data[${size > 1 ? `${size}*` : ""}${index}`;
  return Array.from({ length: size }, (_, i) => `${first}${i > 0 ? `+${i}` : ""}]`);
}

/** Traps where an array is null or an index not one of it. */
export function checkElement(e: FunctionEmitter, array: Expr, name: string, index: string, at: number): void {
  checkNull(e, array, name, TrapCode.NullArray, at);
  e.writer.lineAt(at, `if(${index}>>>0>=${name}.length)return trap(${TrapCode.ArrayBounds});`);
}

/** The entries that an expression reads. */
function place(
  e: FunctionEmitter,
  { op, a, b, n, lo, at }: Expr,
): { readonly storage: ValType; readonly entries: readonly string[] } {
  const type = defType(n);
  if (op >= Op["struct.get"] && op <= Op["struct.get_u"]) {
    const { storage } = type.fields[lo]!;
    const entries = fieldAt(nonNull(e, a!, TrapCode.NullStruct, at), type, lo);
    if (storage !== Num.F64) return { storage, entries };
    const float = e.writer.keep(entries[0]!, Num.F64);
    return { storage, entries: [`(typeof ${float}==="number"?${float}:${float}[0])`] };
  }
  if (op < Op["array.get"] || op > Op["array.get_u"]) throw unprintable(op);
  const { storage } = type.fields[0]!;
  const array = kept(e, a!);
  const index = kept(e, b!);
  checkElement(e, a!, array, index, at);
  return { storage, entries: elementAt(array, index, storage) };
}

function read(op: number, storage: ValType, [low, high]: readonly string[]): string {
  if (isRef(storage) || storage === Num.F64) return low!;
  if (storage === Num.I32) return `(${low}|0)`;
  if (storage !== Num.I8 && storage !== Num.I16) return numberOf(storage, low!, high!);
  const shift = storage === Num.I8 ? 24 : 16;
  const isUnsigned = op === Op["struct.get_u"] || op === Op["array.get_u"];
  return isUnsigned ? `(${low}&${2 ** (32 - shift) - 1})` : `(${low}<<${shift}>>${shift})`;
}
