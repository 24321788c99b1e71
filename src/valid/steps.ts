// Takes the words of a module's instructions, gives its steps: what the loop does where the operands are just those an instruction expects.
import { Num } from "../syntax/types.ts";
import { Packed } from "./packed.ts";
import { Shape, Word } from "./words.ts";

/** How the loop goes over an instruction. */
export const enum Kind {
  /** By a function of its own. */
  Other,
  LocalGet,
  LocalSet,
  LocalTee,
  /** Alignment, offset, and then as `Plain`. */
  Memory,
  /** A constant integer, and then as `Plain`. */
  Const,
  /** Operands and result stand in the step. */
  Plain,
}

/**
 * The fields of a step. Bits 0–3: `Kind`; 4–7: result; 8–15: up to two operands, packed; 16–19: how many bits of operands; 20–23: how many bits
 * of result; 24–26: greatest alignment; 28–30: bytes of a long immediate, apart from the last, that need no closer look.
 */
export const enum Step {
  Kind = 0xf,
  ResultShift = 4,
  OperandShift = 8,
  Operands = 0xff,
  PopShift = 16,
  PushShift = 20,
  Bits = 0xf,
  AlignShift = 24,
  Align = 7,
  LengthShift = 28,
}

/** The step of a word. */
export function stepOf(word: number): number {
  const kind = kindOf(word);
  const result = word & Word.Result;
  const operands = (word >>> Word.OperandShift) & Word.Operands;
  if (operands > Step.Operands) return Kind.Other;
  const pop = operands === 0 ? 0 : operands <= Packed.Type ? Packed.Bits : 2 * Packed.Bits;
  const push = result === 0 ? 0 : Packed.Bits;
  const align = (word >>> Word.AlignShift) & Word.Align;
  // An i32 and an offset end in the fifth byte, which has unused bits; an i64 in the tenth.
  const length = kind === Kind.Const && result === Num.I64 ? 7 : 3;
  return (
    kind |
    (result << Step.ResultShift) |
    (operands << Step.OperandShift) |
    (pop << Step.PopShift) |
    (push << Step.PushShift) |
    (align << Step.AlignShift) |
    (length << Step.LengthShift)
  );
}

function kindOf(word: number): Kind {
  if (word < 0) return Kind.Other;
  switch ((word >>> Word.ShapeShift) & Word.Shape) {
    case Shape.Plain:
      return Kind.Plain;
    case Shape.Memory:
      return Kind.Memory;
    case Shape.Int:
      return Kind.Const;
    case Shape.LocalGet:
      return Kind.LocalGet;
    case Shape.LocalSet:
      return Kind.LocalSet;
    case Shape.LocalTee:
      return Kind.LocalTee;
    default:
      return Kind.Other;
  }
}
