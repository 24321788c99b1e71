// Takes numbers, names and sections, gives the bytes of a module (specification: 5.2 Values, 5.5.2 Sections): the way back of `Reader`.
import { encodeUtf8 } from "../util/utf8-lossy.ts";
import { SectionId } from "./section-id.ts";

/** Bytes that grow at their end. */
export class Writer {
  length = 0;
  /** Pairs: a position, and the place that was marked there. */
  readonly marks: number[] = [];
  #bytes: Uint8Array<ArrayBuffer>;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Says what the bytes from here on are written for: a place in a text, or -1 for none. */
  mark(place: number): void {
    const { marks } = this;
    if (place !== (marks.length === 0 ? -1 : marks[marks.length - 1])) marks.push(this.length, place);
  }

  byte(value: number): void {
    if (this.length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  u32(value: number): void {
    for (; value >= 0x80; value = Math.floor(value / 0x80)) this.byte((value & 0x7f) | 0x80);
    this.byte(value);
  }

  u64(value: bigint): void {
    for (; value >= 0x80n; value >>= 7n) this.byte(Number(value & 0x7fn) | 0x80);
    this.byte(Number(value));
  }

  s32(value: number): void {
    for (; value < -0x40 || value > 0x3f; value >>= 7) this.byte((value & 0x7f) | 0x80);
    this.byte(value & 0x7f);
  }

  s64(value: bigint): void {
    for (; value < -0x40n || value > 0x3fn; value >>= 7n) this.byte(Number(value & 0x7fn) | 0x80);
    this.byte(Number(value & 0x7fn));
  }

  /** An index where a negative number could stand too: 33 bits, signed. */
  typeIndex(value: number): void {
    for (; value > 0x3f; value = Math.floor(value / 0x80)) this.byte((value & 0x7f) | 0x80);
    this.byte(value);
  }

  /** The place that was marked last at a byte or before it, or -1. */
  placeAt(position: number): number {
    const { marks } = this;
    let low = 0;
    for (let high = marks.length >> 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (marks[2 * middle] <= position) low = middle + 1;
      else high = middle;
    }
    return low === 0 || position >= this.length ? -1 : marks[2 * low - 1];
  }

  /** Four bytes, the lowest first. */
  bits32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte((value >>> shift) & 0xff);
  }

  /** Eight bytes, the lowest first. */
  bits64(value: bigint): void {
    this.bits32(Number(BigInt.asIntN(32, value)));
    this.bits32(Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.#bytes.length) this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Bytes after their number. */
  sized(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.raw(bytes);
  }

  name(text: string): void {
    this.sized(encodeUtf8(text));
  }

  /** An opcode after its prefix, as `Op` packs them. */
  opcode(op: number): void {
    if (op < 0x100) this.byte(op);
    else {
      const isLong = op > 0xffff;
      this.byte(isLong ? op >> 12 : op >> 8);
      this.u32(isLong ? op & 0xfff : op & 0xff);
    }
  }

  /** What another writer has from a position on, with its marks. */
  append(other: Writer, from: number = 0): void {
    const { length, marks } = other;
    let first = marks.length;
    while (first > 0 && marks[first - 2] >= from) first -= 2;
    for (; first < marks.length; first += 2) this.marks.push(marks[first] - from + this.length, marks[first + 1]);
    // Making a view costs more than copying a few bytes.
    if (length - from > 32) {
      this.raw(other.#bytes.subarray(from, length));
      return;
    }
    for (let i = from; i < length; i++) this.byte(other.#bytes[i]);
  }

  /** As `append`, after the number of bytes. */
  appendSized(other: Writer): void {
    this.u32(other.length);
    this.append(other);
  }

  /** The byte at a position. */
  at(position: number): number {
    return this.#bytes[position];
  }

  /** All bytes, which stay the writer's: a view, until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** Forgets the bytes from a position on. */
  truncate(position: number): void {
    this.length = position;
    const { marks } = this;
    while (marks.length > 0 && marks[marks.length - 2] >= position) marks.length -= 2;
  }

  /** A copy of all bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  #reserve(more: number): void {
    const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + more));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** The entries of a section, which is a list. */
export class ListWriter extends Writer {
  count = 0;
}

/** Writes a section; one without entries is left out. */
export function writeList(out: Writer, id: number, list: ListWriter): void {
  if (list.count === 0) return;
  const head = new Writer(8);
  head.u32(list.count);
  out.byte(id);
  out.u32(head.length + list.length);
  // An error about a list as a whole is about its only entry.
  if (list.count === 1) out.mark(list.placeAt(0));
  out.append(head);
  out.append(list);
}

/** Writes a custom section. */
export function writeCustom(out: Writer, name: string, contents: Uint8Array): void {
  const body = new Writer(contents.length + name.length + 8);
  body.name(name);
  body.raw(contents);
  out.byte(SectionId.Custom);
  out.appendSized(body);
}

/** Writes what every module begins with. */
export function writeHeader(out: Writer): void {
  out.raw(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));
}
