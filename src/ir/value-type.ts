// Takes the bytes of a validated type, gives the type with canonical ids (specification: 5.3 Types).
import type { Module } from "../syntax/module.ts";
import { Heap, type HeapType, Num, refType, type ValType } from "../syntax/types.ts";
import type { BodyReader } from "./reader.ts";

const abstractHeaps: readonly HeapType[] = [
  Heap.Exn, // 0x69
  Heap.Array,
  Heap.Struct,
  Heap.I31,
  Heap.Eq,
  Heap.Any,
  Heap.Extern,
  Heap.Func, // 0x70
  Heap.None,
  Heap.NoExtern,
  Heap.NoFunc,
  Heap.NoExn, // 0x74
];

function heapFromCode(code: number, module: Module): HeapType {
  return code >= 0 ? module.types[code]!.id : abstractHeaps[(code & 0x7f) - 0x69]!;
}

export function readHeapType(reader: BodyReader, module: Module): HeapType {
  return heapFromCode(reader.s33(), module);
}

/** The value type whose first byte, read as a signed LEB128, is `code`. */
export function valTypeFromCode(code: number, reader: BodyReader, module: Module): ValType {
  switch (code & 0x7f) {
    case 0x7f:
      return Num.I32;
    case 0x7e:
      return Num.I64;
    case 0x7d:
      return Num.F32;
    case 0x7c:
      return Num.F64;
    case 0x7b:
      return Num.V128;
    case 0x63:
      return refType(readHeapType(reader, module), true);
    case 0x64:
      return refType(readHeapType(reader, module), false);
    default:
      return refType(heapFromCode(code, module), true);
  }
}

export function readValType(reader: BodyReader, module: Module): ValType {
  return valTypeFromCode(reader.u8() - 0x80, reader, module);
}
