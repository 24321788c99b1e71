// Takes the immediates at `ctx.pos` that the loop does not read itself, gives their values (specification: 5.4).
import { MalformedError } from "../api/errors.ts";
import { readHeapType, readRefType, readValType } from "../binary/value-types.ts";
import type { Feature } from "../syntax/features.ts";
import { type HeapType, Num, refType, typeName, type ValType } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { ctx } from "./context.ts";
import { fail, failFeature } from "./fail.ts";
import { featureOfType } from "./features.ts";

/** Reads a byte. */
export function readByte(): number {
  const { reader } = ctx;
  reader.pos = ctx.pos;
  const byte = reader.byte();
  ctx.pos = reader.pos;
  return byte;
}

/** Reads an index or another u32. */
export function readIndex(): number {
  const { reader, bytes, pos } = ctx;
  // The reader, for all its calls, is slow in a fresh process.
  if (pos < ctx.end && bytes[pos] < 0x80) {
    ctx.pos = pos + 1;
    return bytes[pos];
  }
  reader.pos = ctx.pos;
  const index = reader.u32();
  ctx.pos = reader.pos;
  return index;
}

/** Reads the number of entries of a list. */
export function readCount(): number {
  const { reader } = ctx;
  reader.pos = ctx.pos;
  const count = reader.count();
  ctx.pos = reader.pos;
  return count;
}

/** Reads a heap type. */
export function readHeap(): HeapType {
  const { reader } = ctx;
  reader.pos = ctx.pos;
  const heap = readHeapType(reader, ctx.space);
  ctx.pos = reader.pos;
  checkType(refType(heap, true));
  return heap;
}

/** Reads a reference type. */
export function readRef(): ValType {
  const { reader } = ctx;
  reader.pos = ctx.pos;
  const type = readRefType(reader, ctx.space);
  ctx.pos = reader.pos;
  checkType(type);
  return type;
}

/** Reads a value type. */
export function readVal(): ValType {
  const { reader, bytes, pos } = ctx;
  const code = bytes[pos];
  if (pos < ctx.end && code >= 0x7c && code < 0x80) {
    ctx.pos = pos + 1;
    return 0x80 - code;
  }
  reader.pos = ctx.pos;
  const type = readValType(reader, ctx.space);
  ctx.pos = reader.pos;
  checkType(type);
  return type;
}

/** Checks that a type in a body is one of a feature that is on. */
export function checkType(type: ValType): void {
  const feature = type < Num.V128 ? undefined : featureOfType(type);
  if (feature !== undefined && !ctx.features.has(feature)) failFeature(feature, `type ${typeName(type)}`);
}

/** Goes over some bytes, gives their start. */
export function skipBytes(byteLength: number): number {
  const { reader } = ctx;
  reader.pos = ctx.pos;
  const start = reader.skip(byteLength);
  ctx.pos = reader.pos;
  return start;
}

/** Reads a lane index. */
export function readLane(lanes: number): void {
  const lane = readByte();
  if (lane >= lanes) fail(`invalid lane index ${lane}`);
}

/** Reads a memory argument after its flags; gives the index type of the memory. */
export function readMemArg(flags: number, maxAlign: number, isExact: boolean): ValType {
  if (flags >= 0x80) throw new MalformedError("malformed memop flags", ctx.at);
  if ((flags & 0x40) !== 0) checkIndexed("multi-memory", "memory index");
  const memory = (flags & 0x40) !== 0 ? readIndex() : 0;
  const offset = readOffset();
  const align = flags & 0x3f;
  const index = checkMemory(memory);
  if (align > maxAlign)
    fail(`alignment must not be larger than natural: 2^${align} for ${counted(1 << maxAlign, "byte")}`);
  if (isExact && align !== maxAlign)
    fail(`atomic alignment must be natural: 2^${align} for ${counted(1 << maxAlign, "byte")}`);
  checkOffset(offset, index);
  return index;
}

/** Reads the offset of a memory argument. */
export function readOffset(): bigint {
  const { reader } = ctx;
  reader.pos = ctx.pos;
  const offset = reader.u64();
  ctx.pos = reader.pos;
  return offset;
}

/** Checks that an offset is one of the memory's index type. */
export function checkOffset(offset: bigint, index: ValType): void {
  if (offset >= 0x1_0000_0000n && index !== Num.I64) fail(`offset out of range: ${offset}`);
}

/** Reads the index of a memory, gives its index type. */
export function readMemory(): ValType {
  const { pos } = ctx;
  const memory = readIndex();
  if (memory !== 0 || ctx.pos !== pos + 1) checkIndexed("multi-memory", "memory index");
  return checkMemory(memory);
}

/** Reads the index of a table of an instruction that knew only one in the beginning. */
export function readTable(): number {
  const { pos } = ctx;
  const table = readIndex();
  if (table !== 0 || ctx.pos !== pos + 1) checkIndexed("reference-types", "table index");
  return table;
}

/** Checks that an instruction may have an index where a zero byte stood before the feature. */
export function checkIndexed(feature: Feature, what: string): void {
  if (!ctx.features.has(feature)) failFeature(feature, what);
}

/** Checks that there is a memory, gives its index type. */
export function checkMemory(memory: number): ValType {
  if (memory >= ctx.memoryIndex.length) fail(`unknown memory ${memory}`);
  return ctx.memoryIndex[memory];
}

/** Checks that there is a table, gives its index type. */
export function checkTable(table: number): ValType {
  if (table >= ctx.tableIndex.length) fail(`unknown table ${table}`);
  return ctx.tableIndex[table];
}

/** Checks that there is a data segment: their number comes before the bodies. */
export function checkData(index: number): void {
  const { dataCount } = ctx.module;
  if (dataCount === undefined) throw new MalformedError("data count section required", ctx.at);
  if (index >= dataCount) fail(`unknown data segment ${index}`);
}

/** Checks that there is an element segment, gives the type of its elements. */
export function checkElements(index: number): ValType {
  const { elements } = ctx.module;
  if (index >= elements.length) fail(`unknown elem segment ${index}`);
  return elements[index].type;
}
