// A guest that works with files: each function by its name, paths as text, and the file systems to try it on.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { System } from "zerowasm";
import { type FileSystem, memoryFs, overlay } from "zerowasm/fs";
import { hostDirectory } from "zerowasm/node";
import { HostMount } from "#dist/node/host-mount.js";
import { NamedHostDirectory } from "#dist/node/named-directory.js";
import { errno, Guest } from "./guest.ts";

export type Name = keyof typeof errno;

/** The flags of path_open that tests name. */
export const O = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;
export const READ = 1n << 1n;
export const WRITE = 1n << 6n;
export const APPEND = 1;
export const FOLLOW = 1;
/** The first descriptor that a guest is given. */
export const ROOT = 3;

const made: string[] = [];
after(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

/** A folder of the host that is gone when the tests are through. */
export function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "zerowasm-fs-"));
  made.push(path);
  return path;
}

/** File systems that may be written, each made anew and empty. */
export const fileSystems: readonly (readonly [name: string, make: () => FileSystem])[] = [
  ["memory", () => memoryFs()],
  ["overlay", () => overlay(memoryFs())],
  ["host directory", () => hostDirectory(newFolder())],
  ["host directory by name", () => ({ root: NamedHostDirectory.open(newFolder(), new HostMount(100)) })],
];

/** What path_open is asked for; reading and writing where nothing is said. */
export interface OpenOptions {
  readonly at?: number;
  readonly follow?: number;
  readonly flags?: number;
  readonly rights?: bigint;
  readonly fdflags?: number;
}

const PATH = 0x1000;
const OTHER = 0x3000;
const RESULT = 0x5000;
const BUFFER = 0x6000;

/** A guest whose functions give the name of their errno, or what they found. */
export class FileGuest extends Guest {
  constructor(fs: System["fs"]) {
    super({ fs });
  }

  /** Calls a function. A string is a path: two arguments. */
  do(name: string, ...args: (number | bigint | string)[]): Name {
    let address = PATH;
    const given = args.flatMap((arg) => {
      if (typeof arg !== "string") return [arg];
      const at = address;
      address = OTHER;
      return [at, this.put(at, arg)];
    });
    return nameOf(this.call(name, ...given));
  }

  /** Opens a path and gives the descriptor, or why not. */
  open(path: string, options: OpenOptions = {}): number | Name {
    const { at = ROOT, follow = 0, flags = 0, rights = READ | WRITE, fdflags = 0 } = options;
    const outcome = this.do("path_open", at, follow, path, flags, rights, 0n, fdflags, RESULT);
    return outcome === "success" ? this.u32(RESULT) : outcome;
  }

  /** Opens a path that has to be there. */
  opened(path: string, options: OpenOptions = {}): number {
    const fd = this.open(path, options);
    return typeof fd === "number" ? fd : assert.fail(`${path}: ${fd}`);
  }

  directory(path: string): number {
    return this.opened(path, { flags: O.directory, rights: READ });
  }

  /** Makes a file with a text. */
  file(path: string, text = "", at: number = ROOT): void {
    const fd = this.opened(path, { at, flags: O.creat | O.trunc });
    assert.equal(this.write(fd, text), text.length);
    assert.equal(this.do("fd_close", fd), "success");
  }

  write(fd: number, text: string): number | Name {
    return this.#transfer("fd_write", fd, this.put(BUFFER, text));
  }

  pwrite(fd: number, text: string, offset: number | bigint): number | Name {
    return this.#transfer("fd_pwrite", fd, this.put(BUFFER, text), BigInt(offset));
  }

  read(fd: number, length = 100): string {
    const count = this.#transfer("fd_read", fd, length);
    return typeof count === "number" ? this.text(BUFFER, count) : `errno ${count}`;
  }

  pread(fd: number, length: number, offset: number | bigint): string {
    const count = this.#transfer("fd_pread", fd, length, BigInt(offset));
    return typeof count === "number" ? this.text(BUFFER, count) : `errno ${count}`;
  }

  seek(fd: number, offset: number, whence: number): number | Name {
    const outcome = this.do("fd_seek", fd, BigInt(offset), whence, RESULT);
    return outcome === "success" ? Number(this.u64(RESULT)) : outcome;
  }

