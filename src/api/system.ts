// What a module is given of a system: the interfaces a host implements, and WASI reads (WASI preview1: clocks, random, fd_read, fd_write).
import type { FileSystem, Mounts } from "./file-system.ts";
import type { Listener } from "./socket.ts";

/** A source of time. Times are in nanoseconds. */
export interface Clock {
  /** Time since 1970-01-01T00:00:00Z. */
  wallTime(): bigint;
  /** Time since an arbitrary moment; never runs backwards. */
  monotonicTime(): bigint;
  /** Resolution of `wallTime`; 1000 where it is not told. */
  readonly wallResolution?: bigint | undefined;
  /** Resolution of `monotonicTime`; 1 where it is not told. */
  readonly monotonicResolution?: bigint | undefined;
}

/** Fills the array with random bytes. */
export type Random = (bytes: Uint8Array) => void;

/** Waits for a number of nanoseconds: in the call, or by a promise where the guest runs in `callAsync`. */
export type Nanosleep = (nanoseconds: bigint) => void | Sleep;

/** A sleep by a promise. */
export interface Sleep extends PromiseLike<void> {
  /** Called where the guest waits no longer, as something else has happened: the time to stop a timer. */
  cancel?(): void;
}

/** Where a guest reads bytes from. */
export interface InputStream {
  /** Reads into `buffer` and gives the number of bytes read: 0 is the end. A promise suspends the guest. */
  read(buffer: Uint8Array): number | PromiseLike<number>;
  /** Whether a read would give something, or the end, at once; absent means always. A promise settles once it would. */
  ready?(): boolean | PromiseLike<boolean>;
  /** Called where nobody waits any more for what `ready` promised, as something else has happened: the process need not stay for it. */
  idle?(): void;
  readonly isTerminal?: boolean | undefined;
}

/** Where a guest writes bytes to. */
export interface OutputStream {
  /** Writes and gives the number of bytes taken; nothing means all. The bytes change after the call: copy what is kept. */
  write(bytes: Uint8Array): number | void | PromiseLike<number | void>;
  readonly isTerminal?: boolean | undefined;
}

/** What a module is given of a system. Each key has a deterministic stand-in, so that a guest sees nothing of the host by default. */
export interface System {
  /** Arguments, the program's name first. */
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** A stream, or all the input there is. Default: empty. */
  readonly stdin?: InputStream | Uint8Array | string | undefined;
  /** A stream, or a function that is called with each write. Default: discarded. */
  readonly stdout?: OutputStream | ((bytes: Uint8Array) => void) | undefined;
  readonly stderr?: OutputStream | ((bytes: Uint8Array) => void) | undefined;
  /** A file system, which the guest finds at `/`, or several at their paths. Default: none. */
  readonly fs?: FileSystem | Mounts | undefined;
  /** Sockets that listen, which the guest finds at the descriptors behind those of `fs`. Default: none. */
  readonly listeners?: readonly Listener[] | undefined;
  /** Default: starts at a fixed time and advances 1 ms with each reading. */
  readonly clock?: Clock | undefined;
  /** Default: seeded, the same at each run. */
  readonly random?: Random | undefined;
  /** Default: returns at once. */
  readonly nanosleep?: Nanosleep | undefined;
}
