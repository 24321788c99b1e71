// Reads the immediates of the loop's instructions that are longer than nearly all (specification: 5.2.2, 5.4). `ctx.pos` is before and after them.
import { failLeb } from "../binary/reader.ts";
import { Op } from "../syntax/opcodes.ts";
import { lebEnd, readS32, readS64, readU32 } from "../util/leb128.ts";
import { ctx, withAddr } from "./context.ts";
import { checkOffset, readMemArg, readOffset } from "./immediates.ts";
import { Word } from "./words.ts";

/** Reads an index of more than one byte. */
export function wideIndex(pos: number): number {
  const { bytes } = ctx;
  const second = bytes[pos + 1];
  if (second < 0x80) {
    ctx.pos = pos + 2;
    return (bytes[pos] & 0x7f) | (second << 7);
  }
  const index = readU32(bytes, pos, ctx.end);
  if (lebEnd < 0) failLeb(lebEnd, pos);
  ctx.pos = lebEnd;
  return index;
}

/** Goes over an integer constant. */
export function skipInteger(): void {
  const { bytes, at } = ctx;
  const isI32 = bytes[at] === Op["i32.const"];
  const last = at + (isI32 ? 5 : 10);
  let pos = at + 1;
  while (pos < last && bytes[pos] >= 0x80) pos++;
  ctx.pos = pos + 1;
  if (pos < last) return;
  // The last byte that there can be: the bits from the sign bit on are equal.
  const unused = isI32 ? 3 : 0;
  const top = bytes[last] >> unused;
  if (top !== 0 && top !== 0x7f >> unused) failInteger(isI32, at);
}

function failInteger(isI32: boolean, at: number): void {
  if (isI32) readS32(ctx.bytes, at + 1, ctx.end);
  else readS64(ctx.bytes, at + 1, ctx.end);
  if (lebEnd < 0) failLeb(lebEnd, at + 1);
}

/** Goes over the offset of a memory argument. */
export function skipOffset(): void {
  const { bytes } = ctx;
  const last = ctx.pos + 4;
  let { pos } = ctx;
  while (pos < last && bytes[pos] >= 0x80) pos++;
  if (pos < last || bytes[pos] < 0x10) ctx.pos = pos + 1;
  else checkOffset(readOffset(), ctx.memoryIndex[0]);
}

/** Reads a memory argument of another memory or a wrong alignment; gives the instruction's word for that memory. */
export function wideMemArg(flags: number): number {
  const word = ctx.prefixed.plain[ctx.bytes[ctx.at]];
  return withAddr(word, readMemArg(flags, (word >>> Word.AlignShift) & Word.Align, false));
}
