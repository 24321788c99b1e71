// The floating-point operations and conversions that are more than an expression (specification: 4.3.3, 4.3.4).
import { HIGH } from "./integer.ts";

const TWO32 = 4294967296;
const TWO52 = 4503599627370496;

const { min, max } = Math;

/** The lesser number; a NaN is the host's own, as V8's Maglev makes one whose bits are all set. */
export function floatMin(x: number, y: number): number {
  const least = min(x, y);
  return least === least ? least : Number.NaN;
}

/** The greater number. */
export function floatMax(x: number, y: number): number {
  const most = max(x, y);
  return most === most ? most : Number.NaN;
}

/** Rounds to the nearest integer, ties to even; keeps the sign of zero. */
export function floatNearest(x: number): number {
  if (x === 0) return x;
  const magnitude = Math.abs(x);
  if (magnitude >= TWO52) return x;
  const rounded = magnitude + TWO52 - TWO52;
  return x < 0 ? -rounded : rounded;
}

export function i32SatS(x: number): number {
  if (x > -2147483648 && x < 2147483648) return x | 0;
  return x > 0 ? 2147483647 : x < 0 ? -2147483648 : 0;
}

export function i32SatU(x: number): number {
  if (!(x > 0)) return 0;
  return x >= 4294967295 ? -1 : x | 0;
}

/** Saturating truncation to i64: the low half, the high half in `HIGH`. */
export function i64SatS(x: number): number {
  if (x !== x) x = 0;
  if (x >= 9223372036854775808) {
    HIGH[0] = 0x7fffffff;
    return -1;
  }
  if (x < -9223372036854775808) x = -9223372036854775808;
  x = Math.trunc(x);
  HIGH[0] = Math.floor(x / TWO32) | 0;
  return x | 0;
}

/** Saturating truncation to an unsigned i64. */
export function i64SatU(x: number): number {
  if (!(x > 0)) x = 0;
  if (x >= 18446744073709551616) {
    HIGH[0] = -1;
    return -1;
  }
  x = Math.trunc(x);
  HIGH[0] = Math.floor(x / TWO32) | 0;
  return x | 0;
}

/** An i64 as f32, rounded once. */
export function f32FromI64S(lo: number, hi: number): number {
  return Math.fround(hi * TWO32 + (stickyLow(lo, hi >> 21 === hi >> 31) >>> 0));
}

/** An unsigned i64 as f32, rounded once. */
export function f32FromI64U(lo: number, hi: number): number {
  return Math.fround((hi >>> 0) * TWO32 + (stickyLow(lo, hi >>> 21 === 0) >>> 0));
}

/** Folds the 11 lowest bits into one above them where the sum would not fit a double, so that it is rounded only by the rounding to f32. */
function stickyLow(lo: number, fits: boolean): number {
  return fits || (lo & 0x7ff) === 0 ? lo : (lo & ~0x7ff) | 0x800;
}
