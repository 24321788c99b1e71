// Takes the address of an access and its offset, gives the effective address (specification: 4.6.8 Memory instructions).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { Level } from "./level.ts";
import { value } from "./value.ts";
import { unsigned } from "./words.ts";
import { isLiteral } from "./writer.ts";

/** The effective address as a number, in brackets where it is a sum; out of range it is out of the view's range. */
export function effective(e: FunctionEmitter, address: Expr, offset: number): string {
  if (address.type === Num.I64) {
    const source = unsigned(e, address);
    return offset === 0 ? source : `${source}+${offset}`;
  }
  if (address.kind === ExprKind.Const) return String((address.lo >>> 0) + offset);
  const source = value(e, address, Level.Atom | Level.Word);
  return offset === 0 ? `${source}>>>0` : `(${source}>>>0)+${offset}`;
}

/** The same for one access by itself: below a view's end at 2^31 a negative number is as far out of its range as what it stands for. */
export function place(e: FunctionEmitter, address: Expr, offset: number, memory: number): string {
  const isWord = offset === 0 && address.type === Num.I32 && address.kind !== ExprKind.Const;
  return isWord && e.memories.isSmall(memory) ? value(e, address, Level.Whole) : effective(e, address, offset);
}

/** An address at a distance from another. */
export function moved(address: string, by: number): string {
  if (by === 0) return address;
  return isLiteral(address) ? String(Number(address) + by) : `${address}+${by}`;
}
