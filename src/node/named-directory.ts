// A directory of the host on hosts without openat: macOS, Windows. Every call checks that its path is still the real one (POSIX: realpath).
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import type { Directory, DirectoryEntry, FileStat, FileTimes, OpenFlags } from "../api/file-system.ts";
import { FileSystemError } from "../fs/error.ts";
import { checkedName } from "./held-directory.ts";
import { HostFile } from "./host-file.ts";
import { ExactTimes, typeOf } from "./host-stat.ts";

/**
 * A directory by its real path. Between the check and the call another process of the host may swap a directory for a link: that window is
 * what `strict` refuses.
 */
export class NamedHostDirectory implements Directory {
  readonly #path: string;
  readonly #times: ExactTimes;

  private constructor(path: string, times: ExactTimes) {
    this.#path = path;
    this.#times = times;
  }

  /** Opens a directory that the host names, links in its path included. */
  static open(path: string): NamedHostDirectory {
    return new NamedHostDirectory(realpathSync.native(path), new ExactTimes());
  }

  stat(): FileStat {
    return this.#times.statOf(lstatSync(this.#real(), { bigint: true }));
  }

  setTimes(times: FileTimes): void {
    const path = this.#real();
    this.#times.set(
      times,
      () => lstatSync(path, { bigint: true }),
      (atime, mtime) => utimesSync(path, atime, mtime),
    );
  }

  sync(): void {
    if (process.platform === "win32") return; // directories cannot be opened there
    const fd = openSync(this.#real(), "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  lookup(name: string): FileStat {
    const stat = lstatSync(this.#pathOf(name), { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) throw new FileSystemError("ENOENT");
    return this.#times.statOf(stat);
  }

  openDirectory(name: string): NamedHostDirectory {
    const path = this.#pathOf(name);
    if (!lstatSync(path).isDirectory()) throw new FileSystemError("ENOTDIR");
    return new NamedHostDirectory(realpathSync.native(path), this.#times);
  }

  openFile(name: string, flags: OpenFlags): HostFile {
    const path = this.#pathOf(name);
    // Not every host can refuse a link as it opens.
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new FileSystemError(flags.create && flags.exclusive ? "EEXIST" : "ELOOP");
    }
    return HostFile.open(path, flags, this.#times, undefined);
  }

  entries(): readonly DirectoryEntry[] {
    return readdirSync(this.#real(), { withFileTypes: true }).map((entry) => {
      const stat = lstatSync(join(this.#path, entry.name), { bigint: true, throwIfNoEntry: false });
      return { name: entry.name, type: typeOf(stat ?? entry), ino: stat?.ino ?? 0n };
    });
  }

  readLink(name: string): string {
    return readlinkSync(this.#pathOf(name)).replaceAll("\\", process.platform === "win32" ? "/" : "\\");
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

  // A backslash or a colon of Windows would make several components, a drive or a stream of one.
  #pathOf(name: string): string {
    if (process.platform === "win32" && /[\\:]/.test(name)) throw new FileSystemError("EINVAL");
    return join(this.#real(), checkedName(name));
  }

  #real(): string {
    if (realpathSync.native(this.#path) !== this.#path) throw new FileSystemError("ENOENT");
    return this.#path;
  }

  #other(target: Directory): NamedHostDirectory {
    if (target instanceof NamedHostDirectory && target.#times === this.#times) return target;
    throw new FileSystemError("EXDEV");
  }
}
