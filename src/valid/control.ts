// Checks the structured instructions that every body is made of: block, loop, if, else, end, br, br_if (specification: 3.4.11, A.3.3).
// Part of the loop in all but the call: what most blocks need is written out here.
import { MalformedError } from "../api/errors.ts";
import { Op } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";
import { readBlockType } from "./block-type.ts";
import { ctx } from "./context.ts";
import { fail } from "./fail.ts";
import { checkNoElse, closeFrame, failLeft, openFrame, reopenFrame } from "./frames.ts";
import { unsetLocals } from "./locals.ts";
import { popRun, popSlow, pushRun } from "./operands.ts";

/** Checks a control instruction; its label, if it has one, is read. Takes the operands' height and gives the new one, -1 at the body's end. */
export function checkControl(op: number, label: number, sp: number): number {
  const { stack, base, depth, frameOp, frameType } = ctx;
  switch (op) {
    case Op.block:
    case Op.loop:
      return openFrame(op, readBlockType(), sp);
    case Op.if: {
      const type = readBlockType();
      if (sp > base && stack[sp - 1] === Num.I32) sp--;
      else sp = popSlow(Num.I32, sp);
      return openFrame(op, type, sp);
    }
    case Op.else: {
      if (frameOp[depth] !== Op.if) failPlace("else");
      const type = frameType[depth];
      sp = closeFrame(sp);
      reopenFrame(op);
      const params = ctx.paramCount[type];
      return params === 0 ? sp : pushRun(ctx.paramStart[type], params, sp);
    }
    case Op.end: {
      const type = frameType[depth];
      const results = ctx.resultCount[type];
      const start = ctx.resultStart[type];
      if (results === 1) {
        const result = ctx.pool[start];
        if (sp > base && stack[sp - 1] === result) sp--;
        else sp = popSlow(result, sp);
      } else if (results !== 0) sp = popRun(start, results, sp);
      if (sp !== base) failLeft(sp);
      if (frameOp[depth] === Op.if) checkNoElse();
      if (ctx.setLocals.length > ctx.frameSet[depth]) unsetLocals(ctx.frameSet[depth]);
      ctx.depth = depth - 1;
      if (depth === 0) return -1;
      ctx.base = ctx.frameBase[depth - 1];
      if (results === 1) stack[sp++] = ctx.pool[start];
      else if (results !== 0) sp = pushRun(start, results, sp);
      return sp;
    }
    case Op.br:
    case Op.br_if: {
      if (op === Op.br_if) {
        if (sp > base && stack[sp - 1] === Num.I32) sp--;
        else sp = popSlow(Num.I32, sp);
      }
      const frame = depth - label;
      if (frame < 0) fail(`unknown label ${label}`);
      const type = frameType[frame];
      const isLoop = frameOp[frame] === Op.loop;
      const count = isLoop ? ctx.paramCount[type] : ctx.resultCount[type];
      if (count !== 0) {
        // The operands stay after a br_if, with the label's types.
        const start = isLoop ? ctx.paramStart[type] : ctx.resultStart[type];
        sp = popRun(start, count, sp);
        if (op === Op.br_if) sp = pushRun(start, count, sp);
      }
      if (op === Op.br_if) return sp;
      ctx.frameDead[depth] = 1;
      return base;
    }
  }
  return sp;
}

/** Throws for an instruction outside of the block it belongs to. */
export function failPlace(name: string): never {
  throw new MalformedError(`END opcode expected: ${name} without its block`, ctx.at);
}
