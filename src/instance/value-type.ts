// Takes a value type as the text format spells it, gives the integer, and the way back (specification: 6.4 Types).
import type { FunctionType, ValueType } from "../api/value.ts";
import {
  defType,
  FIRST_DEFINED,
  funcType,
  Heap,
  isRef,
  Num,
  refType,
  type TypeId,
  typeName,
  type ValType,
} from "../syntax/types.ts";

const numeric: ReadonlyMap<string, ValType> = new Map([
  ["i32", Num.I32],
  ["i64", Num.I64],
  ["f32", Num.F32],
  ["f64", Num.F64],
  ["v128", Num.V128],
]);

const heaps: ReadonlyMap<string, number> = new Map([
  ["any", Heap.Any],
  ["eq", Heap.Eq],
  ["i31", Heap.I31],
  ["struct", Heap.Struct],
  ["array", Heap.Array],
  ["none", Heap.None],
  ["func", Heap.Func],
  ["nofunc", Heap.NoFunc],
  ["extern", Heap.Extern],
  ["noextern", Heap.NoExtern],
  ["exn", Heap.Exn],
  ["noexn", Heap.NoExn],
]);

const shorthands: ReadonlyMap<string, number> = new Map([
  ["nullref", Heap.None],
  ["nullfuncref", Heap.NoFunc],
  ["nullexternref", Heap.NoExtern],
  ["nullexnref", Heap.NoExn],
]);

/** The value type of its text form: `i32`, `funcref`, `(ref null extern)`, `(ref type 3)` by canonical number. Throws a TypeError. */
export function parseValueType(text: ValueType): ValType {
  const found = numeric.get(text) ?? abstractRef(`${text}`) ?? explicitRef(text);
  if (found === undefined) throw new TypeError(`"${text}" is not a value type`);
  return found;
}

/** As `parseValueType`, for references only. */
export function parseRefType(text: ValueType): ValType {
  const type = parseValueType(text);
  if (!isRef(type)) throw new TypeError(`"${text}" is not a reference type`);
  return type;
}

function abstractRef(text: string): ValType | undefined {
  const heap = shorthands.get(text) ?? (text.endsWith("ref") ? heaps.get(text.slice(0, -3)) : undefined);
  return heap === undefined || (text.startsWith("no") && !shorthands.has(text)) ? undefined : refType(heap, true);
}

function explicitRef(text: string): ValType | undefined {
  const match = /^\(ref (null )?(?:(\w+)|type (\d+))\)$/.exec(text);
  if (match === null) return undefined;
  const heap = match[3] === undefined ? heaps.get(match[2]) : defType(FIRST_DEFINED + Number(match[3]))?.id;
  return heap === undefined ? undefined : refType(heap, match[1] !== undefined);
}

/** The canonical id of a function type in text form. Throws a TypeError. */
export function parseFuncType(params: readonly ValueType[], results: readonly ValueType[]): TypeId {
  // Spread, as a hole would stay one.
  return funcType([...params].map(parseValueType), [...results].map(parseValueType));
}

/** Parameter and result types of a function type, in text form. */
export function functionTypeOf(id: TypeId): FunctionType {
  const type = defType(id);
  return { params: type.params.map(typeName), results: type.results.map(typeName) };
}
