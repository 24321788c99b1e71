// Checks an instruction in any form: with operands of every type, wherever they are, with long immediates, and with every error
// (specification: 3.4, 5.4).
import { Op } from "../syntax/opcodes.ts";
import type { ValType } from "../syntax/types.ts";
import { ctx } from "./context.ts";
import { checkControl } from "./control.ts";
import { skipInteger, skipOffset, wideIndex, wideMemArg } from "./immediates-long.ts";
import { localType, setLocal } from "./locals.ts";
import { popSlow, refill, spill } from "./operands.ts";
import { checkSimple } from "./simple.ts";
import { Shape, Word } from "./words.ts";

/** Checks the instruction at an offset. Takes the packed operands and gives the new ones, -1 at the body's end. */
export function checkGeneral(at: number, ops: number): number {
  const op = ctx.bytes[at];
  // Undefined past the end of the binary.
  const word = ctx.words[op];
  let sp = spill(ops);
  ctx.at = at;
  ctx.pos = at + 1;
  ctx.facts |= (word >> Word.FactShift) & Word.Facts;
  const index = (word & Word.HasIndex) === 0 ? 0 : readFirst(at + 1);
  if (word >= 0) sp = checkPlain(op, word, index, sp);
  else if ((word & Word.Control) !== 0) sp = checkControl(op, index, sp);
  else sp = checkSimple(op, index, sp);
  return sp < 0 ? sp : refill(sp);
}

function readFirst(pos: number): number {
  const index = ctx.bytes[pos];
  // Undefined past the end of the binary.
  if (!(index < 0x80)) return wideIndex(pos);
  ctx.pos = pos + 1;
  return index;
}

function checkPlain(op: number, word: number, index: number, sp: number): number {
  switch ((word >>> Word.ShapeShift) & Word.Shape) {
    case Shape.LocalGet:
      return pushType(localType(index), sp);
    case Shape.LocalSet:
    case Shape.LocalTee: {
      const type = setLocal(index);
      sp = popSlow(type, sp);
      return op === Op["local.tee"] ? pushType(type, sp) : sp;
    }
    case Shape.Memory:
      if (index > ((word >>> Word.AlignShift) & Word.Align)) word = wideMemArg(index);
      else skipOffset();
      break;
    case Shape.Int:
      skipInteger();
      break;
    case Shape.Bytes4:
      ctx.pos += 4;
      break;
    case Shape.Bytes8:
      ctx.pos += 8;
      break;
  }
  for (let operands = (word >>> Word.OperandShift) & Word.Operands; operands !== 0; operands >>>= 4) {
    sp = popSlow(operands & 15, sp);
  }
  return (word & Word.Result) === 0 ? sp : pushType(word & Word.Result, sp);
}

function pushType(type: ValType, sp: number): number {
  ctx.stack[sp] = type;
  return sp + 1;
}
