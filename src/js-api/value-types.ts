// Takes value types as the JavaScript API spells them, gives the language's, and tells which values cross (JavaScript API: ToValueType).
import { type DefType, Heap, heapOf, isRef, Num, Ref, refType, type ValType } from "../syntax/types.ts";
import { oneOf, sequence } from "./web-idl.ts";

const types = {
  i32: Num.I32,
  i64: Num.I64,
  f32: Num.F32,
  f64: Num.F64,
  v128: Num.V128,
  externref: Ref.ExternNull,
  anyfunc: Ref.FuncNull,
  funcref: Ref.FuncNull,
  exnref: Ref.ExnNull,
  anyref: refType(Heap.Any, true),
  eqref: refType(Heap.Eq, true),
  i31ref: refType(Heap.I31, true),
  structref: refType(Heap.Struct, true),
  arrayref: refType(Heap.Array, true),
} as const satisfies Record<string, ValType>;

type Word = keyof typeof types;

const words = Object.keys(types) as Word[];

/** The value type of a word. Throws a TypeError for other words. */
export function valueType(value: unknown, what: string): ValType {
  return types[oneOf(value, words, what)];
}

/** The value types of a sequence of words. */
export function valueTypes(value: unknown, what: string): ValType[] {
  return sequence(value, what).map((word) => valueType(word, `one of ${what}`));
}

/** Whether values of a type may cross to JavaScript: vectors and exception references may not. */
export function isCrossable(type: ValType): boolean {
  return type !== Num.V128 && !(isRef(type) && (heapOf(type) === Heap.Exn || heapOf(type) === Heap.NoExn));
}

/** Whether a reference type is below `externref`. */
export function isExternal(type: ValType): boolean {
  const heap = heapOf(type);
  return heap === Heap.Extern || heap === Heap.NoExtern;
}

/** Whether all values of a function's type can cross. */
export function areCrossable({ params, results }: DefType): boolean {
  return [...params, ...results].every(isCrossable);
}

/** Throws the TypeError of a call that cannot be. */
export function refuse(): never {
  throw new TypeError("the function's type has values that cannot cross to JavaScript");
}
