// A linear memory of the store: bytes that grow by copying (specification: 4.2.8 Memory instances).
import { LinkError } from "../api/errors.ts";
import type { Memory } from "../api/memory.ts";
import { maxPages32 } from "../syntax/limits.ts";
import type { MemoryType } from "../syntax/module.ts";
import { decodeUtf8Lossy, encodeUtf8 } from "../util/utf8-lossy.ts";

/** How much memory an instance may have, and whether it is asked for at once. */
export interface MemoryLimits {
  /** Greatest size in pages of 64 KiB, at most 65536. */
  readonly pages: number;
  /** Asks the host for the maximum at the start, so that growing never copies. */
  readonly capacityFromMax: boolean;
}

/** What the specification allows. */
export const defaultMemoryLimits: MemoryLimits = { pages: maxPages32, capacityFromMax: false };

/** A memory's room is doubled up to this many bytes more, then it grows by a quarter. */
const maxDoubledBytes = 0x100_0000;

/** A memory. Engines read and write through `bytes` and `view`. */
export class MemoryInstance implements Memory {
  readonly type: MemoryType;
  /** New objects after each growth: engines keep `view` and compare. */
  bytes: Uint8Array;
  view: DataView;
  /** Greatest size in the memory's own pages. */
  readonly #limit: number;

  /** Throws a LinkError where the limit or the host does not allow the smallest size. */
  constructor(type: MemoryType, limits: MemoryLimits = defaultMemoryLimits) {
    const { min, max } = type.limits;
    const allowed = Math.min(limits.pages * 2 ** (16 - type.pageSizeLog2), 2 ** (32 - type.pageSizeLog2));
    if (min > allowed) throw new LinkError(`a memory of ${min} pages is over the limit of ${allowed} pages`);
    this.type = type;
    this.#limit = Math.min(max ?? allowed, allowed);
    const byteLength = min * this.#pageBytes;
    const buffer =
      (limits.capacityFromMax ? allocate(this.#limit * this.#pageBytes) : undefined) ?? allocate(byteLength);
    if (buffer === undefined) throw new LinkError(`the host has no room for a memory of ${min} pages`);
    this.bytes = new Uint8Array(buffer, 0, byteLength);
    this.view = new DataView(buffer, 0, byteLength);
  }

  get #pageBytes(): number {
    return 2 ** this.type.pageSizeLog2;
  }

  get byteLength(): number {
    return this.bytes.length;
  }

  get pages(): number {
    return this.bytes.length / this.#pageBytes;
  }

  grow(delta: number): number {
    const { pages } = this;
    if (!(delta >= 0 && delta <= this.#limit - pages && Number.isInteger(delta))) return -1;
    const byteLength = (pages + delta) * this.#pageBytes;
    const buffer = byteLength <= this.bytes.buffer.byteLength ? this.bytes.buffer : this.#enlarged(byteLength);
    if (buffer === undefined) return -1;
    this.bytes = new Uint8Array(buffer, 0, byteLength);
    this.view = new DataView(buffer, 0, byteLength);
    return pages;
  }

  // More than is asked for: a guest that grows page by page would copy its memory each time.
  #enlarged(byteLength: number): ArrayBuffer | undefined {
    const spare = Math.max(Math.min(byteLength, maxDoubledBytes), Math.ceil(byteLength / 4));
    const roomy = Math.min(byteLength + spare, this.#limit * this.#pageBytes);
    const buffer = allocate(roomy) ?? allocate(byteLength);
    if (buffer !== undefined) new Uint8Array(buffer).set(this.bytes);
    return buffer;
  }

  #has(address: number, length: number): boolean {
    return address >= 0 && length >= 0 && address <= this.bytes.length - length && Number.isInteger(address);
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
    if (!this.#has(address, bytes.length)) return false;
    this.bytes.set(bytes, address);
    return true;
  }

  writeString(address: number, text: string): boolean {
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

// Each host has its own greatest buffer, and says so by a RangeError.
function allocate(byteLength: number): ArrayBuffer | undefined {
  try {
    return new ArrayBuffer(byteLength);
  } catch {
    return undefined;
  }
}
