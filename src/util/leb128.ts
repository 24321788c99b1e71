// Takes bytes and a position, gives an integer of variable length and, in `lebEnd`, where it ended (specification: 5.2.2 Integers).

/** Why a number could not be read; stands in `lebEnd` in place of a position. */
export const enum LebError {
  /** The bytes end inside of the number. */
  End = -1,
  /** More bytes than the type needs. */
  TooLong = -2,
  /** Unused bits of the last byte are set, or do not repeat the sign. */
  TooLarge = -3,
}

/** The position after the last number read, or a `LebError`. */
export let lebEnd = 0;

/** Reads an unsigned integer of 32 bits. */
export function readU32(bytes: Uint8Array, pos: number, end: number): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (pos >= end) return fail(LebError.End);
    const byte = bytes[pos++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (shift === 28 && byte > 0x0f) return fail(LebError.TooLarge);
      lebEnd = pos;
      return value >>> 0;
    }
  }
  return fail(LebError.TooLong);
}

/** Reads a signed integer of 32 bits. */
export function readS32(bytes: Uint8Array, pos: number, end: number): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (pos >= end) return fail(LebError.End);
    const byte = bytes[pos++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (shift === 28 && !isSignExtension(byte, 4)) return fail(LebError.TooLarge);
      lebEnd = pos;
      return shift < 28 ? (value << (25 - shift)) >> (25 - shift) : value;
    }
  }
  return fail(LebError.TooLong);
}

/** Reads a signed integer of 33 bits: a type index, or a negative code. */
export function readS33(bytes: Uint8Array, pos: number, end: number): number {
  let value = 0;
  let weight = 1;
  for (let count = 1; count <= 5; count++) {
    if (pos >= end) return fail(LebError.End);
    const byte = bytes[pos++];
    value += (byte & 0x7f) * weight;
    weight *= 0x80;
    if (byte < 0x80) {
      if (count === 5 && !isSignExtension(byte, 5)) return fail(LebError.TooLarge);
      lebEnd = pos;
      return byte < 0x40 ? value : value - weight;
    }
  }
  return fail(LebError.TooLong);
}

/** Reads an unsigned integer of 64 bits. */
export function readU64(bytes: Uint8Array, pos: number, end: number): bigint {
  const last = lastByte(bytes, pos, end);
  if (last < 0) return 0n;
  if (last - pos === 9 && bytes[last] > 1) return BigInt(fail(LebError.TooLarge));
  lebEnd = last + 1;
  return joinGroups(bytes, pos, last);
}

/** Reads a signed integer of 64 bits. */
export function readS64(bytes: Uint8Array, pos: number, end: number): bigint {
  const last = lastByte(bytes, pos, end);
  if (last < 0) return 0n;
  if (last - pos === 9 && bytes[last] !== 0 && bytes[last] !== 0x7f) return BigInt(fail(LebError.TooLarge));
  lebEnd = last + 1;
  return BigInt.asIntN(Math.min(64, 7 * (last + 1 - pos)), joinGroups(bytes, pos, last));
}

function fail(error: LebError): number {
  lebEnd = error;
  return 0;
}

// The bits of a last byte from the sign bit upwards are equal.
function isSignExtension(byte: number, usedBits: number): boolean {
  const top = byte >> (usedBits - 1);
  return top === 0 || top === 0x7f >> (usedBits - 1);
}

// The position of the byte that ends a number of 64 bits, or -1 with `lebEnd` set.
function lastByte(bytes: Uint8Array, pos: number, end: number): number {
  for (let last = pos; last < pos + 10; last++) {
    if (last >= end) return fail(LebError.End) - 1;
    if (bytes[last] < 0x80) return last;
  }
  return fail(LebError.TooLong) - 1;
}

// Four groups at a time: BigInt arithmetic is the slow part.
function joinGroups(bytes: Uint8Array, pos: number, last: number): bigint {
  let value = 0n;
  for (let from = pos, shift = 0n; from <= last; from += 4, shift += 28n) {
    let part = 0;
    for (let i = Math.min(from + 3, last); i >= from; i--) part = part * 0x80 + (bytes[i] & 0x7f);
    value |= BigInt(part) << shift;
  }
  return value;
}
