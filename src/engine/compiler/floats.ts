// Takes floats, gives source for their numbers where nothing sees what NaN one is, and for their bits (specification: 4.3.3 Floating-point operations).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num, type ValType } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { isArithmetic } from "./float-uses.ts";
import { bracketed, Level } from "./level.ts";
import { loadWord } from "./memory.ts";
import { select, unrounded, value } from "./value.ts";
import { int } from "./writer.ts";

/** The double of two words, the second of which does not make a double itself: its words would take the place of these. */
export function fromWords(lo: string, hi: string): string {
  return `(XI[0]=${lo},XI[1]=${hi},XD[0])`;
}

/** The value of the words of an i32, f32 or f64. */
export function numberOf(type: ValType, lo: string, hi: string): string {
  if (type === Num.I32) return lo;
  return type === Num.F32 ? `fromBits(${lo})` : fromWords(lo, hi);
}

/** Puts an f64 into an element, its bits as they are; `taker` is what takes them, where that is told. */
export function putDouble(e: FunctionEmitter, array: string, at: number, expr: Expr, taker: Expr | null = null): void {
  const source = value(e, expr, Level.Whole);
  const isResult = isArithmetic(expr) || (taker !== null && e.floats.isRounded(taker));
  e.writer.line(isResult ? `${array}[${at}]=${source};` : `put(${array},${at},${source});`);
}

/** The bits of a result of f32 arithmetic, which is no signalling NaN. */
function wordOf(result: string): string {
  return `(VF[64]=${result},VI[64])`;
}

/** The value of an operand of arithmetic: of an f32 or f64, where a NaN is as good as another. */
export function operand(e: FunctionEmitter, expr: Expr, level: number = Level.Atom): string {
  const { kind, op, a, type } = expr;
  if (kind === ExprKind.Load && op === Op["f32.load"]) return loadWord(e, expr, "getFloat32");
  if (kind === ExprKind.Select && (type === Num.F32 || type === Num.F64)) return select(e, expr, operand, level);
  switch (kind === ExprKind.Numeric ? op : 0) {
    case Op["f32.neg"]:
    case Op["f64.neg"]:
      return bracketed(`-${operand(e, a!)}`, Level.Operation, level);
    case Op["f32.abs"]:
    case Op["f64.abs"]:
      return `Math.abs(${operand(e, a!, Level.Whole)})`;
    case Op["f32.reinterpret_i32"]:
      return `(VI[64]=${value(e, a!, Level.Whole)},VF[64])`;
    default:
      return value(e, expr, level);
  }
}

/** The value that a variable is set to. */
export function assigned(e: FunctionEmitter, slot: number, type: ValType, expr: Expr): string {
  // Floats are looked at together, for which there has to be one.
  if (type !== Num.F32 && type !== Num.F64) return value(e, expr, Level.Whole);
  if (type === Num.F64 && expr.kind === ExprKind.Const) return e.constants.initial(expr.lo, expr.hi);
  const { kind, op } = expr;
  // Others are no different as operands.
  const isOperation = kind === ExprKind.Numeric && !isArithmetic(expr);
  const isFree = isOperation || kind === ExprKind.Select || op === Op["f32.load"];
  return isFree && !e.floats.isSeen(slot, type) ? operand(e, expr, Level.Whole) : value(e, expr, Level.Whole);
}

/** The bits of an f32, which `taker` takes where that is told. */
export function floatBits(e: FunctionEmitter, expr: Expr, taker: Expr | null = null): string {
  const { kind, op, a } = expr;
  if (isArithmetic(expr)) return wordOf(unrounded(e, expr));
  if (kind === ExprKind.Load) return loadWord(e, expr, "getInt32");
  if (kind === ExprKind.Const) return int(expr.lo);
  if (kind === ExprKind.Select) return select(e, expr, (_, branch) => floatBits(e, branch), Level.Atom, Num.I32);
  if (kind === ExprKind.Numeric) {
    if (op === Op["f32.reinterpret_i32"]) return value(e, a!);
    if (op === Op["f32.neg"]) return `(${floatBits(e, a!)}^-2147483648)`;
    if (op === Op["f32.abs"]) return `(${floatBits(e, a!)}&2147483647)`;
  }
  if (taker !== null && e.floats.isRounded(taker)) return wordOf(value(e, expr, Level.Whole));
  return `bits(${value(e, expr, Level.Whole)})`;
}
