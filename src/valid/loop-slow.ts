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
  const { bytes } = ctx;
  const second = bytes[pos + 1];
  if (second < 0x80) {
    ctx.pos = pos + 2;
    return (bytes[pos] & 0x7f) | (second << 7);
  }
  ctx.at = at;
  const index = readU32(bytes, pos, ctx.end);
  if (lebEnd < 0) failLeb(lebEnd, pos);
  ctx.pos = lebEnd;
  return index;
}

/** Goes over an integer constant after its first byte, gives the position after it. */
export function skipInteger(pos: number, at: number): number {
  const { bytes } = ctx;
  const isI32 = bytes[at] === Op["i32.const"];
  const last = at + (isI32 ? 5 : 10);
  while (pos < last) if (bytes[pos++] < 0x80) return pos;
  // The last byte that there can be: the bits from the sign bit on are equal.
  const unused = isI32 ? 3 : 0;
  const top = bytes[pos] >> unused;
  if (top !== 0 && top !== 0x7f >> unused) failInteger(isI32, at);
  return pos + 1;
}

function failInteger(isI32: boolean, at: number): void {
  if (isI32) readS32(ctx.bytes, at + 1, ctx.end);
  else readS64(ctx.bytes, at + 1, ctx.end);
  if (lebEnd < 0) failLeb(lebEnd, at + 1);
}

/** Goes over the offset of a memory argument, gives the position after it. */
export function skipOffset(pos: number, at: number): number {
  const { bytes } = ctx;
  const last = pos + 4;
  for (let next = pos + 1; next < last; next++) if (bytes[next] < 0x80) return next + 1;
  if (bytes[last] < 0x10) return pos + 5;
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
