// Reads and writes the process's standard descriptors, waiting where they are not ready.
import { fstatSync, readSync, writeSync } from "node:fs";

/** Number of a standard stream. */
export type StandardFd = 0 | 1 | 2;

const pauseMillis = 2;
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/** Reads what there is, at least one byte; 0 is the end. Throws a system error. */
export function readBlocking(fd: number, buffer: Uint8Array): number {
  for (;;) {
    try {
      return readSync(fd, buffer);
    } catch (error) {
      const code = codeOf(error);
      if (code === "EOF") return 0; // Windows
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** Writes all bytes. Throws a system error, such as EPIPE where nobody reads any more. */
export function writeBlocking(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (codeOf(error) !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** Whether the descriptor is a terminal; one that is no standard stream, whether it may be. Node's own stream is only made where that may be: it takes time. */
export function isTerminal(fd: number): boolean {
  try {
    if ((process.platform !== "win32" || fd > 2) && !fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  if (fd > 2) return true;
  const stream = fd === 0 ? process.stdin : fd === 1 ? process.stdout : process.stderr;
  return stream.isTTY === true;
}

/** The `code` of a system error, perhaps of another realm, as Node's own are in a context of `vm`; undefined where there is none. */
export function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null | undefined)?.code;
}

// Somebody else made the descriptor non-blocking, and Node cannot wait for it in a call.
function pause(): void {
  Atomics.wait(nobodyWakes, 0, 0, pauseMillis);
}