  tell(fd: number): number | Name {
    const outcome = this.do("fd_tell", fd, RESULT);
    return outcome === "success" ? Number(this.u64(RESULT)) : outcome;
  }

  /** The text of a file. */
  content(path: string, at: number = ROOT): string {
    const fd = this.open(path, { at, rights: READ, follow: FOLLOW });
    if (typeof fd === "string") return `errno ${fd}`;
    const text = this.read(fd, 10_000);
    this.do("fd_close", fd);
    return text;
  }

  stat(path: string, follow = 0): Stat | Name {
    return this.#stat("path_filestat_get", ROOT, follow, path);
  }

  statOf(fd: number): Stat | Name {
    return this.#stat("fd_filestat_get", fd);
  }

  /** Names and types of the entries of a directory, without "." and "..". */
  list(fd: number = ROOT): Record<string, number> {
    assert.equal(this.do("fd_readdir", fd, BUFFER, 8192, 0n, RESULT), "success");
    return Object.fromEntries(
      this.entries(this.u32(RESULT))
        .filter(({ name }) => name !== "." && name !== "..")
        .map(({ name, type }) => [name, type]),
    );
  }

  /** One fd_readdir with a small buffer: whole entries, and the bytes used. */
  readdir(fd: number, length: number, cookie: bigint): { readonly used: number; readonly entries: readonly Entry[] } {
    assert.equal(this.do("fd_readdir", fd, BUFFER, length, cookie, RESULT), "success");
    const used = this.u32(RESULT);
    return { used, entries: this.entries(used) };
  }

  entries(used: number): Entry[] {
    const found: Entry[] = [];
    for (let at = BUFFER; at + 24 <= BUFFER + used; ) {
      const length = this.u32(at + 16);
      if (at + 24 + length > BUFFER + used) break;
      found.push({
        next: this.u64(at),
        ino: this.u64(at + 8),
        type: this.u8(at + 20),
        name: this.text(at + 24, length),
      });
      at += 24 + length;
    }
    return found;
  }

  readlink(path: string, length = 100): string {
    const outcome = this.do("path_readlink", ROOT, path, BUFFER, length, RESULT);
    return outcome === "success" ? this.text(BUFFER, this.u32(RESULT)) : `errno ${outcome}`;
  }

  symlink(target: string, path: string): Name {
    return this.do("path_symlink", target, ROOT, path);
  }

  rename(from: string, into: string): Name {
    return this.do("path_rename", ROOT, from, ROOT, into);
  }

  link(from: string, into: string): Name {
    return this.do("path_link", ROOT, 0, from, ROOT, into);
  }

  mkdir(path: string): Name {
    return this.do("path_create_directory", ROOT, path);
  }

  /** Writes UTF-8 and gives its length. */
  put(address: number, text: string): number {
    this.memory!.writeString(address, text);
    return Buffer.byteLength(text);
  }

  #transfer(name: string, fd: number, length: number, ...offset: bigint[]): number | Name {
    this.iovecs(0, [BUFFER, length]);
    const outcome = this.do(name, fd, 0, 1, ...offset, RESULT);
    return outcome === "success" ? this.u32(RESULT) : outcome;
  }

  #stat(name: string, ...args: (number | string)[]): Stat | Name {
    const outcome = this.do(name, ...args, RESULT);
    if (outcome !== "success") return outcome;
    const word = (offset: number): bigint => this.u64(RESULT + offset);
    const [dev, ino, nlink, size] = [word(0), word(8), Number(word(24)), Number(word(32))];
    return { dev, ino, type: this.u8(RESULT + 16), nlink, size, atim: word(40), mtim: word(48), ctim: word(56) };
  }
}

/** A filestat. */
export interface Stat {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly type: number;
  readonly nlink: number;
  readonly size: number;
  readonly atim: bigint;
  readonly mtim: bigint;
  readonly ctim: bigint;
}

interface Entry {
  readonly next: bigint;
  readonly ino: bigint;
  readonly type: number;
  readonly name: string;
}

/** The stat of something that is there. */
export function known(stat: Stat | Name): Stat {
  return typeof stat === "string" ? assert.fail(stat) : stat;
}

function nameOf(outcome: unknown): Name {
  const found = Object.entries(errno).find(([, number]) => number === outcome);
  return (found?.[0] as Name | undefined) ?? assert.fail(`errno ${String(outcome)}`);
}
