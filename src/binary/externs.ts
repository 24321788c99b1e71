// Takes bytes, gives the types of imports, tables, memories, globals and tags (specification: 5.3.10–5.3.14, 5.5.5 Import section).
import { InvalidError, MalformedError } from "../api/errors.ts";
import { ExternKind, type ExternType, type GlobalType, type MemoryType, type TableType } from "../syntax/module.ts";
import type { TypeId } from "../syntax/types.ts";
import { type Draft, note } from "./draft.ts";
import type { Reader } from "./reader.ts";
import { readMutable, readRefType, readTypeRef, readValType } from "./value-types.ts";

const hasMax = 1;
const isShared = 2;
const isIndex64 = 4;
const hasPageSize = 8;

/** Reads one import into its index space. */
export function readImport(reader: Reader, draft: Draft): void {
  const position = reader.pos;
  const module = reader.name();
  const name = reader.name();
  const extern = readExtern(reader, draft);
  draft.imports.push({ module, name, extern, position });
  draft.imported[extern.kind]++;
}

function readExtern(reader: Reader, draft: Draft): ExternType {
  const position = reader.pos;
  const kind = reader.byte();
  switch (kind) {
    case ExternKind.Func: {
      const index = readFunctionType(reader, draft);
      draft.functions.push(index);
      return { kind, type: draft.types[index].id };
    }
    case ExternKind.Table: {
      const type = readTableType(reader, draft);
      draft.tables.push({ type, init: undefined, position });
      return { kind, type };
    }
    case ExternKind.Memory: {
      const type = readMemoryType(reader, draft);
      draft.memories.push(type);
      return { kind, type };
    }
    case ExternKind.Global: {
      const type = readGlobalType(reader, draft);
      draft.globals.push({ type, init: [], position });
      return { kind, type };
    }
    case ExternKind.Tag: {
      const type = readTagType(reader, draft);
      draft.tags.push(type);
      return { kind, type };
    }
    default:
      throw new MalformedError("malformed import kind", position);
  }
}

/** Reads a type index of a function. */
export function readFunctionType(reader: Reader, draft: Draft): number {
  const position = reader.pos;
  const index = reader.u32();
  if (index >= draft.types.length) throw new InvalidError(`unknown type ${index}`, position);
  return index;
}

/** Reads a table type. */
export function readTableType(reader: Reader, draft: Draft): TableType {
  const element = readRefType(reader, draft);
  const position = reader.pos;
  const flags = readLimitsFlags(reader, hasMax | isIndex64);
  if ((flags & isIndex64) !== 0) note(draft, "memory64", "table with 64-bit index", position);
  return { limits: readLimits(reader, flags), element, index64: (flags & isIndex64) !== 0 };
}

/** Reads a memory type. */
export function readMemoryType(reader: Reader, draft: Draft): MemoryType {
  const position = reader.pos;
  const flags = readLimitsFlags(reader, hasMax | isShared | isIndex64 | hasPageSize);
  if (draft.memories.length > 0) note(draft, "multi-memory", "second memory", position);
  if ((flags & isShared) !== 0) note(draft, "threads", "shared memory", position);
  if ((flags & isIndex64) !== 0) note(draft, "memory64", "memory with 64-bit index", position);
  if ((flags & hasPageSize) !== 0) note(draft, "custom-page-sizes", "page size", position);
  const limits = readLimits(reader, flags);
  const pageSizeAt = reader.pos;
  const pageSizeLog2 = (flags & hasPageSize) !== 0 ? reader.u32() : 16;
  if (pageSizeLog2 > 63) throw new MalformedError("invalid custom page size", pageSizeAt);
  return { limits, index64: (flags & isIndex64) !== 0, shared: (flags & isShared) !== 0, pageSizeLog2 };
}

/** Reads a global type. */
export function readGlobalType(reader: Reader, draft: Draft): GlobalType {
  const type = readValType(reader, draft);
  return { type, mutable: readMutable(reader) };
}

/** Reads a tag type. */
export function readTagType(reader: Reader, draft: Draft): TypeId {
  const position = reader.pos;
  if (reader.byte() !== 0) throw new MalformedError("malformed attribute", position);
  note(draft, "exceptions", "tag", position);
  return readTypeRef(reader, draft);
}

function readLimitsFlags(reader: Reader, allowed: number): number {
  const position = reader.pos;
  const flags = reader.byte();
  if ((flags & ~allowed) !== 0) throw new MalformedError("malformed limits flags", position);
  return flags;
}

function readLimits(reader: Reader, flags: number): { min: number; max: number | undefined } {
  const position = reader.pos;
  const min = reader.u64();
  if ((flags & hasMax) === 0) return { min: clamp(min), max: undefined };
  const max = reader.u64();
  if (min > max) throw new InvalidError("size minimum must not be greater than maximum", position);
  return { min: clamp(min), max: clamp(max) };
}

function clamp(value: bigint): number {
  return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
}
