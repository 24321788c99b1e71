// The open descriptors of one process (witx: fd).
import type { Directory, DirectoryEntry, File } from "../api/file-system.ts";
import type { Connection, Listener } from "../api/socket.ts";
import type { InputStream, OutputStream } from "../api/system.ts";

/** A directory that is closed once nobody uses it any more: descriptors, and walks through it. */
export class HeldDirectory {
  readonly directory: Directory;
  /** Tells file systems apart: the number of the mount. */
  readonly dev: bigint;
  /** Of a mount's root: see `LinkedMount`. */
  readonly rootOfLinks: string | undefined;
  #users = 1;

  constructor(directory: Directory, dev: bigint, rootOfLinks?: string) {
    this.directory = directory;
    this.dev = dev;
    this.rootOfLinks = rootOfLinks;
  }

  hold(): this {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users === 0) this.directory.close?.();
  }
}

/** An open directory. */
export interface DirectoryDescriptor {
  readonly kind: "directory";
  readonly held: HeldDirectory;
  /** The path at which the guest was given it, in UTF-8. */
  readonly preopen: Uint8Array | undefined;
  /** What the first fd_readdir found, so that cookies stay good; undefined before it, and once it is forgotten. */
  entries: readonly DirectoryEntry[] | undefined;
  flags: number;
}

/** An open file. */
export interface FileDescriptor {
  readonly kind: "file";
  readonly file: File;
  readonly dev: bigint;
  readonly readable: boolean;
  readonly writable: boolean;
  position: number;
  flags: number;
}

/** A socket that listens. */
export interface ListenerDescriptor {
  readonly kind: "listener";
  readonly listener: Listener;
  flags: number;
}

/** An accepted connection. */
export interface ConnectionDescriptor {
  readonly kind: "connection";
  readonly connection: Connection;
  /** Bytes that were looked at and not taken yet. */
  ahead: Uint8Array;
  /** The directions that were shut down: sdflags. */
  shut: number;
  flags: number;
}

/** Something open. */
export type Descriptor =
  | { readonly kind: "input"; readonly stream: InputStream; flags: number }
  | { readonly kind: "output"; readonly stream: OutputStream; flags: number }
  | DirectoryDescriptor
  | FileDescriptor
  | ListenerDescriptor
  | ConnectionDescriptor;

/** Whether it is open, and a socket. */
export function isSocket(found: Descriptor | undefined): found is ListenerDescriptor | ConnectionDescriptor {
  return found?.kind === "listener" || found?.kind === "connection";
}

const firstNumber = 3; // a closed standard stream is not replaced by a file by mistake
const maxOpen = 65_536; // the host keeps something for each
const maxListed = 2 ** 18;

function release(closed: Descriptor): void {
  if (closed.kind === "file") closed.file.close?.();
  if (closed.kind === "directory") closed.held.release();
  if (closed.kind === "connection") closed.connection.close?.();
}

/** Numbers and what is open under them. */
export class Descriptors {
  readonly #open = new Map<number, Descriptor>();
  /** Directories whose entries are kept, the last one listed last, and how many entries those are. */
  readonly #listed = new Set<DirectoryDescriptor>();
  #entries = 0;
  /** No number from 3 on is free below it. */
  #lowest = firstNumber;
  #closed = false;

  constructor(stdin: InputStream, stdout: OutputStream, stderr: OutputStream) {
    this.#open.set(0, { kind: "input", stream: stdin, flags: 0 });
    this.#open.set(1, { kind: "output", stream: stdout, flags: 0 });
    this.#open.set(2, { kind: "output", stream: stderr, flags: 0 });
  }

  get(fd: number): Descriptor | undefined {
    return this.#open.get(fd);
  }

  get full(): boolean {
    return this.#open.size >= maxOpen;
  }

  /**
   * Gives the lowest number that is free; or closes what it is given, where so much was opened while a guest waited that there is none, or the guest
   * was closed.
   */
  add(descriptor: Descriptor): number | undefined {
    if (this.full || this.#closed) {
      release(descriptor);
      return undefined;
    }
    let fd = this.#lowest;
    while (this.#open.has(fd)) fd++;
    this.#open.set(fd, descriptor);
    this.#lowest = fd + 1;
    return fd;
  }

  /** Gives false where the number is not open. */
  close(fd: number): boolean {
    const closed = this.#open.get(fd);
    if (closed === undefined) return false;
    this.#free(fd);
    if (closed.kind === "directory") this.#forget(closed);
    release(closed);
    return true;
  }

  /** Keeps what a directory has; those of directories that were listed before are forgotten where they become too many. */
  list(directory: DirectoryDescriptor, entries: readonly DirectoryEntry[]): void {
    this.#forget(directory);
    for (const other of this.#listed) {
      if (this.#entries + entries.length <= maxListed) break;
      this.#forget(other);
    }
    directory.entries = entries;
    this.#listed.add(directory);
    this.#entries += entries.length;
  }

  #forget(directory: DirectoryDescriptor): void {
    if (!this.#listed.delete(directory)) return;
    this.#entries -= directory.entries!.length;
    directory.entries = undefined;
  }

  closeAll(): void {
    this.#closed = true;
    for (const fd of [...this.#open.keys()]) this.close(fd);
  }

  /** Closes what is open at `to` and puts there what is open at `from`; both have to be open. */
  renumber(from: number, to: number): boolean {
    const moved = this.#open.get(from);
    if (moved === undefined || !this.#open.has(to)) return false;
    if (from === to) return true;
    this.close(to);
    this.#free(from);
    this.#open.set(to, moved);
    return true;
  }

  #free(fd: number): void {
    this.#open.delete(fd);
    if (fd >= firstNumber) this.#lowest = Math.min(this.#lowest, fd);
  }
}
