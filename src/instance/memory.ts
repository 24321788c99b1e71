// A linear memory of the store: bytes that grow by copying, or that threads share (specification: 4.2.9 Memory instances).
import { LinkError } from "../api/errors.ts";
import type { Memory } from "../api/memory.ts";
import { maxPages32, maxTableElements } from "../syntax/limits.ts";
import type { MemoryType } from "../syntax/module.ts";
import { counted } from "../util/count.ts";
import { decodeUtf8Lossy, encodeUtf8 } from "../util/utf8-lossy.ts";
import { GrowingPages } from "./growing-pages.ts";
import { AllocationError } from "./link-error.ts";
import { checkLimit } from "./meter.ts";
import { copyRange } from "./ranges.ts";
import { type Pages, SharedPages } from "./shared-pages.ts";
import { describeValue } from "./value.ts";

/** How much an instance's own memories and tables may have together: its copy says what is left. And whether memory is asked for at once. */
export interface MemoryLimits {
  /** Pages of 64 KiB, at most 65536. */
  pages: number;
  /** Elements of tables. */
  elements: number;
  /** Asks the host for the maximum at the start, so that growing never copies. */
  readonly capacityFromMax: boolean;
  /** Whether the buffer of a shared memory is as long as the memory, if the host can; its lock is then apart from it. */
  readonly exactShared?: boolean;
}

/** What the specification allows. */
export const defaultMemoryLimits: Readonly<MemoryLimits> = {
  pages: maxPages32,
  elements: maxTableElements,
  capacityFromMax: false,
};

/** Gives a buffer of a length with the bytes of an old one, which is of no use any more; undefined where the host has no room. */
export type MoveBuffer = (old: ArrayBuffer, byteLength: number) => ArrayBuffer | undefined;

/** A memory's room is doubled up to this many bytes more, then it grows by a quarter. */
const maxDoubledBytes = 0x100_0000;

/** A memory. Engines read and write through `bytes` and `view`. */
export class MemoryInstance implements Memory {
  readonly type: MemoryType;
  /** New objects after each growth: engines keep `view` and compare. */
  bytes: Uint8Array;
  view: DataView;
  /** What other threads may have too; null for a memory of this thread alone. */
  readonly shared: Pages | null;
  /** Greatest size in the memory's own pages. */
  readonly #limit: number;
  readonly #room: MemoryLimits;
  #lanes: Lanes | undefined;
  /** The buffer that a host has, until the memory gets another one. */
  exposed: ArrayBuffer | null = null;
  #move: MoveBuffer | null = null;

