// The open descriptors of one process (witx: fd).
import type { InputStream, OutputStream } from "../api/system.ts";

/** Something open. Standard streams are all there is so far; no directory is ever pre-opened. */
export type Descriptor =
  | { readonly kind: "input"; readonly stream: InputStream; flags: number }
  | { readonly kind: "output"; readonly stream: OutputStream; flags: number };

/** Numbers and what is open under them. */
export class Descriptors {
  readonly #open = new Map<number, Descriptor>();

  constructor(stdin: InputStream, stdout: OutputStream, stderr: OutputStream) {
    this.#open.set(0, { kind: "input", stream: stdin, flags: 0 });
    this.#open.set(1, { kind: "output", stream: stdout, flags: 0 });
    this.#open.set(2, { kind: "output", stream: stderr, flags: 0 });
  }

  get(fd: number): Descriptor | undefined {
    return this.#open.get(fd);
  }

  /** Gives false where the number is not open. */
  close(fd: number): boolean {
    return this.#open.delete(fd);
  }

  /** Closes what is open at `to` and puts there what is open at `from`; both have to be open. */
  renumber(from: number, to: number): boolean {
    const moved = this.#open.get(from);
    if (moved === undefined || !this.#open.has(to)) return false;
    this.#open.delete(from);
    this.#open.set(to, moved);
    return true;
  }
}
