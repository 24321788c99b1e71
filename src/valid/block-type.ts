// Takes a block type, gives a signature of the context (specification: 5.4.2 Control instructions, 3.2.8 Block types).
import { MalformedError } from "../api/errors.ts";
import { failLeb } from "../binary/reader.ts";
import { Num } from "../syntax/types.ts";
import { lebEnd, readS33 } from "../util/leb128.ts";
import { ctx, FIRST_TYPE, refBlock } from "./context.ts";
import { fail, failFeature, failType } from "./fail.ts";
import { checkType, readRef } from "./immediates.ts";

/** Reads the block type at `ctx.pos`. */
export function readBlockType(): number {
  const { bytes, pos } = ctx;
  const first = bytes[pos];
  ctx.pos = pos + 1;
  if (first === 0x40) return 0;
  if (first >= 0x7b && first <= 0x7f) {
    if (first === 0x7b) checkType(Num.V128);
    ctx.facts |= ctx.typeFacts[0x80 - first];
    return 0x80 - first;
  }
  const type = first < 0x40 ? checkTypeIndex(first) : readLongBlockType(pos);
  ctx.facts |= ctx.typeFacts[type];
  if (ctx.paramCount[type] < 0) failType(`expects a function type, got type ${type - FIRST_TYPE}`);
  return type;
}

function readLongBlockType(pos: number): number {
  const { bytes, end } = ctx;
  const first = bytes[pos];
  if (first === 0x63 || first === 0x64 || (first >= 0x69 && first <= 0x74)) {
    ctx.pos = pos;
    return refBlock(readRef());
  }
  const index = readS33(bytes, pos, end);
  if (lebEnd < 0) failLeb(lebEnd, pos);
  if (index < 0) throw new MalformedError("malformed block type", pos);
  ctx.pos = lebEnd;
  return checkTypeIndex(index);
}

function checkTypeIndex(index: number): number {
  if (!ctx.features.has("multi-value")) failFeature("multi-value", "block type with parameters or several results");
  if (FIRST_TYPE + index >= ctx.typeCount) fail(`unknown type ${index}`);
  return FIRST_TYPE + index;
}
