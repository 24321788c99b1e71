// Takes what follows a mnemonic, writes it as bytes behind the opcode (specification: 6.5 Instructions, 5.4 Instructions).
import { ListWriter, type Writer } from "../binary/encode.ts";
import { instructions } from "../syntax/instructions.ts";
import { Imm, Op } from "../syntax/opcodes.ts";
import type { Cursor } from "./cursor.ts";
import { readF32, readF64 } from "./float.ts";
import type { IndexSpace } from "./index-space.ts";
import { natural, readI64, readInt, readU8, readU32 } from "./integer.ts";
import type { Labels } from "./labels.ts";
import { Token } from "./lexer.ts";
import type { Spaces } from "./spaces.ts";
import { readResults } from "./type-table.ts";
import { heapOf, isNullable, readHeapType, readRefType, writeHeapType, writeValTypes } from "./value-types.ts";
import { readVector } from "./vector.ts";

/** An instruction that may stand anywhere in a body. */
export interface Operator {
  readonly op: number;
  readonly imm: Imm;
}

// Parts of other instructions, and the second opcodes of one mnemonic.
const noOperators = new Set<number>([
  Op.else,
  Op.end,
  Op.catch,
  Op.catch_all,
  Op.delegate,
  Op.select_t,
  Op["ref.test_null"],
  Op["ref.cast_null"],
]);

/** The instructions by mnemonic. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.keys(instructions)
    .map((name): [string, Operator] => {
      const [op, imm] = instructions[name]!;
      return [name, { op, imm }];
    })
    .filter(([, { op }]) => !noOperators.has(op)),
);

/** What immediates may name. */
export interface Scope {
  readonly spaces: Spaces;
  readonly locals: IndexSpace;
  readonly labels: Labels;
}

/** Writes an instruction; its mnemonic was taken. The blocks have a block type after their label, which is the caller's. */
export function writeOperator(cursor: Cursor, { op, imm }: Operator, scope: Scope, out: Writer): void {
  const { spaces } = scope;
  switch (op) {
    case Op.select:
      writeSelect(cursor, spaces, out);
      return;
    case Op["ref.test"]:
    case Op["ref.cast"]: {
      const type = readRefType(cursor, spaces.types.space);
      // The opcode of the nullable type follows.
      out.opcode(isNullable(type) ? op + 1 : op);
      writeHeapType(out, heapOf(type));
      return;
    }
    default:
      out.opcode(op);
      writeImmediates(cursor, imm, scope, out);
  }
}

function writeSelect(cursor: Cursor, { types }: Spaces, out: Writer): void {
  if (!cursor.isOpen("result")) {
    out.opcode(Op.select);
    return;
  }
  out.opcode(Op.select_t);
  writeValTypes(out, readResults(cursor, types.space));
}

function writeImmediates(cursor: Cursor, imm: Imm, { spaces, locals, labels }: Scope, out: Writer): void {
  const types = spaces.types.space;
  switch (imm) {
    case Imm.None:
      return;
    case Imm.Block:
      spaces.types.readBlockType(cursor, out);
      return;
    case Imm.TryTable:
      spaces.types.readBlockType(cursor, out);
      writeCatches(cursor, spaces, labels, out);
      return;
    case Imm.Label:
      out.u32(labels.read(cursor));
      return;
    case Imm.Labels:
      writeLabels(cursor, labels, out);
      return;
    case Imm.Func:
      out.u32(spaces.functions.read(cursor));
      return;
    case Imm.Type:
      out.u32(types.read(cursor));
      return;
    case Imm.TypeTable: {
      const table = spaces.tables.readOptional(cursor);
      out.u32(spaces.types.readUse(cursor));
      out.u32(table);
      return;
    }
    case Imm.ValTypes:
      return;
    case Imm.Tag:
      out.u32(spaces.tags.read(cursor));
      return;
    case Imm.Local:
      out.u32(locals.read(cursor));
      return;
    case Imm.Global:
      out.u32(spaces.globals.read(cursor));
      return;
    case Imm.Table:
      out.u32(spaces.tables.readOptional(cursor));
      return;
    case Imm.Memory:
      out.u32(spaces.memories.readOptional(cursor));
      return;
    case Imm.I32:
      out.s32(readInt(cursor, 32));
      return;
    case Imm.I64:
      out.s64(readI64(cursor));
      return;
    case Imm.F32:
      out.bits32(readF32(cursor));
      return;
    case Imm.F64:
      out.bits64(readF64(cursor));
      return;
    case Imm.Heap:
      writeHeapType(out, readHeapType(cursor, types));
      return;
    case Imm.TypeField:
      writeField(cursor, spaces, out);
      return;
    case Imm.TypeCount:
      out.u32(types.read(cursor));
      out.u32(readU32(cursor));
      return;
    case Imm.TypeData:
      spaces.needsDataCount = true;
      writeTwo(cursor, types, spaces.data, out);
      return;
    case Imm.TypeElem:
      writeTwo(cursor, types, spaces.elements, out);
      return;
    case Imm.TypeType:
      writeTwo(cursor, types, types, out);
      return;
    case Imm.Cast:
      writeCast(cursor, types, labels, out);
      return;
    case Imm.Data:
      spaces.needsDataCount = true;
      out.u32(spaces.data.read(cursor));
      return;
    case Imm.Elem:
      out.u32(spaces.elements.read(cursor));
      return;
    case Imm.DataMemory:
      spaces.needsDataCount = true;
      writeSegment(cursor, spaces.data, spaces.memories, out);
      return;
    case Imm.ElemTable:
      writeSegment(cursor, spaces.elements, spaces.tables, out);
      return;
    case Imm.MemoryMemory:
      writePair(cursor, spaces.memories, out);
      return;
    case Imm.TableTable:
      writePair(cursor, spaces.tables, out);
      return;
    case Imm.V128:
      readVector(cursor, out);
      return;
    case Imm.Lanes:
      for (let i = 0; i < 16; i++) out.byte(cursor.kind === Token.Number ? readU8(cursor) : failLanes(cursor));
      return;
    case Imm.Fence:
      out.byte(0);
      return;
    case Imm.Lane2:
    case Imm.Lane4:
    case Imm.Lane8:
    case Imm.Lane16:
      out.byte(readU8(cursor));
      return;
    case Imm.Mem1:
    case Imm.Mem2:
    case Imm.Mem4:
    case Imm.Mem8:
    case Imm.Mem16:
      writeMemArg(cursor, imm - Imm.Mem1, spaces.memories.readOptional(cursor), out);
      return;
    case Imm.MemLane1:
    case Imm.MemLane2:
    case Imm.MemLane4:
    case Imm.MemLane8:
      writeMemArg(cursor, imm - Imm.MemLane1, isLaneNext(cursor) ? 0 : spaces.memories.readOptional(cursor), out);
      out.byte(readU8(cursor));
  }
}

