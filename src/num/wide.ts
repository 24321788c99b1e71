// The instructions with two i64 results, on int32 words, the lowest first (wide arithmetic proposal).

/** Where each operation leaves its 128 bits. */
export const WIDE: Int32Array = new Int32Array(4);

const INV32 = 2.3283064365386963e-10; // 2^-32

/** i64.add128. */
export function i64Add128(
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  b0: number,
  b1: number,
  b2: number,
  b3: number,
): void {
  let sum = (a0 >>> 0) + (b0 >>> 0);
  WIDE[0] = sum;
  sum = (a1 >>> 0) + (b1 >>> 0) + carry(sum);
  WIDE[1] = sum;
  sum = (a2 >>> 0) + (b2 >>> 0) + carry(sum);
  WIDE[2] = sum;
  WIDE[3] = a3 + b3 + carry(sum);
}

/** i64.sub128: the sum with the complement and one. */
export function i64Sub128(
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  b0: number,
  b1: number,
  b2: number,
  b3: number,
): void {
  let sum = (a0 >>> 0) + (~b0 >>> 0) + 1;
  WIDE[0] = sum;
  sum = (a1 >>> 0) + (~b1 >>> 0) + carry(sum);
  WIDE[1] = sum;
  sum = (a2 >>> 0) + (~b2 >>> 0) + carry(sum);
  WIDE[2] = sum;
  WIDE[3] = a3 + ~b3 + carry(sum);
}

function carry(sum: number): number {
  return Math.floor(sum * INV32);
}

/** i64.mul_wide_u. */
export function i64MulWideU(al: number, ah: number, bl: number, bh: number): void {
  const high = multiply(al, bl);
  WIDE[0] = Math.imul(al, bl);
  const cross1 = multiply(al, bh);
  const cross2 = multiply(ah, bl);
  let sum = high + (Math.imul(al, bh) >>> 0) + (Math.imul(ah, bl) >>> 0);
  WIDE[1] = sum;
  sum = cross1 + cross2 + (Math.imul(ah, bh) >>> 0) + carry(sum);
  WIDE[2] = sum;
  WIDE[3] = multiply(ah, bh) + carry(sum);
}

/** i64.mul_wide_s: a negative operand was taken 2^64 too great, and the other one times that comes off. */
export function i64MulWideS(al: number, ah: number, bl: number, bh: number): void {
  i64MulWideU(al, ah, bl, bh);
  if (ah < 0) takeFromHigh(bl, bh);
  if (bh < 0) takeFromHigh(al, ah);
}

function takeFromHigh(lo: number, hi: number): void {
  const borrow = WIDE[2]! >>> 0 < lo >>> 0 ? 1 : 0;
  WIDE[2]! -= lo;
  WIDE[3]! -= hi + borrow;
}

/** The high word of an unsigned product: the rounded one less the exact low word is a multiple of 2^32 but for the rounding. */
function multiply(a: number, b: number): number {
  return (((a >>> 0) * (b >>> 0) - (Math.imul(a, b) >>> 0)) * INV32 + 0.5) >>> 0;
}
