// Takes the addresses of accesses to a 64-bit memory, gives opcodes that make a word of each: see addressOps in scripts/interpreter/memory.ts.
import { Expr, ExprKind } from "../../ir/tree.ts";
import type { Module } from "../../syntax/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import type { CodeSink } from "./code-sink.ts";
import { Code } from "./codes.generated.ts";
import { bothMayTrap } from "./forms.ts";

/** What lowers the addresses of a module's first memory, if that is one of 64 bits. */
export function addressesOf(
  { memories }: Module,
  sink: CodeSink,
  use: (expr: Expr) => number,
  newTemporary: () => number,
): Addresses64 | null {
  return memories.length > 0 && memories[0]!.index64 ? new Addresses64(sink, use, newTemporary) : null;
}

/** The i32 that an address was extended from, or null. */
export function lowWord(address: Expr): Expr | null {
  if (address.kind === ExprKind.Numeric && address.op === Op["i64.extend_i32_u"]) return address.a!;
  if (address.kind !== ExprKind.Const || address.hi !== 0) return null;
  return new Expr(ExprKind.Const, Num.I32, 0, null, null, null, 0, address.lo, 0, 0, address.at);
}

/** Lowers the addresses of one function. */
export class Addresses64 {
  readonly #sink: CodeSink;
  /** Gives the register that holds an expression's value. */
  readonly #use: (expr: Expr) => number;
  readonly #newTemporary: () => number;
  /** Registers of slots that were checked and not written since, in code without branches. */
  readonly #checked = new Set<number>();
  #seals = 0;

  constructor(sink: CodeSink, use: (expr: Expr) => number, newTemporary: () => number) {
    this.#sink = sink;
    this.#use = use;
    this.#newTemporary = newTemporary;
  }

  /** The register whose low word is an address less than 2^32; at run time a trap where it is not. */
  register(address: Expr, at: number): number {
    const { base, index, shift, extension, constant } = addressForm(address);
    const x = base === null ? 0 : this.#use(base);
    const y = index === null ? 0 : this.#use(index);
    if (base !== null && index === null && constant === 0) {
      this.check(base, x, at);
      return x;
    }
    const to = this.#newTemporary();
    const sink = this.#sink;
    sink.at = at;
    if (base === null) sink.emit(Code.addressT, y, shift, extension, constant, to);
    else if (index === null) sink.emit(Code.addressK, x, constant, to);
    else sink.emit(Code.addressE, x, y, shift, extension, to);
    return to;
  }

  /** Checks that the register of an address holds less than 2^32, unless that is known. */
  check(address: Expr, register: number, at: number): void {
    this.#sink.at = at;
    if (this.#sink.seals !== this.#seals) this.#checked.clear();
    this.#seals = this.#sink.seals;
    if (this.#checked.has(register)) return;
    if (address.kind === ExprKind.Slot) this.#checked.add(register);
    this.#sink.emit(Code.addressC, register);
  }

  /** A register is written. */
  forget(register: number): void {
    this.#checked.delete(register);
  }
}

/** How an index of 32 bits is extended; `None` is one of 64 bits. */
const enum Extension {
  Signed = -1,
  Unsigned = 0,
  None = 1,
}

/** `base + (index << shift) + constant`; an index and a constant are never added to a base at once. */
interface AddressForm {
  readonly base: Expr | null;
  readonly index: Expr | null;
  readonly shift: number;
  readonly extension: Extension;
  readonly constant: number;
}

const MAX_SHIFT = 31;

/** The form of an address; what has no better one is a base alone. */
function addressForm(address: Expr): AddressForm {
  const alone = indexOf(address);
  if (alone !== null && alone.extension !== Extension.None) return alone;
  if (address.kind !== ExprKind.Numeric || address.op !== Op["i64.add"]) return baseOf(address);
  const a = address.a!;
  const b = address.b!;
  if (b.kind === ExprKind.Const) return withConstant(a, b, address);
  if (a.kind === ExprKind.Const) return withConstant(b, a, address);
  const right = indexOf(b);
  if (right !== null) return { ...right, base: a };
  const left = bothMayTrap(a, b) ? null : indexOf(a);
  if (left !== null) return { ...left, base: b };
  return { base: a, index: b, shift: 0, extension: Extension.None, constant: 0 };
}

function baseOf(base: Expr): AddressForm {
  return { base, index: null, shift: 0, extension: Extension.None, constant: 0 };
}

function withConstant(operand: Expr, constant: Expr, address: Expr): AddressForm {
  if (constant.hi !== constant.lo >> 31) return baseOf(address);
  const index = indexOf(operand);
  if (index !== null && index.extension !== Extension.None) return { ...index, constant: constant.lo };
  return { ...baseOf(operand), constant: constant.lo };
}

/** The index that an operand is: extended, shifted or both. */
function indexOf(expr: Expr): AddressForm | null {
  if (expr.kind !== ExprKind.Numeric) return null;
  const shift = expr.op === Op["i64.shl"] && expr.b!.kind === ExprKind.Const ? expr.b!.lo & 63 : 0;
  const isShifted = shift > 0 && shift <= MAX_SHIFT;
  const value = isShifted ? expr.a! : expr;
  const form = { base: null, shift: isShifted ? shift : 0, constant: 0 };
  if (value.kind === ExprKind.Numeric && value.op === Op["i64.extend_i32_s"])
    return { ...form, index: value.a!, extension: Extension.Signed };
  if (value.kind === ExprKind.Numeric && value.op === Op["i64.extend_i32_u"])
    return { ...form, index: value.a!, extension: Extension.Unsigned };
  return isShifted ? { ...form, index: value, extension: Extension.None } : null;
}
