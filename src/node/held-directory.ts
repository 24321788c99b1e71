// An open directory of the host, its entries named through its descriptor: /proc/self/fd/<fd>/<name> (Linux: openat(2), proc_pid_fd(5)).
import {
  constants,
  fstatSync,
  fsyncSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import type { Directory, DirectoryEntry, FileStat, FileTimes, OpenFlags } from "../api/file-system.ts";
import { FileSystemError } from "../fs/error.ts";
import { HostDescriptor } from "./host-descriptor.ts";
import { HostFile } from "./host-file.ts";
import { ExactTimes, typeOf } from "./host-stat.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
const nameOf = (fd: number): string => `/proc/self/fd/${fd}`;

/**
 * A directory that is held: whoever moves it, or puts a link in its place, changes nothing for a guest that has it open. None of the calls made
 * here follows a link in the last component, and there is only one.
 */
export class HeldHostDirectory implements Directory {
  readonly #descriptor: HostDescriptor;
  readonly #times: ExactTimes;

  private constructor(path: string, flags: number, times: ExactTimes) {
    this.#descriptor = new HostDescriptor(openSync(path, flags | O_RDONLY | O_DIRECTORY));
    this.#times = times;
  }

  /** Opens a directory that the host names, links in its path included. */
  static open(path: string): HeldHostDirectory {
    return new HeldHostDirectory(path, 0, new ExactTimes());
  }

  stat(): FileStat {
    return this.#times.statOf(fstatSync(this.#descriptor.fd, { bigint: true }));
  }

  setTimes(times: FileTimes): void {
    const { fd } = this.#descriptor;
    this.#times.set(
      times,
      () => fstatSync(fd, { bigint: true }),
      (atime, mtime) => futimesSync(fd, atime, mtime),
    );
  }

  sync(): void {
    fsyncSync(this.#descriptor.fd);
  }

  close(): void {
    this.#descriptor.close();
  }

  lookup(name: string): FileStat {
    const stat = lstatSync(this.#pathOf(name), { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) throw new FileSystemError("ENOENT");
    return this.#times.statOf(stat);
  }

  openDirectory(name: string): HeldHostDirectory {
    return new HeldHostDirectory(this.#pathOf(name), O_NOFOLLOW, this.#times);
  }

  openFile(name: string, flags: OpenFlags): HostFile {
    return HostFile.open(this.#pathOf(name), flags, this.#times, nameOf);
  }

  entries(): readonly DirectoryEntry[] {
    return readdirSync(nameOf(this.#descriptor.fd), { withFileTypes: true }).map((entry) => {
      const stat = lstatSync(this.#pathOf(entry.name), { bigint: true, throwIfNoEntry: false });
      return { name: entry.name, type: typeOf(stat ?? entry), ino: stat?.ino ?? 0n };
    });
  }

  readLink(name: string): string {
    return readlinkSync(this.#pathOf(name));
  }

  createDirectory(name: string): void {
    mkdirSync(this.#pathOf(name));
  }

  removeDirectory(name: string): void {
    rmdirSync(this.#pathOf(name));
  }

  unlink(name: string): void {
    unlinkSync(this.#pathOf(name));
  }

  rename(name: string, target: Directory, newName: string): void {
    renameSync(this.#pathOf(name), this.#other(target).#pathOf(newName));
  }

  link(name: string, target: Directory, newName: string): void {
    linkSync(this.#pathOf(name), this.#other(target).#pathOf(newName));
  }

  symlink(name: string, target: string): void {
    symlinkSync(target, this.#pathOf(name));
  }

  setTimesOf(name: string, times: FileTimes): void {
    const path = this.#pathOf(name);
    this.#times.set(
      times,
      () => lstatSync(path, { bigint: true }),
      (atime, mtime) => lutimesSync(path, atime, mtime),
    );
  }

  #pathOf(name: string): string {
    return `${nameOf(this.#descriptor.fd)}/${checkedName(name)}`;
  }

  // A mount is no way into another one, though the host could do it.
  #other(target: Directory): HeldHostDirectory {
    if (target instanceof HeldHostDirectory && target.#times === this.#times) return target;
    throw new FileSystemError("EXDEV");
  }
}

/** A name that is one component: the file system's own check, whoever asks. Throws EINVAL. */
export function checkedName(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) throw new FileSystemError("EINVAL");
  return name;
}
