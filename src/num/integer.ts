// The integer operations that are more than an expression: bit counts and 64-bit division on int32 halves (specification: 4.3.2).

/** Where a function with an i64 result leaves its high half; it returns the low half. An array with a buffer of its own does not move in V8's heap. */
export const HIGH: Int32Array = new Int32Array(new ArrayBuffer(4));

const TWO32 = 4294967296;
const INV32 = 2.3283064365386963e-10; // 2^-32
/** A quotient estimate times this is never above the true quotient, and below it by at most one. */
const BELOW = 0.9999999999999996;
const EXACT = 9007199254740992; // 2^53

export function i32Ctz(x: number): number {
  return x === 0 ? 32 : 31 - Math.clz32(x & -x);
}

export function i32Popcnt(x: number): number {
  x = (x - ((x >>> 1) & 0x55555555)) | 0;
  x = ((x & 0x33333333) + ((x >>> 2) & 0x33333333)) | 0;
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Unsigned quotient; the divisor is not zero. */
export function i64DivU(al: number, ah: number, bl: number, bh: number): number {
  if ((ah | bh) === 0) {
    HIGH[0] = 0;
    return ((al >>> 0) / (bl >>> 0)) | 0;
  }
  let high = ah >>> 0;
  const a = high * TWO32 + (al >>> 0);
  const b = (bh >>> 0) * TWO32 + (bl >>> 0);
  if (a < EXACT) {
    const q = Math.floor(a / b);
    HIGH[0] = (q * INV32) | 0;
    return q | 0;
  }
  if (bh !== 0) {
    HIGH[0] = 0;
    const q = ((a / b) * BELOW) >>> 0;
    return (q + (remainderReaches(q, al, ah, bl, bh) ? 1 : 0)) | 0;
  }
  // 64 by 32 bits: two digits of base 2^32.
  let qh = 0;
  if (high >= b) {
    qh = (high / b) >>> 0;
    high -= qh * b;
  }
  HIGH[0] = qh;
  const q = (((high * TWO32 + (al >>> 0)) / b) * BELOW) >>> 0;
  return (q + (remainderReaches(q, al, high | 0, bl, 0) ? 1 : 0)) | 0;
}

/** Whether a - q * b ≥ b, where q is the quotient or one less. */
function remainderReaches(q: number, al: number, ah: number, bl: number, bh: number): boolean {
  const pl = Math.imul(q, bl);
  const ph = (((q * (bl >>> 0) - (pl >>> 0)) * INV32 + 0.5) | 0) + Math.imul(q, bh);
  const rl = (al - pl) | 0;
  const rh = (ah - ph - (al >>> 0 < pl >>> 0 ? 1 : 0)) | 0;
  return rh >>> 0 > bh >>> 0 || (rh === bh && rl >>> 0 >= bl >>> 0);
}

/** Unsigned remainder; the divisor is not zero. */
export function i64RemU(al: number, ah: number, bl: number, bh: number): number {
  if ((ah | bh) === 0) {
    HIGH[0] = 0;
    return ((al >>> 0) % (bl >>> 0)) | 0;
  }
  let high = ah >>> 0;
  const b = (bh >>> 0) * TWO32 + (bl >>> 0);
  if (bh === 0) {
    // Of two integers: a remainder of doubles is a call.
    if (high >= b) high = (high % (bl >>> 0)) >>> 0;
    const q = (((high * TWO32 + (al >>> 0)) / b) * BELOW) >>> 0;
    return subtractProduct(q, al, high | 0, bl, 0);
  }
  const a = high * TWO32 + (al >>> 0);
  if (a < EXACT) {
    const r = a < b ? a : a - Math.floor(a / b) * b;
    HIGH[0] = (r * INV32) | 0;
    return r | 0;
  }
  return subtractProduct(((a / b) * BELOW) >>> 0, al, ah, bl, bh);
}

/** a - q * b, less b once more where that leaves b or above. */
function subtractProduct(q: number, al: number, ah: number, bl: number, bh: number): number {
  const pl = Math.imul(q, bl);
  const ph = (((q * (bl >>> 0) - (pl >>> 0)) * INV32 + 0.5) | 0) + Math.imul(q, bh);
  let rl = (al - pl) | 0;
  let rh = (ah - ph - (al >>> 0 < pl >>> 0 ? 1 : 0)) | 0;
  if (rh >>> 0 > bh >>> 0 || (rh === bh && rl >>> 0 >= bl >>> 0)) {
    rh = (rh - bh - (rl >>> 0 < bl >>> 0 ? 1 : 0)) | 0;
    rl = (rl - bl) | 0;
  }
  HIGH[0] = rh;
  return rl;
}

/** Negates the i64 whose low half is given and whose high half is in `HIGH`. */
function negate(lo: number): number {
  HIGH[0] = (~HIGH[0]! + (lo === 0 ? 1 : 0)) | 0;
  return -lo | 0;
}

/** Signed quotient, towards zero; the divisor is not zero and the result is representable. */
export function i64DivS(al: number, ah: number, bl: number, bh: number): number {
  const negative = (ah ^ bh) < 0;
  if (ah < 0) {
    ah = (~ah + (al === 0 ? 1 : 0)) | 0;
    al = -al | 0;
  }
  if (bh < 0) {
    bh = (~bh + (bl === 0 ? 1 : 0)) | 0;
    bl = -bl | 0;
  }
  const q = i64DivU(al, ah, bl, bh);
  return negative ? negate(q) : q;
}

/** Signed remainder, of the dividend's sign; the divisor is not zero. */
export function i64RemS(al: number, ah: number, bl: number, bh: number): number {
  const negative = ah < 0;
  if (negative) {
    ah = (~ah + (al === 0 ? 1 : 0)) | 0;
    al = -al | 0;
  }
  if (bh < 0) {
    bh = (~bh + (bl === 0 ? 1 : 0)) | 0;
    bl = -bl | 0;
  }
  const r = i64RemU(al, ah, bl, bh);
  return negative ? negate(r) : r;
}
