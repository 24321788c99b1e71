// Takes number tokens, gives the bits of floating-point numbers, rounded once, to the nearest, ties to even (specification: 6.3.2 Floating-Point).
import type { Cursor } from "./cursor.ts";
import { digitsEnd, isHexAt, signLength } from "./integer.ts";
import { Token } from "./lexer.ts";

/** A format: 24 and 8 bits, or 53 and 11. */
interface Format {
  /** Bits of the significand with the hidden one. */
  readonly precision: number;
  /** Exponent of the smallest number above zero. */
  readonly minExponent: number;
  /** Bits of infinity. */
  readonly infinity: bigint;
  readonly sign: bigint;
}

const f32: Format = { precision: 24, minExponent: -149, infinity: 0x7f80_0000n, sign: 0x8000_0000n };
const f64: Format = {
  precision: 53,
  minExponent: -1074,
  infinity: 0x7ff0_0000_0000_0000n,
  sign: 0x8000_0000_0000_0000n,
};

const scratch = new DataView(new ArrayBuffer(8));

/** Takes an f32, gives its bits. */
export function readF32(cursor: Cursor): number {
  return Number(readFloat(cursor, f32));
}

/** Takes an f64, gives its bits. */
export function readF64(cursor: Cursor): bigint {
  return readFloat(cursor, f64);
}

/** The number of an unsigned text, rounded once: infinite where it is too large, undefined where it is no number. */
export function floatOf(text: string, isSingle: boolean): number | undefined {
  const format = isSingle ? f32 : f64;
  const bits = magnitude(text, 0, format);
  if (bits === undefined) return undefined;
  if (bits < 0n) return Number.POSITIVE_INFINITY;
  scratch.setBigUint64(0, isSingle ? bits << 32n : bits);
  return isSingle ? scratch.getFloat32(0) : scratch.getFloat64(0);
}

function readFloat(cursor: Cursor, format: Format): bigint {
  const { kind, text } = cursor;
  if (kind !== Token.Number && kind !== Token.Keyword) cursor.fail();
  const from = signLength(text);
  const bits = magnitude(text, from, format);
  if (bits === undefined) {
    cursor.fail(kind === Token.Number || text.startsWith("nan") ? `unknown operator ${text}` : undefined);
  }
  if (bits < 0n) cursor.fail("constant out of range");
  cursor.at++;
  return text.charCodeAt(0) === 0x2d ? bits | format.sign : bits;
}

// The bits without a sign; undefined where the text is no number, negative where the number does not fit.
function magnitude(text: string, from: number, format: Format): bigint | undefined {
  const quiet = format.infinity | (1n << BigInt(format.precision - 2));
  if (text.startsWith("inf", from)) return text.length === from + 3 ? format.infinity : undefined;
  if (text.startsWith("nan", from)) return text.length === from + 3 ? quiet : payload(text, from + 3, format);
  const isHex = isHexAt(text, from);
  const parts = splitFloat(text, isHex ? from + 2 : from, isHex);
  if (parts === undefined) return undefined;
  const bits = isHex ? hexBits(parts, format) : decimalBits(parts, format);
  return bits < format.infinity ? bits : -1n;
}

function payload(text: string, from: number, { infinity, precision }: Format): bigint | undefined {
  if (!text.startsWith(":0x", from) || digitsEnd(text, from + 3, true) !== text.length) return undefined;
  const bits = BigInt(text.slice(from + 1).replaceAll("_", ""));
  return bits > 0n && bits < 1n << BigInt(precision - 1) ? infinity | bits : -1n;
}

/** Digits without underscores, and how many of them are behind the point. */
interface Parts {
  readonly digits: string;
  readonly fraction: number;
  readonly exponent: number;
}

