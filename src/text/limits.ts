// Takes types of tables and memories, gives their bytes (specification: 6.4.8–6.4.13 Types).
import { Writer } from "../binary/encode.ts";
import type { Cursor } from "./cursor.ts";
import type { IndexSpace } from "./index-space.ts";
import { readU32, readU64 } from "./integer.ts";
import { Token } from "./lexer.ts";
import { readRefType, type ValCode, writeValType } from "./value-types.ts";

const hasMax = 1;
const isShared = 2;
const isIndex64 = 4;
const hasPageSize = 8;

/** Takes a table type. */
export function readTableType(cursor: Cursor, types: IndexSpace): Uint8Array {
  const limits = new Writer(16);
  const flags = readLimits(cursor, readIndexType(cursor), limits);
  return tableType(readRefType(cursor, types), flags, limits);
}

/** The type of a table that is as large as the elements in it. */
export function tableTypeOf(type: ValCode, index64: boolean, count: number): Uint8Array {
  const limits = new Writer(16);
  limits.u32(count);
  limits.u32(count);
  return tableType(type, hasMax | (index64 ? isIndex64 : 0), limits);
}

/** Takes a memory type. */
export function readMemoryType(cursor: Cursor): Uint8Array {
  const limits = new Writer(16);
  let flags = readLimits(cursor, readIndexType(cursor), limits);
  if (cursor.acceptWord("shared")) flags |= isShared;
  return memoryType(flags, limits, readPageSize(cursor));
}

/** The type of a memory that is as large as the bytes in it. */
export function memoryTypeOf(index64: boolean, byteLength: number, pageLog2: number | undefined): Uint8Array {
  const limits = new Writer(16);
  const pages = Math.ceil(byteLength / 2 ** (pageLog2 ?? 16));
  limits.u32(pages);
  limits.u32(pages);
  return memoryType(hasMax | (index64 ? isIndex64 : 0), limits, pageLog2);
}

/** Takes the size of a page, if it is given; gives its base-2 logarithm. */
export function readPageSize(cursor: Cursor): number | undefined {
  if (!cursor.acceptOpen("pagesize")) return undefined;
  const { at } = cursor;
  const log2 = Math.log2(readU32(cursor));
  if (!Number.isInteger(log2)) cursor.fail("invalid custom page size", at);
  cursor.close();
  return log2;
}

function readIndexType(cursor: Cursor): number {
  if (cursor.acceptWord("i64")) return isIndex64;
  cursor.acceptWord("i32");
  return 0;
}

// Gives the flags, which stand before the limits.
function readLimits(cursor: Cursor, flags: number, out: Writer): number {
  out.u64(readU64(cursor));
  if (cursor.kind !== Token.Number) return flags;
  out.u64(readU64(cursor));
  return flags | hasMax;
}

function tableType(type: ValCode, flags: number, limits: Writer): Uint8Array {
  const out = new Writer(24);
  writeValType(out, type);
  out.byte(flags);
  out.append(limits);
  return out.view();
}

function memoryType(flags: number, limits: Writer, pageLog2: number | undefined): Uint8Array {
  const out = new Writer(24);
  out.byte(pageLog2 === undefined ? flags : flags | hasPageSize);
  out.append(limits);
  if (pageLog2 !== undefined) out.u32(pageLog2);
  return out.view();
}
