// A directory of the host on hosts without openat: macOS, Windows. Every call checks that its path is still the real one (POSIX: realpath).
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import type { Directory, DirectoryEntry, FileStat, FileTimes, OpenFlags } from "../api/file-system.ts";
import { FileSystemError } from "../fs/error.ts";
import { HostFile } from "./host-file.ts";
import { ExactTimes, typeOf } from "./host-stat.ts";
import { checkedName, NamedEntries } from "./named-entries.ts";

/**
 * A directory by its real path. Between the check and the call another process of the host may swap a directory for a link: that window is
 * what `strict` refuses.
 */
export class NamedHostDirectory extends NamedEntries implements Directory {
  readonly #path: string;

  private constructor(path: string, times: ExactTimes) {
    super(times);
    this.#path = path;
  }

  /** Opens a directory that the host names, links in its path included. */
  static open(path: string): NamedHostDirectory {
    return new NamedHostDirectory(realpathSync.native(path), new ExactTimes());
  }

  stat(): FileStat {
    return this.times.statOf(lstatSync(this.#real(), { bigint: true }));
  }

  setTimes(times: FileTimes): void {
    const path = this.#real();
    this.times.set(
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

  openDirectory(name: string): NamedHostDirectory {
    const path = this.pathOf(name);
    if (!lstatSync(path).isDirectory()) throw new FileSystemError("ENOTDIR");
    return new NamedHostDirectory(realpathSync.native(path), this.times);
  }

  openFile(name: string, flags: OpenFlags): HostFile {
    const path = this.pathOf(name);
    // Not every host can refuse a link as it opens.
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new FileSystemError(flags.create && flags.exclusive ? "EEXIST" : "ELOOP");
    }
    return HostFile.open(path, flags, this.times, undefined);
  }

  entries(): readonly DirectoryEntry[] {
    return readdirSync(this.#real(), { withFileTypes: true }).map((entry) => {
      const stat = lstatSync(join(this.#path, entry.name), { bigint: true, throwIfNoEntry: false });
      return { name: entry.name, type: typeOf(stat ?? entry), ino: stat?.ino ?? 0n };
    });
  }

  readLink(name: string): string {
    return readlinkSync(this.pathOf(name)).replaceAll("\\", process.platform === "win32" ? "/" : "\\");
  }

  // A backslash or a colon of Windows would make several components, a drive or a stream of one.
  protected override pathOf(name: string): string {
    if (process.platform === "win32" && /[\\:]/.test(name)) throw new FileSystemError("EINVAL");
    return join(this.#real(), checkedName(name));
  }

  #real(): string {
    if (realpathSync.native(this.#path) !== this.#path) throw new FileSystemError("ENOENT");
    return this.#path;
  }
}
