// Takes types of the language, gives the bytes they have in a binary (specification: 5.3.1–5.3.5): the way back of value-types.ts.
import { Heap, type HeapType, Num, type ValType } from "../syntax/types.ts";

/** The byte of each abstract heap type; alone, it is the nullable reference to it. */
export const heapCodes: ReadonlyMap<HeapType, number> = new Map(
  [
    Heap.NoExn,
    Heap.NoFunc,
    Heap.NoExtern,
    Heap.None,
    Heap.Func,
    Heap.Extern,
    Heap.Any,
    Heap.Eq,
    Heap.I31,
    Heap.Struct,
    Heap.Array,
    Heap.Exn,
  ].map((heap, i) => [heap, 0x74 - i]),
);

/** The byte of each number, vector and packed type. */
export const numCodes: ReadonlyMap<ValType, number> = new Map([
  [Num.I32, 0x7f],
  [Num.I64, 0x7e],
  [Num.F32, 0x7d],
  [Num.F64, 0x7c],
  [Num.V128, 0x7b],
  [Num.I8, 0x78],
  [Num.I16, 0x77],
]);

/** What stands before a heap type. */
export const enum RefCode {
  Null = 0x63,
  NonNull = 0x64,
}

/** What a definition in the type section begins with. */
export const enum TypeCode {
  Rec = 0x4e,
  SubFinal = 0x4f,
  Sub = 0x50,
  Array = 0x5e,
  Struct = 0x5f,
  Func = 0x60,
}
