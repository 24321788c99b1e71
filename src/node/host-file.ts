// An open file of the host (POSIX: pread, pwrite, ftruncate, fsync, futimens).
import { constants, fstatSync, fsyncSync, ftruncateSync, futimesSync, readSync, writeSync } from "node:fs";
import type { File, FileStat, FileTimes, OpenFlags } from "../api/file-system.ts";
import type { HostDescriptor } from "./host-descriptor.ts";
import type { HostMount } from "./host-mount.ts";

const {
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_NOCTTY,
  O_NOFOLLOW = 0,
  O_NONBLOCK = 0,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} = constants;

/** The name of an open descriptor, where the host has names for them. */
export type NameOfDescriptor = ((fd: number) => string) | undefined;

/** A regular file or a character device. */
export class HostFile implements File {
  readonly #descriptor: HostDescriptor;
  readonly #mount: HostMount;
  readonly #nameOf: NameOfDescriptor;
  readonly #seekable: boolean;
  #appending: HostDescriptor | undefined;

  private constructor(descriptor: HostDescriptor, mount: HostMount, nameOf: NameOfDescriptor, seekable: boolean) {
    this.#descriptor = descriptor;
    this.#mount = mount;
    this.#nameOf = nameOf;
    this.#seekable = seekable;
  }

  /** Opens what is at the path, unless that is a link. EISDIR for a directory, EACCES for a pipe, a socket or a disk. */
  static open(path: string, flags: OpenFlags, mount: HostMount, nameOf: NameOfDescriptor): HostFile {
    const { read, create, exclusive, truncate } = flags;
    const write = flags.write || truncate;
    let how = (write ? (read ? O_RDWR : O_WRONLY) : O_RDONLY) | O_NOFOLLOW | O_NOCTTY;
    // A pipe that nobody writes to would be waited for.
    how |= O_NONBLOCK | (create ? O_CREAT : 0) | (create && exclusive ? O_EXCL : 0) | (truncate ? O_TRUNC : 0);
    const descriptor = mount.open(path, how);
    const stat = fstatSync(descriptor.fd);
    if (stat.isFile() || stat.isCharacterDevice()) return new HostFile(descriptor, mount, nameOf, stat.isFile());
    descriptor.close();
    throw Object.assign(new Error(`${path} is no file`), { code: stat.isDirectory() ? "EISDIR" : "EACCES" });
  }

  stat(): FileStat {
    return this.#mount.times.statOf(fstatSync(this.#descriptor.fd, { bigint: true }));
  }

  setTimes(times: FileTimes): void {
    this.#mount.times.set(times, this.#descriptor.fd, fstatSync, futimesSync);
  }

  read(buffer: Uint8Array, position: number): number {
    return readSync(this.#descriptor.fd, buffer, 0, buffer.length, this.#seekable ? position : null);
  }

  write(bytes: Uint8Array, position: number | "end"): number {
    if (!this.#seekable) return writeSync(this.#descriptor.fd, bytes);
    if (position !== "end") return writeSync(this.#descriptor.fd, bytes, 0, bytes.length, position);
    if (this.#nameOf === undefined) {
      return writeSync(this.#descriptor.fd, bytes, 0, bytes.length, fstatSync(this.#descriptor.fd).size);
    }
    // The host appends by itself then, whoever else does too; and a descriptor that appends cannot stop doing so.
    this.#appending ??= this.#mount.open(this.#nameOf(this.#descriptor.fd), O_WRONLY | O_APPEND);
    return writeSync(this.#appending.fd, bytes);
  }

  setSize(size: number): void {
    ftruncateSync(this.#descriptor.fd, size);
  }

  sync(): void {
    fsyncSync(this.#descriptor.fd);
  }

  close(): void {
    this.#descriptor.close();
    this.#appending?.close();
  }
}
