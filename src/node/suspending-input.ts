// Standard input that suspends the guest where it would have to wait (WASI preview1: fd_read, poll_oneoff).
import { fstatSync } from "node:fs";
import type { InputStream } from "../api/system.ts";
import { Arrival } from "./arrival.ts";
import { isTerminal, readBlocking } from "./descriptor.ts";

const empty = new Uint8Array(0);

/**
 * Reads `process.stdin`, which is made at the first read. Files never wait and are read directly, just as far as the guest
 * asks, so that what it leaves is there for the next process.
 */
export class SuspendingInput implements InputStream {
  #mayWait: boolean | undefined;
  #listens = false;
  /** How many wait to read. */
  #reads = 0;
  #rest: Uint8Array = empty;
  #failure: unknown;
  readonly #arrival = new Arrival();

  get isTerminal(): boolean {
    return isTerminal(0);
  }

  read(buffer: Uint8Array): number | Promise<number> {
    if (!this.#waits()) return readBlocking(0, buffer);
    if (!this.#take()) return this.#wait().then(() => this.read(buffer));
    if (this.#failure !== undefined) throw this.#failure;
    const part = this.#rest.subarray(0, buffer.length);
    buffer.set(part);
    this.#rest = this.#rest.subarray(part.length);
    return part.length;
  }

  ready(): boolean | Promise<boolean> {
    if (!this.#waits() || this.#take()) return true;
    process.stdin.ref();
    return this.#arrival.until(() => this.#take() || this.#stay());
  }

  idle(): void {
    if (this.#reads === 0) process.stdin.unref();
  }

  // Whether there are bytes, or never will be.
  #take(): boolean {
    if (this.#rest.length > 0 || this.#failure !== undefined) return true;
    this.#listen();
    const chunk: Uint8Array | null = process.stdin.read();
    if (chunk === null) return process.stdin.readableEnded || process.stdin.destroyed;
    this.#rest = chunk;
    return true;
  }

  // The process stays for as long as a guest waits, and no longer.
  #wait(): Promise<void> {
    process.stdin.ref();
    this.#reads++;
    return this.#arrival.next().then(() => void this.#reads--);
  }

  #stay(): false {
    process.stdin.ref();
    return false;
  }

  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    const wake = (): void => {
      process.stdin.unref();
      this.#arrival.come();
    };
    for (const event of ["readable", "end", "close"]) process.stdin.on(event, wake);
    process.stdin.on("error", (error) => {
      this.#failure = error;
      wake();
    });
    process.stdin.unref();
  }

  #waits(): boolean {
    this.#mayWait ??= mayWait();
    return this.#mayWait;
  }
}

function mayWait(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket() || isTerminal(0);
  } catch {
    return false; // the read tells why
  }
}
