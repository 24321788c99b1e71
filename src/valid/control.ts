// Checks the structured instructions that every body is made of: block, loop, if, else, end, br, br_if (specification: 3.4.11, A.3.3).
import { MalformedError } from "../api/errors.ts";
import { failLeb } from "../binary/reader.ts";
import { Op } from "../syntax/opcodes.ts";
import { matchesVal, Num } from "../syntax/types.ts";
import { lebEnd, readS33 } from "../util/leb128.ts";
import { ctx, FIRST_TYPE, growFrames, refBlock } from "./context.ts";
import { fail, failType } from "./fail.ts";
import { readRef } from "./immediates.ts";
import { unsetLocals } from "./locals.ts";
import { checkMany, pop, popMany, pushMany, setDead } from "./operands.ts";

/** Checks a control instruction; its label, if it has one, is read. */
export function checkControl(op: number, label: number): void {
  switch (op) {
    case Op.block:
    case Op.loop:
      enterFrame(op, readBlockType());
      break;
    case Op.if: {
      const type = readBlockType();
      pop(Num.I32);
      enterFrame(op, type);
      break;
    }
    case Op.else:
      if (ctx.frameOp[ctx.depth] !== Op.if) failPlace("else");
      closeFrame();
      reopenFrame(Op.else);
      break;
    case Op.end:
      checkEnd();
      break;
    case Op.br:
      checkLabel(label);
      checkMany(labelStart(label), labelCount(label));
      setDead();
      break;
    case Op.br_if: {
      checkLabel(label);
      pop(Num.I32);
      const count = labelCount(label);
      if (count === 0) break;
      // The operands stay, with the label's types.
      popMany(labelStart(label), count);
      pushMany(labelStart(label), count);
      break;
    }
  }
}

/** Reads a block type at `ctx.pos`, gives a signature of the context. */
export function readBlockType(): number {
  const { bytes, pos } = ctx;
  const first = bytes[pos];
  ctx.pos = pos + 1;
  if (first === 0x40) return 0;
  if (first >= 0x7b && first <= 0x7f) return 0x80 - first;
  const type = first < 0x40 ? FIRST_TYPE + first : readLongBlockType(pos);
  if (type >= FIRST_TYPE && type < ctx.typeCount) checkBlockType(type);
  ctx.facts |= ctx.typeFacts[type];
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
  return FIRST_TYPE + index;
}

function checkBlockType(type: number): void {
  if (type >= ctx.typeCount) fail(`unknown type ${type - FIRST_TYPE}`);
  if (ctx.paramCount[type] < 0) failType(`expects a function type, got type ${type - FIRST_TYPE}`);
  if (!ctx.features.has("multi-value") && ctx.paramCount[type] + ctx.resultCount[type] > 1) {
    fail("feature multi-value is off: block type with parameters or several results");
  }
}

/** Pops the parameters and opens a frame with them. */
export function enterFrame(op: number, type: number): void {
  const count = ctx.paramCount[type];
  if (count !== 0) popMany(ctx.paramStart[type], count);
  const depth = ++ctx.depth;
  if (depth >= ctx.frameOp.length) growFrames();
  ctx.frameOp[depth] = op;
  ctx.frameType[depth] = type;
  ctx.frameBase[depth] = ctx.base = ctx.sp;
  ctx.frameDead[depth] = 0;
  ctx.frameSet[depth] = ctx.setLocals.length;
  if (count !== 0) pushMany(ctx.paramStart[type], count);
}

/** Pops the results of the innermost frame; nothing may be left. */
export function closeFrame(): void {
  const type = ctx.frameType[ctx.depth];
  const count = ctx.resultCount[type];
  if (count !== 0) popMany(ctx.resultStart[type], count);
  if (ctx.sp !== ctx.base) failType(`leaves ${ctx.sp - ctx.base} operands too many`);
  if (ctx.setLocals.length > ctx.frameSet[ctx.depth]) unsetLocals(ctx.frameSet[ctx.depth]);
}

/** Goes on with another part of the innermost frame, which was closed: the parameters are back. */
export function reopenFrame(op: number): void {
  const { depth } = ctx;
  ctx.frameOp[depth] = op;
  ctx.frameDead[depth] = 0;
  const type = ctx.frameType[depth];
  if (op === Op.else && ctx.paramCount[type] !== 0) pushMany(ctx.paramStart[type], ctx.paramCount[type]);
}

function checkEnd(): void {
  const { depth } = ctx;
  if (ctx.frameOp[depth] === Op.if) checkNoElse();
  closeFrame();
  leaveFrame();
}

/** Goes back to the frame around, with the results of the innermost one, which was closed. */
export function leaveFrame(): void {
  const depth = --ctx.depth;
  if (depth < 0) return;
  const type = ctx.frameType[depth + 1];
  ctx.base = ctx.frameBase[depth];
  const count = ctx.resultCount[type];
  if (count !== 0) pushMany(ctx.resultStart[type], count);
}

// Without an else the parameters are the results.
function checkNoElse(): void {
  const type = ctx.frameType[ctx.depth];
  const count = ctx.paramCount[type];
  let matches = count === ctx.resultCount[type];
  for (let i = 0; matches && i < count; i++) {
    matches = matchesVal(ctx.pool[ctx.paramStart[type] + i], ctx.pool[ctx.resultStart[type] + i]);
  }
  if (!matches) failType("of an if without else gives other results than its parameters");
}

/** Checks that a frame has a label. */
export function checkLabel(label: number): void {
  if (label > ctx.depth) fail(`unknown label ${label}`);
}

/** Where the types that a branch to a label takes begin in the pool. */
export function labelStart(label: number): number {
  const frame = ctx.depth - label;
  const type = ctx.frameType[frame];
  return ctx.frameOp[frame] === Op.loop ? ctx.paramStart[type] : ctx.resultStart[type];
}

/** How many types a branch to a label takes. */
export function labelCount(label: number): number {
  const frame = ctx.depth - label;
  const type = ctx.frameType[frame];
  return ctx.frameOp[frame] === Op.loop ? ctx.paramCount[type] : ctx.resultCount[type];
}

/** Throws for an instruction outside of the block it belongs to. */
export function failPlace(name: string): never {
  throw new MalformedError(`END opcode expected: ${name} without its block`, ctx.at);
}
