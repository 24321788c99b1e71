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
import type { HostMount } from "./host-mount.ts";
import { typeOf } from "./host-stat.ts";
import { checkedName, NamedEntries } from "./named-entries.ts";

/** What makes several components, a drive or a stream of one on Windows; and what is another name or a device there. */
const several = /[\\:]/;
const other = /[. ]$|^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d\xb9\xb2\xb3]) *(?:\.|$)/i;

/**
 * A directory by its real path. Between the check and the call another process of the host may swap a directory for a link: that window is
 * what `strict` refuses.
 */
export class NamedHostDirectory extends NamedEntries implements Directory {
  readonly #path: string;

  private constructor(path: string, mount: HostMount) {
    super(mount);
    this.#path = path;
  }

  /** Opens a directory that the host names, links in its path included. */
  static open(path: string, mount: HostMount): NamedHostDirectory {
    return new NamedHostDirectory(realpathSync.native(path), mount);
  }

  stat(): FileStat {
    return this.mount.times.statOf(lstatSync(this.#real(), { bigint: true }));
  }

  setTimes(times: FileTimes): void {
    this.mount.times.set(times, this.#real(), lstatSync, utimesSync);
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
    return new NamedHostDirectory(realpathSync.native(path), this.mount);
  }

  openFile(name: string, flags: OpenFlags): HostFile {
    const path = this.pathOf(name);
    // Not every host can refuse a link as it opens.
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new FileSystemError(flags.create && flags.exclusive ? "EEXIST" : "ELOOP");
    }
    return HostFile.open(path, flags, this.mount, undefined);
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

  override symlink(name: string, target: string): void {
    if (process.platform === "win32" && several.test(target)) throw new FileSystemError("EINVAL");
    super.symlink(name, target);
  }

  protected override pathOf(name: string): string {
    if (process.platform === "win32" && (several.test(name) || other.test(name))) throw new FileSystemError("EINVAL");
    return join(this.#real(), checkedName(name));
  }

  #real(): string {
    if (realpathSync.native(this.#path) !== this.#path) throw new FileSystemError("ENOENT");
    return this.#path;
  }
}
