// Takes the bodies of a module, gives the facts about them (specification: 3.5.1 Functions, A.3). The loop is one small function: in a fresh
// process it is compiled long before a large one would be. What it meets rarely is elsewhere.
import { Op } from "../syntax/opcodes.ts";
import { ctx, FIRST_TYPE, growStack } from "./context.ts";
import { checkControl } from "./control.ts";
import { declareLocals, failLocal, setLocal } from "./locals.ts";
import { failBodyEnd, popAt, skipInteger, skipOffset, wideIndex, wideMemArg } from "./loop-slow.ts";
import { checkSimple } from "./simple.ts";
import { Shape, Word } from "./words.ts";

// Tells local.tee from local.set.
const TEE = (Shape.LocalTee ^ Shape.LocalSet) << Word.ShapeShift;

/** Checks each body of the context's module. */
export function checkBodies(facts: Uint8Array, maxHeight: Uint32Array): void {
  const { bodyStart, bodyEnd, importedFunctions } = ctx.module;
  for (let i = 0; i < bodyStart.length; i++) {
    enterBody(importedFunctions + i, bodyStart[i], bodyEnd[i]);
    maxHeight[i] = checkBody(ctx.bytes, ctx.words, ctx.locals, ctx.localCount, ctx.pos);
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
  // An instruction pushes no more operands than it has bytes, or grows the stack itself.
  growStack(end - start);
  ctx.base = ctx.depth = 0;
  ctx.frameOp[0] = Op.block;
  ctx.frameType[0] = type;
  ctx.frameBase[0] = ctx.frameDead[0] = ctx.frameSet[0] = 0;
}

// Gives the greatest height of the operand stack. Bytes past the body's end are read as if they were part of it: this shows when the last frame
// closes, or in the error of an instruction there.
function checkBody(
  bytes: Uint8Array,
  words: Int32Array,
  locals: Int32Array,
  localCount: number,
  start: number,
): number {
  let { stack } = ctx;
  let pos = start;
  let sp = 0;
  let base = 0;
  let height = 0;
  let facts = 0;
  for (;;) {
    const at = pos;
    let word = words[bytes[pos++]];
    facts |= word;
    let index = 0;
    if ((word & Word.HasIndex) !== 0) {
      index = bytes[pos++];
      // Undefined past the end of the binary.
      if (!(index < 0x80)) {
        index = wideIndex(pos - 1, at);
        pos = ctx.pos;
      }
    }
    // Past the end of the binary, the word is undefined.
    if (!(word >= 0)) {
      ctx.at = at;
      ctx.pos = pos;
      if ((word & Word.Control) !== 0) sp = checkControl(bytes[at], index, sp);
      else sp = checkSimple(bytes[at], index, sp);
      pos = ctx.pos;
      base = ctx.base;
      stack = ctx.stack;
      if (sp > height) height = sp;
      if (sp >= 0) continue;
      ctx.facts |= (facts >> Word.FactShift) & Word.Facts;
      return height;
    }
    let result = word & Word.Result;
    switch ((word >>> Word.ShapeShift) & Word.Shape) {
      case Shape.Memory:
        if (index > ((word >>> Word.AlignShift) & Word.Align)) {
          word = wideMemArg(index, pos, at);
          pos = ctx.pos;
        } else if (bytes[pos++] >= 0x80) pos = skipOffset(pos - 1, at);
        break;
      case Shape.LocalGet:
        result = locals[index];
        if (index >= localCount || result < 0) failLocal(index, pos, at);
        break;
      case Shape.LocalSet:
      case Shape.LocalTee: {
        if (index >= localCount) failLocal(index, pos, at);
        const local = locals[index];
        const type = local < 0 ? setLocal(index) : local;
        if (sp > base && stack[sp - 1] === type) sp--;
        else sp = popAt(type, sp, pos, at);
        if ((word & TEE) !== 0) result = type;
        break;
      }
      case Shape.Int:
        if (bytes[pos++] >= 0x80) pos = skipInteger(pos, at);
        break;
      case Shape.Bytes4:
        pos += 4;
        break;
      case Shape.Bytes8:
        pos += 8;
        break;
    }
    for (let operands = (word >>> Word.OperandShift) & Word.Operands; operands !== 0; operands >>>= 4) {
      const type = operands & 15;
      if (sp > base && stack[sp - 1] === type) sp--;
      else sp = popAt(type, sp, pos, at);
    }
    if (result !== 0) {
      stack[sp++] = result;
      if (sp > height) height = sp;
    }
  }
}
