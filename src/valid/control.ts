// Checks the structured instructions that every body is made of: block, loop, if, else, end, br, br_if (specification: 3.4.2 Control instructions, A.5.2).
import { MalformedError } from "../api/errors.ts";
import { Op } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";
import { readBlockType } from "./block-type.ts";
import { ctx } from "./context.ts";
import {
  checkLabel,
  checkNoElse,
  closeFrame,
  labelCount,
  labelStart,
  leaveFrame,
  openFrame,
  reopenFrame,
} from "./frames.ts";
import { popRun, popSlow, pushRun } from "./operands.ts";

/** Checks a control instruction; its label, if it has one, is read. Takes the operands' height and gives the new one, -1 at the body's end. */
export function checkControl(op: number, label: number, sp: number): number {
  const { depth, frameOp, frameType } = ctx;
  switch (op) {
    case Op.block:
    case Op.loop:
      return openFrame(op, readBlockType(), sp);
    case Op.if: {
      const type = readBlockType();
      return openFrame(op, type, popSlow(Num.I32, sp));
    }
    case Op.else: {
      if (frameOp[depth] !== Op.if) failPlace("else");
      const type = frameType[depth];
      sp = closeFrame(sp);
      reopenFrame(op);
      return pushRun(ctx.paramStart[type], ctx.paramCount[type], sp);
    }
    case Op.end:
      sp = closeFrame(sp);
      if (frameOp[depth] === Op.if) checkNoElse();
      if (depth > 0) return leaveFrame(sp);
      ctx.depth = -1;
      return -1;
    case Op.br:
      checkLabel(label);
      popRun(labelStart(label), labelCount(label), sp);
      ctx.frameDead[depth] = 1;
      return ctx.base;
    case Op.br_if: {
      sp = popSlow(Num.I32, sp);
      checkLabel(label);
      const start = labelStart(label);
      const count = labelCount(label);
      // The operands stay, with the label's types.
      return pushRun(start, count, popRun(start, count, sp));
    }
  }
  return sp;
}

/** Throws for an instruction outside of the block it belongs to. */
export function failPlace(name: string): never {
  throw new MalformedError(`END opcode expected: ${name} without its block`, ctx.at);
}
