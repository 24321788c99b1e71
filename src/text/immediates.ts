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
      immediateWriters[imm](cursor, scope, out);
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

/** Reads the immediates of an instruction and writes them. */
type ImmediateWriter = (cursor: Cursor, scope: Scope, out: Writer) => void;

const immediateWriters: Readonly<Record<Imm, ImmediateWriter>> = {
  [Imm.None]: () => {},
  [Imm.Block]: (cursor, { spaces }, out) => spaces.types.readBlockType(cursor, out),
  [Imm.TryTable]: writeTryTable,
  [Imm.Label]: (cursor, { labels }, out) => out.u32(labels.read(cursor)),
  [Imm.Labels]: writeLabels,
  [Imm.Local]: (cursor, { locals }, out) => out.u32(locals.read(cursor)),
  [Imm.Func]: writeIndex("functions"),
  [Imm.Type]: (cursor, { spaces }, out) => out.u32(spaces.types.space.read(cursor)),
  [Imm.TypeTable]: writeTypeTable,
  [Imm.ValTypes]: () => {}, // of `select`, which writes them itself
  [Imm.Tag]: writeIndex("tags"),
  [Imm.Global]: writeIndex("globals"),
  [Imm.Table]: (cursor, { spaces }, out) => out.u32(spaces.tables.readOptional(cursor)),
  [Imm.Memory]: (cursor, { spaces }, out) => out.u32(spaces.memories.readOptional(cursor)),
  [Imm.Elem]: writeIndex("elements"),
  [Imm.Data]: withDataCount(writeIndex("data")),
  [Imm.I32]: (cursor, _, out) => out.s32(readInt(cursor, 32)),
  [Imm.I64]: (cursor, _, out) => out.s64(readI64(cursor)),
  [Imm.F32]: (cursor, _, out) => out.bits32(readF32(cursor)),
  [Imm.F64]: (cursor, _, out) => out.bits64(readF64(cursor)),
  [Imm.V128]: (cursor, _, out) => readVector(cursor, out),
  [Imm.Heap]: (cursor, { spaces }, out) => writeHeapType(out, readHeapType(cursor, spaces.types.space)),
  [Imm.Cast]: writeCast,
  [Imm.TypeField]: writeField,
  [Imm.TypeCount]: writeTyped(readU32),
  [Imm.TypeData]: withDataCount(writeTyped((cursor, { data }) => data.read(cursor))),
  [Imm.TypeElem]: writeTyped((cursor, { elements }) => elements.read(cursor)),
  [Imm.TypeType]: writeTyped((cursor, { types }) => types.space.read(cursor)),
  [Imm.DataMemory]: withDataCount(writeSegment("data", "memories")),
  [Imm.ElemTable]: writeSegment("elements", "tables"),
  [Imm.MemoryMemory]: writePair("memories"),
  [Imm.TableTable]: writePair("tables"),
  [Imm.Lanes]: writeLanes,
  [Imm.Fence]: (_, __, out) => out.byte(0),
  [Imm.Lane2]: writeLane,
  [Imm.Lane4]: writeLane,
  [Imm.Lane8]: writeLane,
  [Imm.Lane16]: writeLane,
  [Imm.Mem1]: writeAccess(0),
  [Imm.Mem2]: writeAccess(1),
  [Imm.Mem4]: writeAccess(2),
  [Imm.Mem8]: writeAccess(3),
  [Imm.Mem16]: writeAccess(4),
  [Imm.MemLane1]: writeLaneAccess(0),
  [Imm.MemLane2]: writeLaneAccess(1),
  [Imm.MemLane4]: writeLaneAccess(2),
  [Imm.MemLane8]: writeLaneAccess(3),
};

/** The spaces that indices are looked up in without more ado. */
type Plain = "functions" | "tables" | "memories" | "globals" | "tags" | "elements" | "data";

function writeIndex(space: Plain): ImmediateWriter {
  return (cursor, { spaces }, out) => out.u32(spaces[space].read(cursor));
}

/** Where a segment of data is named, the binary says beforehand how many there are. */
function withDataCount(write: ImmediateWriter): ImmediateWriter {
  return (cursor, scope, out) => {
    scope.spaces.needsDataCount = true;
    write(cursor, scope, out);
  };
}

/** A type, and what else is read. */
function writeTyped(read: (cursor: Cursor, spaces: Spaces) => number): ImmediateWriter {
  return (cursor, { spaces }, out) => {
    out.u32(spaces.types.space.read(cursor));
    out.u32(read(cursor, spaces));
  };
}

function writeTypeTable(cursor: Cursor, { spaces }: Scope, out: Writer): void {
  const table = spaces.tables.readOptional(cursor);
  out.u32(spaces.types.readUse(cursor));
  out.u32(table);
}

function writeTryTable(cursor: Cursor, { spaces, labels }: Scope, out: Writer): void {
  spaces.types.readBlockType(cursor, out);
  writeCatches(cursor, spaces, labels, out);
}

function writeLane(cursor: Cursor, _: Scope, out: Writer): void {
  out.byte(readU8(cursor));
}

function writeLanes(cursor: Cursor, _: Scope, out: Writer): void {
  for (let i = 0; i < 16; i++) out.byte(cursor.kind === Token.Number ? readU8(cursor) : failLanes(cursor));
}

function writeAccess(naturalLog2: number): ImmediateWriter {
  return (cursor, { spaces }, out) => writeMemArg(cursor, naturalLog2, spaces.memories.readOptional(cursor), out);
}

function writeLaneAccess(naturalLog2: number): ImmediateWriter {
  return (cursor, scope, out) => {
    const memory = isLaneNext(cursor) ? 0 : scope.spaces.memories.readOptional(cursor);
    writeMemArg(cursor, naturalLog2, memory, out);
    writeLane(cursor, scope, out);
  };
}

function failLanes(cursor: Cursor): never {
  cursor.fail("invalid lane length");
}

function writeLabels(cursor: Cursor, { labels }: Scope, out: Writer): void {
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

// Both or none.
function writePair(space: Plain): ImmediateWriter {
  return (cursor, { spaces: { [space]: indices } }, out) => {
    const isGiven = indices.isNext(cursor);
    out.u32(isGiven ? indices.read(cursor) : 0);
    out.u32(isGiven ? indices.read(cursor) : 0);
  };
}

// In text what is initialized comes first, and may be left out; in a binary it comes last.
function writeSegment(segments: Plain, targets: Plain): ImmediateWriter {
  return (cursor, { spaces }, out) => {
    const kind = cursor.kindAfter(1);
    const isGiven = kind === Token.Number || kind === Token.Id || kind === Token.QuotedId;
    const target = isGiven ? spaces[targets].read(cursor) : 0;
    out.u32(spaces[segments].read(cursor));
    out.u32(target);
  };
}

function writeField(cursor: Cursor, { spaces: { types } }: Scope, out: Writer): void {
  const type = types.space.read(cursor);
  out.u32(type);
  const fields = types.fieldsOf(type);
  if (fields === undefined && cursor.kind !== Token.Number) cursor.fail(`unknown field ${cursor.text}`);
  out.u32(fields?.read(cursor) ?? readU32(cursor));
}

function writeCast(cursor: Cursor, { spaces, labels }: Scope, out: Writer): void {
  const types = spaces.types.space;
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