function splitFloat(text: string, from: number, isHex: boolean): Parts | undefined {
  let pos = digitsEnd(text, from, isHex);
  if (pos < 0) return undefined;
  let digits = text.slice(from, pos);
  let fraction = "";
  if (text[pos] === ".") {
    const end = digitsEnd(text, pos + 1, isHex);
    // Nothing need follow the point, but what follows has to be well formed.
    if (end < 0 && text[pos + 1] === "_") return undefined;
    fraction = end < 0 ? "" : text.slice(pos + 1, end).replaceAll("_", "");
    pos = end < 0 ? pos + 1 : end;
  }
  digits = digits.replaceAll("_", "");
  let exponent = 0;
  if (text[pos] === (isHex ? "p" : "e") || text[pos] === (isHex ? "P" : "E")) {
    const signed = pos + 1;
    const start = text[signed] === "+" || text[signed] === "-" ? signed + 1 : signed;
    pos = digitsEnd(text, start, false);
    if (pos < 0) return undefined;
    exponent = clamp(Number(text.slice(signed, pos).replaceAll("_", "")));
  }
  return pos === text.length ? { digits: digits + fraction, fraction: fraction.length, exponent } : undefined;
}

// Far beyond what any number of digits makes up for, and printed without an exponent of its own.
function clamp(exponent: number): number {
  return Math.max(-1e15, Math.min(1e15, exponent));
}

function decimalBits({ digits, fraction, exponent }: Parts, format: Format): bigint {
  const nearest = Number(`${digits}e${exponent - fraction}`);
  if (format.precision === 53) {
    scratch.setFloat64(0, nearest);
    return scratch.getBigUint64(0);
  }
  scratch.setFloat32(0, nearest);
  const bits = scratch.getUint32(0);
  return BigInt(bits + correction(nearest, bits, digits, exponent - fraction));
}

// Where the f64 lies halfway between two f32, its own rounding may have hidden on which side the number is.
function correction(nearest: number, bits: number, digits: string, scale: number): number {
  const rounded = f32Value(bits);
  if (nearest === rounded || nearest === Number.POSITIVE_INFINITY) return 0;
  const step = nearest > rounded ? 1 : -1;
  if (Math.abs(nearest - rounded) !== Math.abs(f32Value(bits + step) - nearest)) return 0;
  return compareDecimal(digits, scale, nearest) === step ? step : 0;
}

// The value of an f32, where infinity counts as the number that would follow.
function f32Value(bits: number): number {
  if (bits === 0x7f80_0000) return 2 ** 128;
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

// The sign of `digits`e`scale` - `value`.
function compareDecimal(digits: string, scale: number, value: number): number {
  scratch.setFloat64(0, value);
  const bits = scratch.getBigUint64(0);
  // An f64 between two f32 is never subnormal.
  let right = (bits & 0xf_ffff_ffff_ffffn) | 0x10_0000_0000_0000n;
  const exponent = Number(bits >> 52n) - 1075;
  let left = BigInt(digits);
  if (scale < 0) right *= 10n ** BigInt(-scale);
  else left *= 10n ** BigInt(scale);
  if (exponent < 0) left <<= BigInt(-exponent);
  else right <<= BigInt(exponent);
  return left > right ? 1 : left < right ? -1 : 0;
}

// Enough for any rounding; what follows only counts as zero or not.
const keptDigits = 32;

function hexBits({ digits, fraction, exponent }: Parts, { precision, minExponent, infinity }: Format): bigint {
  let first = 0;
  while (first < digits.length && digits[first] === "0") first++;
  if (first === digits.length) return 0n;
  const kept = digits.slice(first, first + keptDigits);
  const cut = digits.length - first - kept.length;
  const isInexact = /[^0]/.test(digits.slice(first + keptDigits));
  const significand = (BigInt(`0x${kept}`) << 1n) | BigInt(isInexact);
  // The number is significand * 2^scale.
  const scale = exponent - 4 * fraction + 4 * cut - 1;
  const length = significand.toString(2).length;
  const unit = Math.max(scale + length - precision, minExponent);
  if (unit > 1024) return infinity;
  if (unit - scale > length + 1) return 0n;
  const rounded = roundedShift(significand, unit - scale);
  // With the hidden bit, the exponent comes out one higher.
  return rounded + (BigInt(unit - minExponent) << BigInt(precision - 1));
}

function roundedShift(value: bigint, shift: number): bigint {
  if (shift <= 0) return value << BigInt(-shift);
  const count = BigInt(shift);
  const quotient = value >> count;
  const rest = value - (quotient << count);
  const half = 1n << (count - 1n);
  return rest > half || (rest === half && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}
