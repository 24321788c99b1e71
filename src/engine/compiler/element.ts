// Takes an access, gives which element of an array it is, where it may be one instead of bytes of a view (specification: 4.6.8 Memory instructions).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { Fact } from "../../syntax/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import { place } from "./address.ts";
import { unmoved, withConstant } from "./constant-operand.ts";
import { prefersElements } from "./elements.ts";
import type { FunctionEmitter } from "./emit.ts";
import { Level } from "./level.ts";
import { fitsMask } from "./magnitude.ts";
import { NEAR } from "./memory-views.ts";
import { kept, value } from "./value.ts";

/** Where a number is an element of an array, and its address for the view where it is none: null if it then is out of bounds. */
export type Place = readonly [numbers: string, index: string, address: string | null];

/** The place of an access that may be an element; null where it only goes through the view. */
export function elementAt(
  e: FunctionEmitter,
  accessor: string,
  expr: Expr,
  offset: number,
  memory: number,
  align: number,
): Place | null {
  if (!accessor.endsWith(String(8 << align)) || expr.type === Num.I64) return null;
  const { memories } = e;
  const kind = align === 0 ? "Uint8" : accessor.slice(3);
  const base = unmoved(expr);
  const distance = base === expr ? 0 : expr.b!.lo;
  const hasLoop = (e.facts & Fact.Loop) !== 0;
  // Of a structure's words, or bytes near each other, which have one index.
  const isField = base === expr && offset > 0 && kind === "Int32";
  const isNear = hasLoop ? isField || align === 0 : isField && accessor === "getInt32";
  if (isNear && base.kind === ExprKind.Slot && !prefersElements()) {
    const numbers = memories.numbersFrom(memory, (distance & (NEAR - 1)) + offset, kind, align, true);
    return numbers === null ? null : near(e, numbers, expr, offset, memory, align);
  }
  const isProduct = withConstant(base, Op["i32.shl"]) && base.b!.lo === align && distance % (1 << align) === 0;
  const factor = isProduct ? base.a! : base;
  const isScaled = isProduct || (align === 0 && factor.kind !== ExprKind.Const);
  // The index is what the address is a multiple of: within bounds it has not wrapped round.
  const isNatural = isScaled && distance >= 0 && fitsMask(factor, 0x7fffffff >>> align);
  if (!isNatural && !prefersElements()) return null;
  const numbers = memories.numbersFrom(memory, (isNatural ? distance : 0) + offset, kind, align, false);
  if (numbers === null) return align > 0 || !prefersElements() ? null : byteAt(e, expr, offset, memory);
  // Bytes are all aligned, and below 2^31 what is none is out of bounds.
  if (isNatural || (align === 0 && memories.isSmall(memory)))
    return [memories.own(numbers), value(e, isNatural ? factor : expr, Level.Whole), null];
  const at = kept(e, isProduct ? factor : expr);
  if (!isProduct) return [numbers, rotated(at, align), `(${at}>>>0)+${offset}`];
  const index = distance === 0 ? at : `${at}+${distance >> align}|0`;
  return [numbers, index, `(((${at}<<${align})+${distance}|0)>>>0)+${offset}`];
}

/** An element of an array for what is near others. */
function near(e: FunctionEmitter, numbers: string, expr: Expr, offset: number, memory: number, align: number): Place {
  const base = unmoved(expr);
  const at = kept(e, base);
  const moved = base === expr ? 0 : expr.b!.lo & -NEAR;
  const index = moved === 0 ? rotated(at, align) : `${at}+${moved}|0`;
  return [e.memories.own(numbers), index, place(e, expr, offset, memory)];
}

/** An address rotated to an index, which is too large where the address is not aligned. */
export function rotated(at: string, align: number): string {
  return align === 0 ? at : `${at}>>>${align}|${at}<<${32 - align}`;
}

/** A byte of an array that may become another one. */
function byteAt(e: FunctionEmitter, expr: Expr, offset: number, memory: number): Place | null {
  const { memories } = e;
  const address = e.writer.keep(place(e, expr, offset, memory), Num.F64);
  return [memories.bytes(memory), address, address];
}
