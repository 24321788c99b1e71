// Takes bytes, gives the values of the binary format one after another (specification: 5.2 Values).
import { InvalidError, MalformedError } from "../api/errors.ts";
import { prefixedOp } from "../syntax/instructions.ts";
import { LebError, lebEnd, readS32, readS33, readS64, readU32, readU64 } from "../util/leb128.ts";
import { decodeUtf8 } from "../util/utf8.ts";

/** Throws for bytes that end too early. */
export function failEnd(position: number): never {
  throw new MalformedError("unexpected end of section or function", position);
}

/** Throws for a number that could not be read. */
export function failLeb(error: number, position: number): never {
  if (error === LebError.End) failEnd(position);
  throw new MalformedError(
    error === LebError.TooLong ? "integer representation too long" : "integer too large",
    position,
  );
}

/** A byte in hexadecimal. */
export function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** Throws for an opcode that is none. */
export function failOpcode(bytes: Uint8Array, position: number): never {
  const first = bytes[position];
  const code = first < 0xfb || first === 0xff ? "" : ` ${hex(readU32(bytes, position + 1, bytes.length))}`;
  throw new MalformedError(`illegal opcode ${hex(first)}${code}`, position);
}

/** Reads the number of entries of a list; an InvalidError where they are too many. */
export function readCount(reader: Reader, max: number, what: string): number {
  const position = reader.pos;
  const count = reader.count();
  if (count > max) throw new InvalidError(`too many ${what}: more than ${max}`, position);
  return count;
}

/** A position in a range of bytes. Reading past the end of the range throws. */
export class Reader {
  readonly bytes: Uint8Array;
  pos: number;
  end: number;

  constructor(bytes: Uint8Array, pos: number, end: number) {
    this.bytes = bytes;
    this.pos = pos;
    this.end = end;
  }

  byte(): number {
    if (this.pos >= this.end) failEnd(this.pos);
    return this.bytes[this.pos++];
  }

  u32(): number {
    if (this.pos < this.end && this.bytes[this.pos] < 0x80) return this.bytes[this.pos++];
    return this.next(readU32(this.bytes, this.pos, this.end));
  }

  s32(): number {
    return this.next(readS32(this.bytes, this.pos, this.end));
  }

  s33(): number {
    return this.next(readS33(this.bytes, this.pos, this.end));
  }

  u64(): bigint {
    return this.next(readU64(this.bytes, this.pos, this.end));
  }

  s64(): bigint {
    return this.next(readS64(this.bytes, this.pos, this.end));
  }

  /** The number of entries of a list, at least one byte each. */
  count(): number {
    const count = this.u32();
    if (count > this.end - this.pos) failEnd(this.end);
    return count;
  }

  /** The length of a run of bytes. */
  byteLength(): number {
    const position = this.pos;
    const byteLength = this.u32();
    if (byteLength > this.end - this.pos) throw new MalformedError("length out of bounds", position);
    return byteLength;
  }

  /** As many numbers: a loop that calls nothing for those that are short is optimised early. */
  u32s(count: number): Uint32Array {
    const { bytes } = this;
    const last = this.end - 1;
    const values = new Uint32Array(count);
    let { pos } = this;
    for (let i = 0; i < count; i++) {
      const low = bytes[pos];
      const high = bytes[pos + 1];
      if (low < 0x80 && pos <= last) {
        values[i] = low;
        pos += 1;
      } else if (high < 0x80 && pos < last) {
        values[i] = (high << 7) | (low & 0x7f);
        pos += 2;
      } else {
        this.pos = pos;
        values[i] = this.u32();
        pos = this.pos;
      }
    }
    this.pos = pos;
    return values;
  }

  /** The start of a run of bytes; goes on after it. */
  skip(byteLength: number): number {
    const start = this.pos;
    if (byteLength > this.end - start) failEnd(start);
    this.pos += byteLength;
    return start;
  }

  name(): string {
    const byteLength = this.byteLength();
    const start = this.skip(byteLength);
    const name = decodeUtf8(this.bytes, start, this.pos);
    if (name === undefined) throw new MalformedError("malformed UTF-8 encoding", start);
    return name;
  }

  /** An opcode with its prefix. */
  opcode(): number {
    const first = this.byte();
    if (first < 0xfb || first === 0xff) return first;
    return prefixedOp(first, this.u32());
  }

  private next<T>(value: T): T {
    if (lebEnd < 0) failLeb(lebEnd, this.pos);
    this.pos = lebEnd;
    return value;
  }
}
