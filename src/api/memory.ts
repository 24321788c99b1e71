// A guest's linear memory, as the host sees it (specification: 4.2.9 Memory instances).

/**
 * A memory. Addresses and lengths are in bytes. A read out of range gives undefined, a write out of range writes
 * nothing and gives false: the host's own mistakes never throw a raw error. Numbers are little-endian, and integers unsigned; of one that is written
 * only its lowest bits count.
 */
export interface Memory {
  readonly byteLength: number;
  /** Size in pages: of 64 KiB, unless the module says otherwise. */
  readonly pages: number;
  /**
   * The buffer of a shared memory: given to another thread, it makes the same memory there (`MemoryConfig.buffer`). Its
   * last bytes are not the guest's. Undefined for a memory that is not shared, and on a host without SharedArrayBuffer.
   */
  readonly buffer: SharedArrayBuffer | undefined;
  /** Grows by `delta` pages and gives the former size in pages, or -1 where it cannot. */
  grow(delta: number): number;
  /** A live view, of no use once the memory grows, of `length` bytes at `address`. */
  subarray(address: number, length: number): Uint8Array | undefined;
  readUint8(address: number): number | undefined;
  readUint16(address: number): number | undefined;
  readUint32(address: number): number | undefined;
  readUint64(address: number): bigint | undefined;
  readFloat32(address: number): number | undefined;
  readFloat64(address: number): number | undefined;
  /** A copy of `length` bytes. */
  read(address: number, length: number): Uint8Array | undefined;
  /** UTF-8 text; a malformed sequence reads as U+FFFD. */
  readString(address: number, length: number): string | undefined;
  writeUint8(address: number, value: number): boolean;
  writeUint16(address: number, value: number): boolean;
  writeUint32(address: number, value: number): boolean;
  writeUint64(address: number, value: bigint): boolean;
  writeFloat32(address: number, value: number): boolean;
  writeFloat64(address: number, value: number): boolean;
  /** @throws TypeError where `bytes` is no Uint8Array. */
  write(address: number, bytes: Uint8Array): boolean;
  /**
   * Writes the text as UTF-8 without a terminator.
   * @throws TypeError where `text` is no string.
   */
  writeString(address: number, text: string): boolean;
}
