// Takes expressions of type i64 of a function full of them, gives BigInt source that V8 makes 64-bit machine arithmetic of (specification: 4.3.2).
import { TrapCode } from "../../instance/trap.ts";
import { Effect, type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import type { FunctionEmitter } from "./emit.ts";
import { pair, signOf } from "./pair.ts";
import { quotient } from "./quotient.ts";
import { before } from "./value.ts";
import { loadInto, loadWide } from "./wide-memory.ts";
import type { Pair } from "./writer.ts";

/*
 * In such a function the slots of type i64 are elements of `Z`, which all of them share, as none calls another; `ZI` has their halves.
 * A function calls them `z` and `y`; its pieces share them, and are given none.
 * What has no form here is computed in halves. Each intermediate is wrapped by `u`, BigInt.asUintN: one that is not, and a variable that is merged
 * where branches meet, would be an object.
 */

const operators: Readonly<Record<number, string>> = {
  [Op["i64.add"]]: "+",
  [Op["i64.sub"]]: "-",
  [Op["i64.mul"]]: "*",
  [Op["i64.and"]]: "&",
  [Op["i64.or"]]: "|",
  [Op["i64.xor"]]: "^",
};

const divisions: Readonly<Record<number, string>> = {
  [Op["i64.div_u"]]: "/",
  [Op["i64.rem_u"]]: "%",
  [Op["i64.div_s"]]: "/",
  [Op["i64.rem_s"]]: "%",
};

/** Whether an expression is arithmetic that is done on whole values. */
export function isWide({ kind, op, b }: Expr): boolean {
  if (kind !== ExprKind.Numeric) return false;
  if (operators[op] !== undefined || divisions[op] !== undefined) return true;
  const isShift = op >= Op["i64.shl"] && op <= Op["i64.rotr"];
  return isShift && b!.kind === ExprKind.Const;
}

/** The halves of an expression that is done on whole values. */
export function halvesOf(e: FunctionEmitter, expr: Expr): Pair {
  return e.writer.keepWide(wide(e, expr)).halves;
}

/** An expression as a BigInt from 0 to 2^64 - 1. */
export function wide(e: FunctionEmitter, expr: Expr): string {
  switch (expr.kind) {
    case ExprKind.Const:
      return `${wholeOf(expr.lo, expr.hi)}n`;
    case ExprKind.Slot:
      return e.writer.wideSlot(expr.n);
    case ExprKind.Load:
      if (expr.op === Op["i64.load"]) return loadWide(e, expr);
      break;
    case ExprKind.Numeric:
      if (isWide(expr)) return arithmetic(e, expr);
      break;
    default:
  }
  const { lo, hi } = pair(e, expr);
  // As in products of signed words.
  if (hi === signOf(lo)) return `u(64,BigInt(${lo}|0))`;
  return hi === "0" ? `BigInt(${lo}>>>0)` : joined(`${lo}>>>0`, `${hi}>>>0`);
}

/** The whole of two halves, each a number without a sign. */
export function joined(lo: string, hi: string): string {
  return `u(64,u(64,BigInt(${hi})<<32n)|BigInt(${lo}))`;
}

function arithmetic(e: FunctionEmitter, expr: Expr): string {
  const { op } = expr;
  if (divisions[op] !== undefined) return division(e, expr);
  let a = wide(e, expr.a!);
  if (before(expr.a!, expr.b)) a = e.writer.nameWide(a);
  const operator = operators[op];
  if (operator !== undefined) return `u(64,${a}${operator}${wide(e, expr.b!)})`;
  const count = expr.b!.lo & 63;
  if (count === 0) return a;
  if (op === Op["i64.shr_s"]) a = `N(64,${a})`;
  if (op < Op["i64.rotl"]) return `u(64,${a}${op === Op["i64.shl"] ? "<<" : ">>"}${count}n)`;
  const name = e.writer.nameWide(a);
  const left = op === Op["i64.rotl"] ? count : 64 - count;
  return `u(64,u(64,${name}<<${left}n)|u(64,${name}>>${64 - left}n))`;
}

function division(e: FunctionEmitter, expr: Expr): string {
  const { writer } = e;
  const { op } = expr;
  let a = wide(e, expr.a!);
  // Its trap comes before that of the division.
  if ((expr.a!.effects & Effect.Memory) !== 0) a = writer.nameWide(a);
  const isSigned = op === Op["i64.div_s"] || op === Op["i64.rem_s"];
  const isPlain =
    expr.b!.kind === ExprKind.Const && (expr.b!.lo | expr.b!.hi) !== 0 && (expr.b!.lo & expr.b!.hi) !== -1;
  let b = wide(e, expr.b!);
  if (isPlain && !isSigned) {
    const dividend = writer.nameWide(a);
    const whole = quotient(writer, dividend, wholeOf(expr.b!.lo, expr.b!.hi));
    if (whole !== null) return op === Op["i64.div_u"] ? whole : `u(64,${dividend}-u(64,${whole}*${b}))`;
    a = dividend;
  }
  if (!isPlain) {
    const divisor = writer.keepWide(b);
    b = divisor.name;
    const { lo, hi } = divisor.halves;
    writer.lineAt(expr.at, `if((${lo}|${hi})===0)return trap(${TrapCode.DivideByZero});`);
    if (op === Op["i64.div_s"]) {
      const dividend = writer.keepWide(a);
      a = dividend.name;
      const isLeast = `${dividend.halves.lo}===0&&${dividend.halves.hi}===-2147483648`;
      writer.lineAt(expr.at, `if((${lo}&${hi})===-1&&${isLeast})return trap(${TrapCode.IntegerOverflow});`);
    }
  }
  if (!isSigned) return `u(64,${a}${divisions[op]!}${b})`;
  return `u(64,N(64,N(64,${a})${divisions[op]!}N(64,${b})))`;
}

function wholeOf(lo: number, hi: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

/** Sets a slot to an expression as a whole, if that is better. */
export function assignWide(e: FunctionEmitter, slot: number, expr: Expr): boolean {
  if (!movesWhole(expr)) return false;
  if (expr.op !== Op["i64.load"]) e.writer.setWide(slot, wide(e, expr));
  else loadInto(e, expr, slot);
  return true;
}

/** Whether an expression is better put into its slot as a whole. */
export function movesWhole(expr: Expr): boolean {
  switch (expr.kind) {
    case ExprKind.Const:
    case ExprKind.Slot:
    case ExprKind.Load:
      return true;
    default:
      return isWide(expr) || (expr.op | 1) === Op["i64.extend_i32_u"];
  }
}
