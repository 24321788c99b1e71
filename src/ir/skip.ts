// Takes a reader after an instruction that does not fall through, gives the `else`, `catch` or `end` where code can run again (specification: 3.4.2 Control instructions).
import { immediateParts } from "../syntax/immediate-parts.ts";
import { type Imm, Op } from "../syntax/opcodes.ts";
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
  const parts = immediateParts[immediates.get(op)! as Imm];
  if (parts === undefined) return skipNumber(reader);
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] !== "*") skipPart(reader, parts[i]!);
    else for (let n = reader.u32(), part = parts[++i]!; n > 0; n--) skipPart(reader, part);
  }
}

function skipPart(reader: BodyReader, part: string): void {
  switch (part) {
    case "b":
      reader.pos++;
      return;
    case "A":
      if ((reader.u32() & 64) !== 0) skipNumber(reader);
      return skipNumber(reader);
    case "B":
    case "V":
      return skipType(reader);
    case "C":
      if (reader.u8() < 2) skipNumber(reader);
      return skipNumber(reader);
    default:
      skipNumber(reader);
  }
}

function skipNumber(reader: BodyReader): void {
  while (reader.u8() >= 0x80);
}

/** Moves past a value type or a block type: its first number may say that a heap type follows. */
export function skipType(reader: BodyReader): void {
  const code = reader.s33();
  if (code === -29 || code === -28) skipNumber(reader);
}
