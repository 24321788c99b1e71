// Takes a validated body, gives its immediates without checks (specification: 5.2 Values).

/** The four words of a vector whose bytes begin at an offset. */
export function wordsAt(bytes: Uint8Array, at: number): [number, number, number, number] {
  const reader = new BodyReader(bytes, at);
  return [reader.bits32(), reader.bits32(), reader.bits32(), reader.bits32()];
}

export class BodyReader {
  readonly bytes: Uint8Array;
  pos: number;
  /** High half of the last `s64`. */
  hi = 0;

  constructor(bytes: Uint8Array, pos: number) {
    this.bytes = bytes;
    this.pos = pos;
  }

  u8(): number {
    return this.bytes[this.pos++]!;
  }

  u32(): number {
    let byte = this.bytes[this.pos++]!;
    if (byte < 128) return byte;
    let value = byte & 127;
    let shift = 7;
    do {
      byte = this.bytes[this.pos++]!;
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte >= 128);
    return value >>> 0;
  }

  /** A u64 below 2^53, else 2^53. */
  u64(): number {
    let value = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = this.bytes[this.pos++]!;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return Math.min(value, 9007199254740992);
  }

  s32(): number {
    let value = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = this.bytes[this.pos++]!;
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte >= 128);
    return shift < 32 && (byte & 64) !== 0 ? value | (-1 << shift) : value;
  }

  /** An s33 of a block or heap type. */
  s33(): number {
    let value = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = this.bytes[this.pos++]!;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return (byte & 64) !== 0 ? value - scale : value;
  }

  /** The low half; the high half in `hi`. */
  s64(): number {
    let lo = 0;
    let hi = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = this.bytes[this.pos++]!;
      const bits = byte & 127;
      if (shift < 28) lo |= bits << shift;
      else if (shift === 28) {
        lo |= bits << 28;
        hi = bits >>> 4;
      } else hi |= bits << (shift - 32);
      shift += 7;
    } while (byte >= 128);
    if (shift < 64 && (byte & 64) !== 0) {
      if (shift < 32) {
        lo |= -1 << shift;
        hi = -1;
      } else hi |= -1 << (shift - 32);
    }
    this.hi = hi;
    return lo;
  }

  /** Four bytes as bits. */
  bits32(): number {
    const { bytes, pos } = this;
    this.pos = pos + 4;
    return bytes[pos]! | (bytes[pos + 1]! << 8) | (bytes[pos + 2]! << 16) | (bytes[pos + 3]! << 24);
  }
}
