// What a directory of the host does with one of its entries by a path, whichever way that path is made (POSIX: mkdir, rename, link, unlink).
import { linkSync, lstatSync, lutimesSync, mkdirSync, renameSync, rmdirSync, symlinkSync, unlinkSync } from "node:fs";
import type { Directory, FileStat, FileTimes } from "../api/file-system.ts";
import { FileSystemError } from "../fs/error.ts";
import type { HostMount } from "./host-mount.ts";

/** The entries of a directory. None of the calls made here follows a link in the last component. */
export abstract class NamedEntries {
  /** One object for all directories of a mount. */
  protected readonly mount: HostMount;

  protected constructor(mount: HostMount) {
    this.mount = mount;
  }

  /** The path under which the host has an entry now; throws where the name is not one component. */
  protected abstract pathOf(name: string): string;

  lookup(name: string): FileStat {
    const stat = lstatSync(this.pathOf(name), { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) throw new FileSystemError("ENOENT");
    return this.mount.times.statOf(stat);
  }

  createDirectory(name: string): void {
    mkdirSync(this.pathOf(name));
  }

  removeDirectory(name: string): void {
    rmdirSync(this.pathOf(name));
  }

  unlink(name: string): void {
    unlinkSync(this.pathOf(name));
  }

  rename(name: string, target: Directory, newName: string): void {
    renameSync(this.pathOf(name), this.#other(target).pathOf(newName));
  }

  link(name: string, target: Directory, newName: string): void {
    linkSync(this.pathOf(name), this.#other(target).pathOf(newName));
  }

  symlink(name: string, target: string): void {
    symlinkSync(target, this.pathOf(name));
  }

  setTimesOf(name: string, times: FileTimes): void {
    this.mount.times.set(times, this.pathOf(name), lstatSync, lutimesSync);
  }

  // A mount is no way into another one, though the host could do it.
  #other(target: Directory): NamedEntries {
    if (target instanceof NamedEntries && target.mount === this.mount) return target;
    throw new FileSystemError("EXDEV");
  }
}

/** A name that is one component: the file system's own check, whoever asks. Throws EINVAL. */
export function checkedName(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) throw new FileSystemError("EINVAL");
  return name;
}