function failLanes(cursor: Cursor): never {
  cursor.fail("invalid lane length");
}

function writeLabels(cursor: Cursor, labels: Labels, out: Writer): void {
  const targets = [labels.read(cursor)];
  while (cursor.kind === Token.Number || cursor.isId()) targets.push(labels.read(cursor));
  out.u32(targets.length - 1);
  for (const target of targets) out.u32(target);
}

const catchClauses = ["catch", "catch_ref", "catch_all", "catch_all_ref"];

// The labels of the clauses are those around the block, which is why its own is not open yet.
function writeCatches(cursor: Cursor, { tags }: Spaces, labels: Labels, out: Writer): void {
  const clauses = new ListWriter();
  while (cursor.kind === Token.Left) {
    const clause = catchClauses.findIndex((word) => cursor.isText(word, 1));
    if (clause < 0) break;
    cursor.at += 2;
    clauses.count++;
    clauses.byte(clause);
    if (clause < 2) clauses.u32(tags.read(cursor));
    clauses.u32(labels.read(cursor));
    cursor.close();
  }
  out.u32(clauses.count);
  out.append(clauses);
}

function writeTwo(cursor: Cursor, first: IndexSpace, second: IndexSpace, out: Writer): void {
  out.u32(first.read(cursor));
  out.u32(second.read(cursor));
}

// Both or none.
function writePair(cursor: Cursor, space: IndexSpace, out: Writer): void {
  const isGiven = space.isNext(cursor);
  out.u32(isGiven ? space.read(cursor) : 0);
  out.u32(isGiven ? space.read(cursor) : 0);
}

// In text what is initialized comes first, and may be left out; in a binary it comes last.
function writeSegment(cursor: Cursor, segments: IndexSpace, targets: IndexSpace, out: Writer): void {
  const kind = cursor.kindAfter(1);
  const isGiven = kind === Token.Number || kind === Token.Id || kind === Token.QuotedId;
  const target = isGiven ? targets.read(cursor) : 0;
  out.u32(segments.read(cursor));
  out.u32(target);
}

function writeField(cursor: Cursor, { types }: Spaces, out: Writer): void {
  const type = types.space.read(cursor);
  out.u32(type);
  const fields = types.fieldsOf(type);
  if (fields === undefined && cursor.kind !== Token.Number) cursor.fail(`unknown field ${cursor.text}`);
  out.u32(fields?.read(cursor) ?? readU32(cursor));
}

function writeCast(cursor: Cursor, types: IndexSpace, labels: Labels, out: Writer): void {
  const label = labels.read(cursor);
  const from = readRefType(cursor, types);
  const to = readRefType(cursor, types);
  out.byte(Number(isNullable(from)) | (Number(isNullable(to)) << 1));
  out.u32(label);
  writeHeapType(out, heapOf(from));
  writeHeapType(out, heapOf(to));
}

// One number alone is the lane; of two, the first is the memory.
function isLaneNext(cursor: Cursor): boolean {
  if (cursor.kind !== Token.Number) return false;
  const next = cursor.kindAfter(1);
  return next !== Token.Number && !(next === Token.Keyword && isMemArgAt(cursor, 1));
}

function isMemArgAt(cursor: Cursor, distance: number): boolean {
  const start = cursor.tokens.starts[cursor.at + distance];
  return cursor.source.startsWith("offset=", start) || cursor.source.startsWith("align=", start);
}

const hasMemory = 0x40;

function writeMemArg(cursor: Cursor, naturalLog2: number, memory: number, out: Writer): void {
  const offset = readEquals(cursor, "offset=") ?? 0;
  if (offset >= 0x1_0000_0000_0000_0000n) cursor.fail("offset out of range", cursor.at - 1);
  const align = readEquals(cursor, "align=");
  const alignLog2 = align === undefined ? naturalLog2 : Math.log2(Number(align));
  if (!Number.isInteger(alignLog2) || alignLog2 >= hasMemory) {
    cursor.fail("alignment must be a power of two", cursor.at - 1);
  }
  out.byte(memory === 0 ? alignLog2 : alignLog2 | hasMemory);
  if (memory !== 0) out.u32(memory);
  if (typeof offset === "number") out.u32(offset);
  else out.u64(offset);
}

function readEquals(cursor: Cursor, word: string): number | bigint | undefined {
  if (cursor.kind !== Token.Keyword) return undefined;
  const { text } = cursor;
  if (!text.startsWith(word)) return undefined;
  const value = natural(text, word.length) ?? cursor.fail(`unknown operator ${text}`);
  cursor.at++;
  return value;
}
