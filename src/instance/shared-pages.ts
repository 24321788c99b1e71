// The bytes of a shared memory and, behind them, its size: every thread that has the buffer sees both (threads proposal: Shared linear memory).

/** Behind the last byte that the memory can have: its size in pages, as one 32-bit word, and padding. A memory that cannot grow has none. */
const trailerBytes = 8;

/** The pages of a shared memory. */
export interface Pages {
  readonly buffer: SharedArrayBuffer;
  /** What goes along with the buffer to other threads, where its size is not behind the pages. */
  readonly lock?: SharedArrayBuffer;
  /** Greatest number of pages there is room for. */
  readonly room: number;
  /** The size now. */
  readonly count: number;
  /** Grows unless that goes beyond `limit`, and gives the former size, or -1. Threads that grow at a time do so one after the other. */
  grow(delta: number, limit: number): number;
}

/** A shared buffer as pages. The buffer has room for the greatest size from the start, as it can never move. */
export class SharedPages implements Pages {
  readonly buffer: SharedArrayBuffer;
  readonly room: number;
  /** Null where all of the room is in use from the start. */
  readonly #size: Uint32Array | null;

  constructor(buffer: SharedArrayBuffer, pageBytes: number) {
    const isFixed = canBeExact(pageBytes) && buffer.byteLength % pageBytes === 0;
    const bytes = buffer.byteLength - (isFixed ? 0 : trailerBytes);
    if (bytes < 0 || bytes % 8 !== 0) throw new TypeError("the buffer is not one of a shared memory");
    this.buffer = buffer;
    this.room = Math.floor(bytes / pageBytes);
    this.#size = isFixed ? null : new Uint32Array(buffer, bytes, 1);
  }

  /** Pages of a new buffer; room for fewer than `limit` where the host has no more, undefined where not even for `count`. */
  static allocate(count: number, limit: number, pageBytes: number): SharedPages | undefined {
    if (typeof SharedArrayBuffer === "undefined") return undefined;
    for (let room = limit; ; room = Math.max(count, Math.floor(room / 2))) {
      try {
        const bytes = Math.ceil((room * pageBytes) / 8) * 8;
        const isFixed = canBeExact(pageBytes) && room === count;
        const pages = new SharedPages(new SharedArrayBuffer(bytes + (isFixed ? 0 : trailerBytes)), pageBytes);
        if (pages.#size !== null) Atomics.store(pages.#size, 0, count);
        return pages;
      } catch {
        if (room <= count) return undefined;
      }
    }
  }

  get count(): number {
    return this.#size === null ? this.room : Atomics.load(this.#size, 0);
  }

  grow(delta: number, limit: number): number {
    for (;;) {
      const { count } = this;
      if (!(delta >= 0 && delta <= limit - count)) return -1;
      if (this.#size === null) return delta === 0 ? count : -1;
      if (Atomics.compareExchange(this.#size, 0, count, count + delta) === count) return count;
    }
  }
}

/** Whether a buffer's length tells if there is a size behind the pages: not with pages as small as that. */
function canBeExact(pageBytes: number): boolean {
  return pageBytes > trailerBytes;
}
