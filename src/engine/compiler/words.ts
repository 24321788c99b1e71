// Takes operands of an instruction, gives the sources of their words in order: what is stored in structures, arrays and exceptions.
import type { Expr } from "../../ir/tree.ts";
import { isRef, Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { isArithmetic } from "./float-uses.ts";
import { floatBits, putDouble } from "./floats.ts";
import { Level } from "./level.ts";
import { doubleBits, isNumber } from "./memory.ts";
import { pair } from "./pair.ts";
import { hasGuard, value } from "./value.ts";
import { words } from "./vector.ts";

/** A value as int32 words, one, two or four, low first; a reference as itself. */
export function entries(e: FunctionEmitter, expr: Expr): string[] {
  const { writer } = e;
  const { type } = expr;
  if (isRef(type) || type === Num.I32) return [value(e, expr)];
  switch (type) {
    case Num.I64: {
      const { lo, hi } = pair(e, expr);
      return [lo, hi];
    }
    case Num.F32:
      return [floatBits(e, expr)];
    case Num.F64: {
      const bits = doubleBits(e, expr);
      if (bits !== null) return [bits.lo, bits.hi];
      putDouble(e, "XD", 0, expr);
      return [writer.keep("XI[0]"), writer.keep("XI[1]")];
    }
    default:
      return [...words(e, expr)];
  }
}

/** A value as `entries` has it, but an f64 as its number. */
export function numbers(e: FunctionEmitter, expr: Expr): string[] {
  return expr.type === Num.F64 ? [value(e, expr, Level.Whole)] : entries(e, expr);
}

/** Whether it is an f64 that may be a NaN, of which each bit counts. */
export function mayBeMoved(expr: Expr): boolean {
  return expr.type === Num.F64 && !isArithmetic(expr) && !isNumber(expr);
}

/** A value as a structure has it: an f64 as its list holds it. */
export function fieldEntries(e: FunctionEmitter, expr: Expr): string[] {
  const sources = numbers(e, expr);
  if (!mayBeMoved(expr)) return sources;
  const name = e.writer.keep(sources[0]!, Num.F64);
  return [`${name}===${name}?${name}:holdNaN(${name})`];
}

/** The operands of an instruction, each as `of` has it; those before one that may trap are computed before it. */
export function operandsOf(e: FunctionEmitter, args: readonly Expr[], of: typeof entries = entries): string[][] {
  let last = args.length - 1;
  while (last > 0 && !hasGuard(args[last]!)) last--;
  return args.map((arg, i) => {
    const sources = of(e, arg);
    return i < last ? keepAll(e, arg, sources) : sources;
  });
}

/** Computes the entries of an operand now, and gives their names. */
export function keepAll(e: FunctionEmitter, { type }: Expr, sources: readonly string[]): string[] {
  return sources.map((source) => e.writer.keep(source, isRef(type) || sources.length === 1 ? type : Num.I32));
}

/** An address, index or count as a number that is not negative, whether it is an i32 or an i64. */
export function unsigned(e: FunctionEmitter, expr: Expr): string {
  if (expr.type !== Num.I64) return `(${value(e, expr)}>>>0)`;
  const { lo, hi } = pair(e, expr);
  return hi === "0" ? `(${lo}>>>0)` : `((${hi}>>>0)*4294967296+(${lo}>>>0))`;
}
