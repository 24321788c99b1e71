// Takes number tokens, gives integers (specification: 6.3.1 Integers).
import type { Cursor } from "./cursor.ts";
import { Token } from "./lexer.ts";
import { hexDigit } from "./string.ts";

const underscore = 0x5f;
const safe = 2 ** 48;
/** No type has so large an integer. */
const huge = 2 ** 65;

/** The end of a run of digits with single underscores between them, or -1 where it is none. */
export function digitsEnd(text: string, pos: number, isHex: boolean): number {
  let wantsDigit = true;
  for (; pos < text.length; pos++) {
    const code = text.charCodeAt(pos);
    if (code === underscore) {
      if (wantsDigit) return -1;
      wantsDigit = true;
    } else {
      const digit = hexDigit(code);
      if (digit < 0 || (!isHex && digit > 9)) break;
      wantsDigit = false;
    }
  }
  return wantsDigit ? -1 : pos;
}

/** Whether a text from a position on is hexadecimal. */
export function isHexAt(text: string, pos: number): boolean {
  return text.charCodeAt(pos) === 0x30 && text.charCodeAt(pos + 1) === 0x78;
}

/** 1 where a text begins with a sign, else 0. */
export function signLength(text: string): 0 | 1 {
  const first = text.charCodeAt(0);
  return first === 0x2b || first === 0x2d ? 1 : 0;
}

/** The natural number that a text from a position on is, or undefined. Exact: a bigint from 2^48. */
export function natural(text: string, from: number): number | bigint | undefined {
  const isHex = isHexAt(text, from);
  const start = isHex ? from + 2 : from;
  if (digitsEnd(text, start, isHex) !== text.length) return undefined;
  const base = isHex ? 16 : 10;
  let value = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === underscore) continue;
    value = value * base + hexDigit(code);
    // Digits without end would take long to read exactly.
    if (value >= huge) return BigInt(value);
  }
  return value < safe ? value : BigInt(text.slice(from).replaceAll("_", ""));
}

/** Takes an unsigned integer below a limit; `what` names its type in the error. */
function unsigned(cursor: Cursor, limit: bigint, what: string): number | bigint {
  if (cursor.kind !== Token.Number) cursor.fail();
  const { text } = cursor;
  if (signLength(text) === 1) cursor.fail();
  const value = natural(text, 0) ?? cursor.fail(`unknown operator ${text}`);
  if (value >= limit) cursor.fail(`${what} constant out of range`);
  cursor.at++;
  return value;
}

/** Takes an unsigned integer of 8 bits. */
export function readU8(cursor: Cursor): number {
  return Number(unsigned(cursor, 0x100n, "i8"));
}

/** Takes an unsigned integer of 32 bits. */
export function readU32(cursor: Cursor): number {
  return Number(unsigned(cursor, 0x1_0000_0000n, "i32"));
}

/** Takes an unsigned integer of 64 bits. */
export function readU64(cursor: Cursor): bigint {
  return BigInt(unsigned(cursor, 0x1_0000_0000_0000_0000n, "i64"));
}

/** Takes an integer of up to 64 bits, signed or not; gives the signed one with the same bits. */
function integer(cursor: Cursor, bits: number): number | bigint {
  if (cursor.kind !== Token.Number) cursor.fail(cursor.kind === Token.Keyword ? undefined : "unexpected token");
  const { text } = cursor;
  const value = natural(text, signLength(text)) ?? cursor.fail(`unknown operator ${text}`);
  const isNegative = text.charCodeAt(0) === 0x2d;
  if (typeof value === "number" && bits > 32) {
    cursor.at++;
    return isNegative ? -value : value;
  }
  if (value > (isNegative ? 2n ** BigInt(bits - 1) : 2n ** BigInt(bits) - 1n)) {
    cursor.fail(`i${bits} constant out of range`);
  }
  cursor.at++;
  if (typeof value === "number") return isNegative ? -value : value;
  return BigInt.asIntN(bits, isNegative ? -value : value);
}

/** Takes an integer of up to 32 bits, signed or not; bits above are to be cut off. */
export function readInt(cursor: Cursor, bits: 8 | 16 | 32): number {
  return Number(integer(cursor, bits)) | 0;
}

/** Takes an integer of 64 bits, signed or not; gives the signed one. */
export function readI64(cursor: Cursor): bigint {
  return BigInt(integer(cursor, 64));
}
