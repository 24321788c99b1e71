// What all nodes of one file system in memory share: numbers, time, and the quotas (POSIX: ENOSPC).
import { fail } from "./error.ts";

const start = 1_640_995_200_000_000_000n; // 2022-01-01, as WASI's stand-in clock
const millisecond = 1_000_000n;

/** Gives out inode numbers and times, and counts bytes and names. */
export class Space {
  readonly #now: () => bigint;
  readonly #maxBytes: number;
  #maxFiles: number;
  #lastIno = 0n;
  #bytes = 0;
  #files = 0;

  constructor(maxBytes: number, maxFiles: number, now: (() => bigint) | undefined) {
    let time = start;
    this.#now = now ?? (() => (time += millisecond));
    this.#maxBytes = maxBytes;
    this.#maxFiles = maxFiles;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many more there may be. */
  get free(): number {
    return this.#maxBytes - this.#bytes;
  }

  get files(): number {
    return this.#files;
  }

  now(): bigint {
    return this.#now();
  }

  newIno(): bigint {
    return ++this.#lastIno;
  }

  /** Takes bytes, or gives them back. */
  takeBytes(count: number): void {
    if (count > 0 && this.#bytes + count > this.#maxBytes) fail("ENOSPC");
    this.#bytes += count;
  }

  takeName(): void {
    if (this.#files >= this.#maxFiles) fail("ENOSPC");
    this.#files++;
  }

  giveBackName(): void {
    this.#files--;
  }

  /** Names that the base of an overlay has are not the guest's doing. */
  addBaseNames(count: number): void {
    this.#files += count;
    this.#maxFiles += count;
  }
}
