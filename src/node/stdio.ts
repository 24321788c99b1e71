// The host's standard streams (WASI preview1: fd_read, fd_write).
import type { InputStream, OutputStream } from "../api/system.ts";
import { isTerminal, readBlocking, writeBlocking } from "./descriptor.ts";
import { SuspendingInput } from "./suspending-input.ts";

/** The three standard streams. */
export interface Stdio {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** A stream of a descriptor, which a read waits for. */
export class BlockingInput implements InputStream {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get isTerminal(): boolean {
    return isTerminal(this.#fd);
  }

  read(buffer: Uint8Array): number {
    return readBlocking(this.#fd, buffer);
  }
}

/** A stream of a descriptor, which a write waits for. */
export class BlockingOutput implements OutputStream {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get isTerminal(): boolean {
    return isTerminal(this.#fd);
  }

  write(bytes: Uint8Array): void {
    writeBlocking(this.#fd, bytes);
  }
}

const stdout = new BlockingOutput(1);
const stderr = new BlockingOutput(2);

/** The process's streams; a read waits in the call. To spread into a `ModuleConfig`. */
export const stdio: Stdio = { stdin: new BlockingInput(0), stdout, stderr };

/** As `stdio`; a read that has to wait suspends a guest called by `callAsync`, and the event loop goes on. */
export const stdioAsync: Stdio = { stdin: new SuspendingInput(), stdout, stderr };