  /** Throws a LinkError where the limit or the host does not allow the smallest size, or `buffer` is one of another type. */
  constructor(
    type: MemoryType,
    limits: MemoryLimits = { ...defaultMemoryLimits },
    buffer?: SharedArrayBuffer,
    lock?: SharedArrayBuffer,
  ) {
    const { min, max } = type.limits;
    const pageBytes = 2 ** type.pageSizeLog2;
    // With pages of one byte, their number is one word too.
    const allowed = Math.min((limits.pages * 2 ** 16) / pageBytes, 2 ** 32 / pageBytes, 2 ** 32 - 1);
    if (min > allowed) throw new AllocationError(`a memory of ${counted(min, "page")} is over the limit of ${allowed}`);
    this.type = type;
    const limit = Math.min(max ?? allowed, allowed);
    this.shared = !type.shared
      ? null
      : buffer === undefined
        ? ((limits.exactShared && min < limit ? GrowingPages.allocate(min, limit, pageBytes) : undefined) ??
          SharedPages.allocate(min, limit, pageBytes) ??
          null)
        : attached(buffer, lock, type);
    this.#limit = this.shared === null ? limit : Math.min(limit, this.shared.room);
    const byteLength = (this.shared === null ? min : this.shared.count) * pageBytes;
    const bytes =
      this.shared?.buffer ??
      (limits.capacityFromMax ? allocate(limit * pageBytes) : undefined) ??
      allocate(min * pageBytes);
    if (bytes === undefined) throw new AllocationError(`the host has no room for a memory of ${counted(min, "page")}`);
    this.bytes = new Uint8Array(bytes, 0, byteLength);
    this.view = new DataView(bytes, 0, byteLength);
    // Threads make a shared memory grow without asking one another: all of it is taken.
    limits.pages -= ((this.shared === null ? min : this.#limit) * pageBytes) / 2 ** 16;
    this.#room = limits;
  }

  get #pageBytes(): number {
    // A power by `**` takes 25 ns.
    return 1 << this.type.pageSizeLog2;
  }

  get byteLength(): number {
    this.refresh();
    return this.bytes.length;
  }

  get pages(): number {
    return this.byteLength / this.#pageBytes;
  }

  get buffer(): SharedArrayBuffer | undefined {
    return this.shared?.buffer;
  }

  /** The bytes as integers, for aligned accesses. */
  get lanes(): Lanes {
    if (this.#lanes?.u8 !== this.bytes) this.#lanes = lanesOf(this.bytes);
    return this.#lanes!;
  }

  /** Makes what another thread grew accessible here. */
  refresh(): void {
    if (this.shared !== null) {
      const byteLength = this.shared.count * this.#pageBytes;
      if (byteLength !== this.bytes.length) this.#see(this.shared.buffer, byteLength);
    }
  }

  grow(delta: number): number {
    if (!(delta >= 0 && Number.isInteger(delta))) return -1;
    checkLimit();
    if (this.shared !== null) {
      const before = this.shared.grow(delta, this.#limit);
      this.refresh();
      return before;
    }
    const { pages } = this;
    const taken = (delta * this.#pageBytes) / 2 ** 16;
    if (delta > this.#limit - pages || taken > this.#room.pages) return -1;
    const byteLength = (pages + delta) * this.#pageBytes;
    if (!(this.exposed === null ? this.#growTo(byteLength) : this.#moveTo(byteLength))) return -1;
    this.#room.pages -= taken;
    return pages;
  }

  /**
   * The buffer of a memory of this thread alone, which has the memory's bytes and no others (JavaScript API: create a fixed length memory
   * buffer). Where the memory grows while a host has it, `move` takes it away.
   */
  expose(move: MoveBuffer): ArrayBuffer {
    const { length } = this.bytes;
    if (this.bytes.buffer.byteLength !== length) this.#see(this.bytes.buffer.slice(0, length), length);
    this.#move = move;
    this.exposed = this.bytes.buffer as ArrayBuffer;
    return this.exposed;
  }

  /** Takes the exposed buffer away for one of the same length that `make` makes of it. */
  replace(make: (old: ArrayBuffer, byteLength: number) => ArrayBuffer): ArrayBuffer {
    const { length } = this.bytes;
    this.exposed = make(this.exposed!, length);
    this.#see(this.exposed, length);
    return this.exposed;
  }

  // Without spare room, as the host is likely to ask for the next buffer too.
  #moveTo(byteLength: number): boolean {
    // Engines hold on to the buffer of a memory that cannot grow.
    if (this.type.limits.min === this.type.limits.max) return true;
    const buffer = this.#move!(this.exposed!, byteLength);
    if (buffer === undefined) return false;
    this.#see(buffer, byteLength);
    if (buffer !== this.exposed) this.exposed = null;
    return true;
  }

  #growTo(byteLength: number): boolean {
    const buffer = byteLength <= this.bytes.buffer.byteLength ? this.bytes.buffer : this.#enlarged(byteLength);
    if (buffer !== undefined) this.#see(buffer, byteLength);
    return buffer !== undefined;
  }

  #see(buffer: ArrayBufferLike, byteLength: number): void {
    this.bytes = new Uint8Array(buffer, 0, byteLength);
    this.view = new DataView(buffer, 0, byteLength);
  }

  // More than is asked for: a guest that grows page by page would copy its memory each time.
  #enlarged(byteLength: number): ArrayBuffer | undefined {
    const spare = Math.max(Math.min(byteLength, maxDoubledBytes), Math.ceil(byteLength / 4));
    const roomy = Math.min(byteLength + spare, this.#limit * this.#pageBytes);
    const buffer = allocate(roomy) ?? allocate(byteLength);
    if (buffer !== undefined) copyRange(new Uint8Array(buffer), 0, this.bytes, 0, this.bytes.length);
    return buffer;
  }

  /** Whether `length` bytes at an address are in the memory. */
  has(address: number, length: number): boolean {
    return address <= this.bytes.length - length || address <= this.byteLength - length;
  }

  #has(address: number, length: number): boolean {
    return address >= 0 && length >= 0 && Number.isInteger(address) && this.has(address, length);
  }

  subarray(address: number, length: number): Uint8Array | undefined {
    return this.#has(address, length) ? this.bytes.subarray(address, address + length) : undefined;
  }

  read(address: number, length: number): Uint8Array | undefined {
    return this.#has(address, length) ? this.bytes.slice(address, address + length) : undefined;
  }

  readString(address: number, length: number): string | undefined {
    return this.#has(address, length) ? decodeUtf8Lossy(this.bytes, address, address + length) : undefined;
  }

  readUint8(address: number): number | undefined {
    return this.#has(address, 1) ? this.bytes[address] : undefined;
  }

  readUint16(address: number): number | undefined {
    return this.#has(address, 2) ? this.view.getUint16(address, true) : undefined;
  }

  readUint32(address: number): number | undefined {
    return this.#has(address, 4) ? this.view.getUint32(address, true) : undefined;
  }

  readUint64(address: number): bigint | undefined {
    return this.#has(address, 8) ? this.view.getBigUint64(address, true) : undefined;
  }

  readFloat32(address: number): number | undefined {
    return this.#has(address, 4) ? this.view.getFloat32(address, true) : undefined;
  }

  readFloat64(address: number): number | undefined {
    return this.#has(address, 8) ? this.view.getFloat64(address, true) : undefined;
  }

  write(address: number, bytes: Uint8Array): boolean {
    // A text or numbers would be written as whatever bytes they turn into.
    if (bytes?.BYTES_PER_ELEMENT !== 1) throw new TypeError(`bytes are a Uint8Array, got ${describeValue(bytes)}`);
    if (!this.#has(address, bytes.length)) return false;
    this.bytes.set(bytes, address);
    return true;
  }

  writeString(address: number, text: string): boolean {
    if (typeof text !== "string") throw new TypeError(`a text is a string, got ${describeValue(text)}`);
    return this.write(address, encodeUtf8(text));
  }

  writeUint8(address: number, value: number): boolean {
    if (!this.#has(address, 1)) return false;
    this.bytes[address] = value;
    return true;
  }

  writeUint16(address: number, value: number): boolean {
    if (!this.#has(address, 2)) return false;
    this.view.setUint16(address, value, true);
    return true;
  }

  writeUint32(address: number, value: number): boolean {
    if (!this.#has(address, 4)) return false;
    this.view.setUint32(address, value, true);
    return true;
  }

  writeUint64(address: number, value: bigint): boolean {
    if (!this.#has(address, 8)) return false;
    this.view.setBigUint64(address, value, true);
    return true;
  }

  writeFloat32(address: number, value: number): boolean {
    if (!this.#has(address, 4)) return false;
    this.view.setFloat32(address, value, true);
    return true;
  }

  writeFloat64(address: number, value: number): boolean {
    if (!this.#has(address, 8)) return false;
    this.view.setFloat64(address, value, true);
    return true;
  }
}

/** A memory's bytes as integers of each size; of what is left over at the end, no aligned access can be. */
export interface Lanes {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly i64: BigInt64Array;
  readonly u64: BigUint64Array;
}

function lanesOf(u8: Uint8Array): Lanes {
  const { buffer, length } = u8;
  return {
    u8,
    u16: new Uint16Array(buffer, 0, length >>> 1),
    i32: new Int32Array(buffer, 0, length >>> 2),
    i64: new BigInt64Array(buffer, 0, length >>> 3),
    u64: new BigUint64Array(buffer, 0, length >>> 3),
  };
}

// The pages that another memory of this type made, in this thread or another.
function attached(buffer: SharedArrayBuffer, lock: SharedArrayBuffer | undefined, type: MemoryType): Pages {
  const { min, max } = type.limits;
  const pageBytes = 2 ** type.pageSizeLog2;
  const pages = lock === undefined ? new SharedPages(buffer, pageBytes) : new GrowingPages(buffer, lock, pageBytes);
  if (pages.count < min || pages.count > pages.room || pages.count > max!) {
    throw new LinkError(`the buffer holds a memory of ${counted(pages.count, "page")}, not one of ${min} to ${max}`);
  }
  return pages;
}

// Each host has its own greatest buffer, and says so by a RangeError.
function allocate(byteLength: number): ArrayBuffer | undefined {
  try {
    return new ArrayBuffer(byteLength);
  } catch {
    return undefined;
  }
}
