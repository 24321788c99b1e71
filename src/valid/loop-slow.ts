// The slow ways out of the validator's loop. Each takes `at`, the instruction's offset, for the errors.
import { MalformedError } from "../api/errors.ts";
import { failEnd, failLeb } from "../binary/reader.ts";
import { Op } from "../syntax/opcodes.ts";
import type { ValType } from "../syntax/types.ts";
import { lebEnd, readS32, readS64, readU32 } from "../util/leb128.ts";
import { ctx, withAddr } from "./context.ts";
import { checkOffset, readMemArg, readOffset } from "./immediates.ts";
import { popSlow } from "./operands.ts";
import { Word } from "./words.ts";

/** Pops an operand whose type is not just the expected one. */
export function popAt(type: ValType, sp: number, pos: number, at: number): number {
  ctx.at = at;
  ctx.pos = pos;
  return popSlow(type, sp);
}

/** Reads an index of more than one byte; `ctx.pos` is after it. */
export function wideIndex(pos: number, at: number): number {
  ctx.at = at;
  const index = readU32(ctx.bytes, pos, ctx.end);
  if (lebEnd < 0) failLeb(lebEnd, pos);
  ctx.pos = lebEnd;
  return index;
}

/** Goes over an integer constant after its first byte, gives the position after it. */
export function skipInteger(pos: number, at: number): number {
  const { bytes, end } = ctx;
  const isI32 = bytes[at] === Op["i32.const"];
  const last = at + (isI32 ? 5 : 10);
  while (pos < last) if (bytes[pos++] < 0x80) return pos;
  // The last byte that there can be: its unused bits count.
  if (isI32) readS32(bytes, at + 1, end);
  else readS64(bytes, at + 1, end);
  if (lebEnd < 0) failLeb(lebEnd, at + 1);
  return lebEnd;
}

/** Goes over the offset of a memory argument, gives the position after it. */
export function skipOffset(pos: number, at: number): number {
  const { bytes } = ctx;
  for (let next = pos + 1; next < pos + 4; next++) if (bytes[next] < 0x80) return next + 1;
  ctx.at = at;
  ctx.pos = pos;
  checkOffset(readOffset(), ctx.memoryIndex[0]);
  return ctx.pos;
}

/** Reads a memory argument of another memory or a wrong alignment; gives the instruction's word for that memory. */
export function wideMemArg(flags: number, pos: number, at: number): number {
  ctx.at = at;
  ctx.pos = pos;
  const word = ctx.prefixed.plain[ctx.bytes[at]];
  return withAddr(word, readMemArg(flags, (word >>> Word.AlignShift) & Word.Align, false));
}

/** Throws for a body that is shorter or longer than its size. */
export function failBodyEnd(): never {
  const { pos, end, bytes } = ctx;
  if (pos < end) throw new MalformedError("section size mismatch: bytes after the function's end", pos);
  if (end === bytes.length) failEnd(end);
  throw new MalformedError("END opcode expected", end);
}
