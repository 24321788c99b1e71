// Packs types of numbers and vectors into one integer, four bits each and the last lowest: the form in which the loop holds the topmost operands.
import { Num, type ValType } from "../syntax/types.ts";

/** What makes up packed operands. */
export const enum Packed {
  Bits = 4,
  Type = 15,
  /** Stands for a type that cannot be packed; no operand has it. */
  Other = 15,
  /** There is room for one more up to here. */
  Room = 0xff_ffff,
  /** As many operands there can be with room for one more. */
  Max = 6,
}

/** A type in the form that it has among packed operands. */
export function packType(type: ValType): number {
  return type > Num.Bottom && type <= Num.V128 ? type : Packed.Other;
}

/** Packs the types of an operand list; -1 where they cannot be. */
export function packTypes(types: readonly ValType[]): number {
  if (types.length > Packed.Max) return -1;
  let ops = 0;
  for (const type of types) {
    if (packType(type) === Packed.Other) return -1;
    ops = (ops << Packed.Bits) | type;
  }
  return ops;
}
