// Takes bytes, gives value types with type indices made canonical (specification: 5.3.1–5.3.5).
import { InvalidError, MalformedError } from "../api/errors.ts";
import { type DefType, Heap, type HeapType, Num, recHeap, refType, type ValType } from "../syntax/types.ts";
import type { Reader } from "./reader.ts";

/** The types that an index can name: the defined ones, and the members of the recursion group being read. */
export interface TypeSpace {
  readonly types: readonly DefType[];
  groupSize: number;
}

/** Reads a type index, gives a heap type. */
export function readTypeRef(reader: Reader, space: TypeSpace): HeapType {
  const position = reader.pos;
  return resolveType(reader.u32(), space, position);
}

function resolveType(index: number, { types, groupSize }: TypeSpace, position: number): HeapType {
  if (index < types.length) return types[index].id;
  if (index < types.length + groupSize) return recHeap(index - types.length);
  throw new InvalidError(`unknown type ${index}`, position);
}

/** Reads a heap type. */
export function readHeapType(reader: Reader, space: TypeSpace): HeapType {
  const position = reader.pos;
  if (position < reader.end) {
    const heap = abstractHeap(reader.bytes[position]);
    if (heap !== 0) {
      reader.pos++;
      return heap;
    }
  }
  const index = reader.s33();
  if (index < 0) throw new MalformedError("malformed heap type", position);
  return resolveType(index, space, position);
}

/** Reads a reference type. */
export function readRefType(reader: Reader, space: TypeSpace): ValType {
  const position = reader.pos;
  const byte = reader.byte();
  if (byte === 0x63 || byte === 0x64) return refType(readHeapType(reader, space), byte === 0x63);
  const heap = abstractHeap(byte);
  if (heap === 0) throw new MalformedError("malformed reference type", position);
  return refType(heap, true);
}

/** Reads a value type. */
export function readValType(reader: Reader, space: TypeSpace): ValType {
  const position = reader.pos;
  const byte = reader.byte();
  if (byte <= 0x7f && byte >= 0x7b) return 0x80 - byte;
  if (byte === 0x63 || byte === 0x64) return refType(readHeapType(reader, space), byte === 0x63);
  const heap = abstractHeap(byte);
  if (heap === 0) throw new MalformedError("malformed value type", position);
  return refType(heap, true);
}

/** Reads the type of a field: a value type or a packed one. */
export function readStorageType(reader: Reader, space: TypeSpace): ValType {
  const byte = reader.bytes[reader.pos];
  if ((byte !== 0x78 && byte !== 0x77) || reader.pos >= reader.end) return readValType(reader, space);
  reader.pos++;
  return byte === 0x78 ? Num.I8 : Num.I16;
}

/** Reads whether something is mutable. */
export function readMutable(reader: Reader): boolean {
  const position = reader.pos;
  const byte = reader.byte();
  if (byte > 1) throw new MalformedError("malformed mutability", position);
  return byte === 1;
}

function abstractHeap(byte: number): HeapType {
  switch (byte) {
    case 0x74:
      return Heap.NoExn;
    case 0x73:
      return Heap.NoFunc;
    case 0x72:
      return Heap.NoExtern;
    case 0x71:
      return Heap.None;
    case 0x70:
      return Heap.Func;
    case 0x6f:
      return Heap.Extern;
    case 0x6e:
      return Heap.Any;
    case 0x6d:
      return Heap.Eq;
    case 0x6c:
      return Heap.I31;
    case 0x6b:
      return Heap.Struct;
    case 0x6a:
      return Heap.Array;
    case 0x69:
      return Heap.Exn;
    default:
      return 0;
  }
}
