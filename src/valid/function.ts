// Takes the bodies of a module, gives the facts about them (specification: 3.5.6 Functions, A.5). The loop holds the topmost operands packed in an
// integer, so that most instructions are a compare and a shift; it is small and calls others at one place only, so that in a fresh process it is
// optimised long before a large one would be.
import { MalformedError } from "../api/errors.ts";
import { failEnd } from "../binary/reader.ts";
import { Op } from "../syntax/opcodes.ts";
import { ctx, FIRST_TYPE } from "./context.ts";
import { checks } from "./frequent.ts";
import { checkGeneral } from "./general.ts";
import { declareLocals } from "./locals.ts";
import { Packed } from "./packed.ts";
import { Kind, Step } from "./steps.ts";

/** Checks each body of the context's module. */
export function checkBodies(facts: Uint8Array): void {
  const { bodyStart, bodyEnd, importedFunctions } = ctx.module;
  for (let i = 0; i < bodyStart.length; i++) {
    enterBody(importedFunctions + i, bodyStart[i], bodyEnd[i]);
    checkBody(ctx.bytes, ctx.pos);
    facts[i] = ctx.facts;
    if (ctx.pos !== bodyEnd[i]) failBodyEnd();
  }
  ctx.functionIndex = -1;
}

function enterBody(functionIndex: number, start: number, end: number): void {
  const type = FIRST_TYPE + ctx.functions[functionIndex];
  ctx.functionIndex = functionIndex;
  ctx.at = ctx.pos = start;
  ctx.end = ctx.reader.end = end;
  ctx.facts = ctx.typeFacts[type];
  declareLocals(type);
  ctx.base = ctx.sp = ctx.depth = ctx.given = 0;
  ctx.frameOp[0] = Op.block;
  ctx.frameType[0] = type;
  ctx.frameLabel[0] = ctx.resultOps[type];
  ctx.frameBase[0] = ctx.frameDead[0] = ctx.frameSet[0] = 0;
}

// Constants of this module: V8's compiler then knows their addresses.
const { steps, shortLocals } = ctx;
const others = checks;

// An instruction whose operands are not just those expected, or not packed, leaves the switch. Bytes past the body's end are read as if they were
// part of it: this shows when the last frame closes, or in the error of an instruction there. `| 0` tells V8 that there is no overflow.
// Nothing comes after the loop: where V8 has optimised that alone, what does is left to slower code each time.
function checkBody(bytes: Uint8Array, start: number): void {
  let pos = start | 0;
  let ops = 0;
  for (;;) {
    const step = steps[bytes[pos]];
    let next = (pos + 1) | 0;
    switch (step & Step.Kind) {
      case Kind.LocalGet: {
        const type = shortLocals[bytes[next]];
        if (type === Packed.Other || ops > Packed.Room) break;
        ops = (ops << Packed.Bits) | type;
        pos = (pos + 2) | 0;
        continue;
      }
      case Kind.LocalSet:
        if (shortLocals[bytes[next]] !== (ops & Packed.Type)) break;
        ops >>>= Packed.Bits;
        pos = (pos + 2) | 0;
        continue;
      case Kind.LocalTee:
        if (shortLocals[bytes[next]] !== (ops & Packed.Type)) break;
        pos = (pos + 2) | 0;
        continue;
      case Kind.Memory:
        if (bytes[next] > ((step >>> Step.AlignShift) & Step.Align)) break;
        next = (next + 1) | 0;
      // falls through: an offset is a number to go over, too
      case Kind.Const: {
        const first = next;
        while (bytes[next] >= 0x80) next = (next + 1) | 0;
        if (next - first > step >>> Step.LengthShift) break;
        next = (next + 1) | 0;
      }
      // falls through
      case Kind.Plain: {
        const pop = (step >>> Step.PopShift) & Step.Bits;
        const isExpected = (ops & ((1 << pop) - 1)) === ((step >>> Step.OperandShift) & Step.Operands);
        if (!isExpected || ops > Packed.Room) break;
        const push = (step >>> Step.PushShift) & Step.Bits;
        ops = ((ops >>> pop) << push) | ((step >>> Step.ResultShift) & Packed.Type);
        pos = next;
        continue;
      }
    }
    // Undefined past the end of the binary.
    const check = others[bytes[pos]] ?? checkGeneral;
    ops = check(pos, ops) | 0;
    if (ops < 0) return;
    pos = ctx.pos | 0;
  }
}

// Throws for a body that is shorter or longer than its size.
function failBodyEnd(): never {
  const { pos, end, bytes } = ctx;
  if (pos < end) throw new MalformedError("section size mismatch: bytes after the function's end", pos);
  if (end === bytes.length) failEnd(end);
  throw new MalformedError("END opcode expected", end);
}
