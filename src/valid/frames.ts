// The frames of the algorithm: what block, loop, if and try open and end closes (specification: A.5.1). Functions take a height and give one.
import { Op } from "../syntax/opcodes.ts";
import { matchesVal } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { ctx, growFrames } from "./context.ts";
import { fail, failType } from "./fail.ts";
import { unsetLocals } from "./locals.ts";
import { popRun, pushRun } from "./operands.ts";

/** Opens a frame: its parameters go into it. */
export function openFrame(op: number, type: number, sp: number): number {
  const count = ctx.paramCount[type];
  if (count !== 0) sp = popRun(ctx.paramStart[type], count, sp);
  const depth = ++ctx.depth;
  if (depth >= ctx.frameOp.length) growFrames();
  ctx.frameOp[depth] = op;
  ctx.frameType[depth] = type;
  ctx.frameLabel[depth] = op === Op.loop ? ctx.paramOps[type] : ctx.resultOps[type];
  ctx.frameBase[depth] = ctx.base = sp;
  ctx.frameDead[depth] = 0;
  ctx.frameSet[depth] = ctx.setLocals.length;
  return count === 0 ? sp : pushRun(ctx.paramStart[type], count, sp);
}

/** Pops the results of the innermost frame; nothing may be left. */
export function closeFrame(sp: number): number {
  const type = ctx.frameType[ctx.depth];
  const count = ctx.resultCount[type];
  if (count !== 0) sp = popRun(ctx.resultStart[type], count, sp);
  if (sp !== ctx.base) failType(`leaves ${counted(sp - ctx.base, "operand")} too many`);
  if (ctx.setLocals.length > ctx.frameSet[ctx.depth]) unsetLocals(ctx.frameSet[ctx.depth]);
  return sp;
}

/** Goes on with another part of the innermost frame, which was closed. */
export function reopenFrame(op: number): void {
  ctx.frameOp[ctx.depth] = op;
  ctx.frameDead[ctx.depth] = 0;
}

/** Goes back to the frame around, with the results of the innermost one, which was closed. */
export function leaveFrame(sp: number): number {
  const depth = --ctx.depth;
  const type = ctx.frameType[depth + 1];
  ctx.base = ctx.frameBase[depth];
  return pushRun(ctx.resultStart[type], ctx.resultCount[type], sp);
}

/** Checks an if that has no else: its parameters are the results. */
export function checkNoElse(): void {
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
