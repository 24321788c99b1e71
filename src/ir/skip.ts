// Takes a reader after an instruction that does not fall through, gives the `else`, `catch` or `end` where code can run again (specification: 3.3.8).
import { Imm, Op } from "../syntax/opcodes.ts";
import type { BodyReader } from "./reader.ts";
import { immediates } from "./shapes.ts";

/** What closes dead code. A `delegate` ends its try as `end` does. */
type Closing = Op.else | Op.end | Op.catch | Op.catch_all | Op.delegate;

/** Moves past dead code and past the opcode that closes it, which it gives; its immediate is left. */
export function skipDead(reader: BodyReader, end: number): Closing {
  for (let depth = 0; reader.pos < end; ) {
    const op = reader.u8();
    switch (op) {
      case Op.block:
      case Op.loop:
      case Op.if:
      case Op.try:
      case Op.try_table:
        depth++;
        break;
      case Op.else:
      case Op.catch:
      case Op.catch_all:
        if (depth === 0) return op;
        break;
      case Op.end:
      case Op.delegate:
        if (depth-- === 0) return op;
        break;
      default:
    }
    skipImmediates(reader, opcode(reader, op));
  }
  return Op.end;
}

/** The opcode that begins with a byte. */
export function opcode(reader: BodyReader, first: number): number {
  if (first < 0xfb || first > 0xfe) return first;
  const code = reader.u32();
  return code < 256 ? (first << 8) | code : (first << 12) | code;
}

/** Moves past the immediates of an instruction. */
export function skipImmediates(reader: BodyReader, op: number): void {
  const imm = immediates.get(op)!;
  switch (imm) {
    case Imm.None:
      return;
    case Imm.Block:
      return skipBlockType(reader);
    case Imm.Labels:
      for (let n = reader.u32(); n >= 0; n--) reader.u32();
      return;
    case Imm.ValTypes:
      for (let n = reader.u32(); n > 0; n--) skipValType(reader);
      return;
    case Imm.TryTable:
      skipBlockType(reader);
      for (let n = reader.u32(); n > 0; n--) {
        const kind = reader.u8();
        if (kind < 2) reader.u32();
        reader.u32();
      }
      return;
    case Imm.I32:
    case Imm.I64:
      reader.s64();
      return;
    case Imm.F32:
      reader.pos += 4;
      return;
    case Imm.F64:
      reader.pos += 8;
      return;
    case Imm.Heap:
      reader.s33();
      return;
    case Imm.Cast:
      reader.pos++;
      reader.u32();
      reader.s33();
      reader.s33();
      return;
    case Imm.V128:
    case Imm.Lanes:
      reader.pos += 16;
      return;
    case Imm.Fence:
    case Imm.Lane2:
    case Imm.Lane4:
    case Imm.Lane8:
    case Imm.Lane16:
      reader.pos++;
      return;
    case Imm.Mem1:
    case Imm.Mem2:
    case Imm.Mem4:
    case Imm.Mem8:
    case Imm.Mem16:
      return skipMemArg(reader);
    case Imm.MemLane1:
    case Imm.MemLane2:
    case Imm.MemLane4:
    case Imm.MemLane8:
      skipMemArg(reader);
      reader.pos++;
      return;
    case Imm.TypeTable:
    case Imm.TypeField:
    case Imm.TypeCount:
    case Imm.TypeData:
    case Imm.TypeElem:
    case Imm.TypeType:
    case Imm.DataMemory:
    case Imm.MemoryMemory:
    case Imm.ElemTable:
    case Imm.TableTable:
      reader.u32();
      reader.u32();
      return;
    default: // one index
      reader.u32();
  }
}

function skipMemArg(reader: BodyReader): void {
  if ((reader.u32() & 64) !== 0) reader.u32();
  reader.u64();
}

/** Moves past a value type. */
export function skipValType(reader: BodyReader): void {
  const code = reader.u8();
  if (code === 0x63 || code === 0x64) reader.s33();
}

function skipBlockType(reader: BodyReader): void {
  const code = reader.s33();
  if (code === -29 || code === -28) reader.s33();
}
