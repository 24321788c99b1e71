// The bytes of a shared memory in a buffer that grows with it, so that JavaScript sees its size (threads proposal: Shared linear memory).
import type { Pages } from "./shared-pages.ts";

/** What newer hosts know of shared buffers. */
interface GrowingBuffer extends SharedArrayBuffer {
  readonly maxByteLength?: number;
  grow?(byteLength: number): void;
}

type Allocate = new (byteLength: number, options: { maxByteLength: number }) => GrowingBuffer;

/** A shared buffer as pages: as many as its length says. Who makes it grow holds the lock, which every thread has along with the buffer. */
export class GrowingPages implements Pages {
  readonly buffer: GrowingBuffer;
  readonly lock: SharedArrayBuffer;
  readonly room: number;
  readonly #pageBytes: number;
  readonly #lock: Int32Array;

  constructor(buffer: GrowingBuffer, lock: SharedArrayBuffer, pageBytes: number) {
    if (buffer.maxByteLength === undefined) throw new TypeError("the buffer is not one of a shared memory");
    this.buffer = buffer;
    this.lock = lock;
    this.room = Math.floor(buffer.maxByteLength / pageBytes);
    this.#pageBytes = pageBytes;
    this.#lock = new Int32Array(lock);
  }

  /** As `SharedPages.allocate`; undefined also where the host has no such buffers. */
  static allocate(count: number, limit: number, pageBytes: number): GrowingPages | undefined {
    if (typeof SharedArrayBuffer === "undefined" || !("grow" in SharedArrayBuffer.prototype)) return undefined;
    for (let room = limit; ; room = Math.max(count, Math.floor(room / 2))) {
      try {
        const options = { maxByteLength: room * pageBytes };
        const buffer = new (SharedArrayBuffer as unknown as Allocate)(count * pageBytes, options);
        return new GrowingPages(buffer, new SharedArrayBuffer(4), pageBytes);
      } catch {
        if (room <= count) return undefined;
      }
    }
  }

  // JavaScript can make the buffer grow too, by any number of bytes.
  get count(): number {
    return Math.floor(this.buffer.byteLength / this.#pageBytes);
  }

  grow(delta: number, limit: number): number {
    // It is held for so short a time that waiting would take longer.
    while (Atomics.compareExchange(this.#lock, 0, 0, 1) !== 0);
    try {
      const { count } = this;
      if (!(delta >= 0 && delta <= limit - count)) return -1;
      if (delta > 0) this.buffer.grow!((count + delta) * this.#pageBytes);
      return count;
    } catch {
      return -1;
    } finally {
      Atomics.store(this.#lock, 0, 0);
    }
  }
}
