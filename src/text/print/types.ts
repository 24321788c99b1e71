// Takes types as the binary writes them, gives the text format's words (specification: 6.4 Types). The decoded module has canonical types, which
// know neither their indices nor their recursion groups.
import { MalformedError } from "../../api/errors.ts";
import type { Reader } from "../../binary/reader.ts";
import type { ModuleScope } from "./scope.ts";

const numberTypes = ["v128", "f64", "f32", "i64", "i32"]; // from 0x7b

/** The abstract heap types, by the byte that is also the short form of a nullable reference. */
const heapTypes: ReadonlyMap<number, readonly [heap: string, nullable: string]> = new Map([
  [0x74, ["noexn", "nullexnref"]],
  [0x73, ["nofunc", "nullfuncref"]],
  [0x72, ["noextern", "nullexternref"]],
  [0x71, ["none", "nullref"]],
  [0x70, ["func", "funcref"]],
  [0x6f, ["extern", "externref"]],
  [0x6e, ["any", "anyref"]],
  [0x6d, ["eq", "eqref"]],
  [0x6c, ["i31", "i31ref"]],
  [0x6b, ["struct", "structref"]],
  [0x6a, ["array", "arrayref"]],
  [0x69, ["exn", "exnref"]],
]);

/** Reads a heap type. */
export function heapType(reader: Reader, scope: ModuleScope): string {
  const position = reader.pos;
  const code = reader.s33();
  if (code >= 0) return scope.ids.types.use(code);
  const known = heapTypes.get(code & 0x7f);
  if (known === undefined || code < -64) throw new MalformedError("malformed heap type", position);
  return known[0];
}

/** Reads a value type or a reference type. */
export function valueType(reader: Reader, scope: ModuleScope): string {
  const position = reader.pos;
  const byte = reader.byte();
  if (byte >= 0x7b && byte <= 0x7f) return numberTypes[byte - 0x7b];
  if (byte === 0x63) return nullableType(heapType(reader, scope));
  if (byte === 0x64) return `(ref ${heapType(reader, scope)})`;
  const known = heapTypes.get(byte);
  if (known === undefined) throw new MalformedError("malformed value type", position);
  return known[1];
}

// An abstract heap type has a word, the only form that text is parsed to.
function nullableType(heap: string): string {
  for (const [name, nullable] of heapTypes.values()) if (name === heap) return nullable;
  return `(ref null ${heap})`;
}

function valueTypes(reader: Reader, scope: ModuleScope): readonly string[] {
  const types: string[] = [];
  for (let count = reader.count(); count > 0; count--) types.push(valueType(reader, scope));
  return types;
}

/** Reads the type of a global. */
export function globalType(reader: Reader, scope: ModuleScope): string {
  return mutableType(reader, valueType(reader, scope));
}

function fieldType(reader: Reader, scope: ModuleScope): string {
  const position = reader.pos;
  const byte = reader.byte();
  if (byte === 0x78) return mutableType(reader, "i8");
  if (byte === 0x77) return mutableType(reader, "i16");
  reader.pos = position;
  return mutableType(reader, valueType(reader, scope));
}

function mutableType(reader: Reader, type: string): string {
  return reader.byte() === 1 ? `(mut ${type})` : type;
}

/** Parameters and results of a function type. */
export interface Signature {
  readonly params: readonly string[];
  readonly results: readonly string[];
}

const noSignature: Signature = { params: [], results: [] };

/** Reads what a type index names; another type than that of functions gives no parameters and results. */
export function readSignature(reader: Reader, scope: ModuleScope): Signature {
  let form = reader.byte();
  if (form === 0x50 || form === 0x4f) {
    for (let count = reader.count(); count > 0; count--) reader.u32();
    form = reader.byte();
  }
  return form === 0x60 ? { params: valueTypes(reader, scope), results: valueTypes(reader, scope) } : noSignature;
}

/** ` (result i32 i64)`, or nothing. */
export function listText(word: string, types: readonly string[]): string {
  return types.length === 0 ? "" : ` (${word} ${types.join(" ")})`;
}

/** Reads a member of a recursion group, gives a `(type …)`. */
export function typeDefinition(reader: Reader, scope: ModuleScope, index: number): string {
  const position = reader.pos;
  const head = `(type${scope.ids.types.definition(index)}`;
  const form = reader.byte();
  if (form !== 0x50 && form !== 0x4f) {
    reader.pos = position;
    return `${head} ${compositeType(reader, scope, index)})`;
  }
  let supertypes = "";
  for (let count = reader.count(); count > 0; count--) supertypes += ` ${scope.ids.types.use(reader.u32())}`;
  return `${head} (sub${form === 0x4f ? " final" : ""}${supertypes} ${compositeType(reader, scope, index)}))`;
}

function compositeType(reader: Reader, scope: ModuleScope, index: number): string {
  switch (reader.byte()) {
    case 0x60:
      return `(func${listText("param", valueTypes(reader, scope))}${listText("result", valueTypes(reader, scope))})`;
    case 0x5f: {
      const names = scope.ids.fields(index);
      let text = "(struct";
      const count = reader.count();
      for (let i = 0; i < count; i++) text += ` (field${names.optional(i)} ${fieldType(reader, scope)})`;
      return `${text})`;
    }
    default:
      return `(array ${fieldType(reader, scope)})`;
  }
}

/** Reads the type of a memory: `i64 1 2 shared (pagesize 1)`. */
export function memoryType(reader: Reader): string {
  const flags = reader.byte();
  const limits = limitsText(reader, flags);
  const pageSize = (flags & 8) === 0 ? "" : ` (pagesize ${2n ** BigInt(reader.u32())})`;
  return `${limits}${(flags & 2) === 0 ? "" : " shared"}${pageSize}`;
}

/** Reads the type of a table: `i64 1 2 funcref`. */
export function tableType(reader: Reader, scope: ModuleScope): string {
  const element = valueType(reader, scope);
  return `${limitsText(reader, reader.byte())} ${element}`;
}

function limitsText(reader: Reader, flags: number): string {
  const index = (flags & 4) === 0 ? "" : "i64 ";
  const min = reader.u64();
  return `${index}${min}${(flags & 1) === 0 ? "" : ` ${reader.u64()}`}`;
}
