// What a guest is given of a network: listeners that the host opened, and the connections they accept (WASI preview1: sock_*).
import type { InputStream, OutputStream } from "./system.ts";

/** The directions of a connection. */
export type Sides = "read" | "write" | "both";

/** An accepted connection: a stream of bytes in each direction. */
export interface Connection extends InputStream, OutputStream {
  /** Whether a write would take something at once; absent means always. A promise settles once it would. */
  writable?(): boolean | PromiseLike<boolean>;
  /** Ends a direction, or both: the other side sees the end of what was written. What the guest does with an ended one never gets here. */
  shutdown?(sides: Sides): void | PromiseLike<void>;
  /** Called once, when the guest has closed it or the guest's module closes. */
  close?(): void;
}

/** A socket that listens. The host opened it and closes it: no guest does. */
export interface Listener {
  /** Gives the next connection. A promise suspends the guest. */
  accept(): Connection | PromiseLike<Connection>;
  /** Whether `accept` would give one at once; absent means always. A promise settles once it would. */
  ready?(): boolean | PromiseLike<boolean>;
  /** Whether the guest's descriptor does not wait from the start, as Go's `net` wants it. Default: false. */
  readonly nonblocking?: boolean | undefined;
}
