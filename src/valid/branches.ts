// Checks br_table (specification: 3.4.2). Its time is linear in the body even where thousands of labels take a thousand operands each.
import { failLeb } from "../binary/reader.ts";
import { Op } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { lebEnd, readU32 } from "../util/leb128.ts";
import { ctx } from "./context.ts";
import { fail, failType } from "./fail.ts";
import { popRun, popSlow } from "./operands.ts";

// The pool positions of the types checked for this table, once each.
const checked = new Set<number>();

/** Checks a branch by a table of labels; their number is read. Takes the operands' height and gives the new one. */
export function checkBranchTable(count: number, sp: number): number {
  sp = popSlow(Num.I32, sp);
  const { bytes, end, depth, frameOp, frameType, paramCount, resultCount } = ctx;
  if (count > end - ctx.pos) fail("length out of bounds");
  let arity = -1;
  let last = -1;
  let pos = ctx.pos;
  checked.clear();
  for (let i = 0; i <= count; i++) {
    let label = bytes[pos++];
    if (!(label < 0x80)) {
      label = readU32(bytes, pos - 1, end);
      if (lebEnd < 0) failLeb(lebEnd, pos - 1);
      pos = lebEnd;
    }
    if (label === last) continue;
    last = label;
    const frame = depth - label;
    if (frame < 0) failLabel(label, pos);
    const type = frameType[frame];
    const isLoop = frameOp[frame] === Op.loop;
    const operands = isLoop ? paramCount[type] : resultCount[type];
    if (arity !== operands && arity >= 0) failArity(arity, operands, pos);
    arity = operands;
    if (operands !== 0) checkTarget(isLoop ? ctx.paramStart[type] : ctx.resultStart[type], operands, sp, pos);
  }
  ctx.pos = pos;
  ctx.frameDead[depth] = 1;
  return ctx.base;
}

function checkTarget(start: number, count: number, sp: number, pos: number): void {
  if (checked.has(start)) return;
  checked.add(start);
  ctx.pos = pos;
  popRun(start, count, sp);
}

function failLabel(label: number, pos: number): never {
  ctx.pos = pos;
  fail(`unknown label ${label}`);
}

function failArity(arity: number, other: number, pos: number): never {
  ctx.pos = pos;
  failType(`has labels of ${counted(arity, "operand")} and of ${other}`);
}
