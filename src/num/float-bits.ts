// Takes floats as numbers, gives their bits, and the way back: what moves a float's bits where it is no word (specification: 4.3.3).

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const single = new Float32Array(1);
const word = new Int32Array(single.buffer);

/** The views through which generated code moves the bits of a double: others, as a function here may be called between their two words. */
export const XD: Float64Array = new Float64Array(1);
export const XI: Int32Array = new Int32Array(XD.buffer);

const QUIET = 0x400000;

/**
 * The number whose bits as an f32 are given. A host makes a signalling NaN quiet when it reads one as a number: such a NaN is a quiet NaN
 * whose lowest bit but one, which no f32 has, says what it was; the lowest is set in every NaN that Go makes, and both in one of Maglev's.
 */
export function f32FromBits(bits: number): number {
  word[0] = bits;
  const value = single[0]!;
  if (value === value || (bits & QUIET) !== 0) return value;
  words[1] = (bits & -2147483648) | 0x7ff80000 | ((bits & 0x7fffff) >>> 3);
  words[0] = (bits << 29) | 2;
  return double[0]!;
}

/** The bits of an f32. */
export function f32Bits(value: number): number {
  if (value === value) {
    single[0] = value;
    return word[0]!;
  }
  double[0] = value;
  const high = words[1]!;
  const low = words[0]!;
  const bits = (high & -2147483648) | 0x7f800000 | ((high & 0xfffff) << 3) | (low >>> 29);
  return (low & 3) === 2 ? bits & ~QUIET : bits;
}

/** Puts a number into an element, each bit of it: V8's Maglev makes a signalling NaN quiet in code that stores it, but not in what that code calls. */
export function putDouble(doubles: Float64Array, at: number, value: number): void {
  doubles[at] = value;
  if (value !== value) doubles.fill(value, at, at + 1);
}

/** Writes each bit of a NaN where a setter has written it. */
export function rewriteNaN(view: DataView, at: number, nan: number): void {
  double.fill(nan);
  view.setInt32(at, words[0]!, true);
  view.setInt32(at + 4, words[1]!, true);
}

/** The f64 whose bits are given. */
export function f64FromBits(lo: number, hi: number): number {
  words[0] = lo;
  words[1] = hi;
  return double[0]!;
}

/** The number with the other sign; of a NaN too, whose sign JavaScript's operator leaves alone. */
export function floatNeg(value: number): number {
  if (value === value) return -value;
  double.fill(value);
  words[1]! ^= -2147483648;
  return double[0]!;
}

/** The number without its sign. */
export function floatAbs(value: number): number {
  if (value === value) return Math.abs(value);
  double.fill(value);
  words[1]! &= 0x7fffffff;
  return double[0]!;
}

/** The number with the sign of another one. */
export function floatCopysign(value: number, sign: number): number {
  // Words that are read as one double take memory longer. Zeros have signs that comparisons do not tell, and NaNs have bits.
  const magnitude = Math.abs(value);
  if (sign && magnitude >= 0) return sign < 0 ? -magnitude : magnitude;
  double[0] = sign;
  const high = words[1]! & -2147483648;
  putDouble(double, 0, value);
  words[1] = (words[1]! & 0x7fffffff) | high;
  return double[0]!;
}
