// An open directory of the host, its entries named through its descriptor: /proc/self/fd/<fd>/<name> (Linux: openat(2), proc_pid_fd(5)).
import { constants, fstatSync, fsyncSync, futimesSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import type { Directory, DirectoryEntry, FileStat, FileTimes, OpenFlags } from "../api/file-system.ts";
import type { HostDescriptor } from "./host-descriptor.ts";
import { HostFile } from "./host-file.ts";
import type { HostMount } from "./host-mount.ts";
import { typeOf } from "./host-stat.ts";
import { checkedName, NamedEntries } from "./named-entries.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
const nameOf = (fd: number): string => `/proc/self/fd/${fd}`;

/**
 * A directory that is held: whoever moves it, or puts a link in its place, changes nothing for a guest that has it open. None of the calls made
 * here follows a link in the last component, and there is only one.
 */
export class HeldHostDirectory extends NamedEntries implements Directory {
  readonly #descriptor: HostDescriptor;

  private constructor(path: string, flags: number, mount: HostMount) {
    super(mount);
    this.#descriptor = mount.open(path, flags | O_RDONLY | O_DIRECTORY);
  }

  /** Opens a directory that the host names, links in its path included. */
  static open(path: string, mount: HostMount): HeldHostDirectory {
    return new HeldHostDirectory(path, 0, mount);
  }

  stat(): FileStat {
    return this.mount.times.statOf(fstatSync(this.#descriptor.fd, { bigint: true }));
  }

  setTimes(times: FileTimes): void {
    this.mount.times.set(times, this.#descriptor.fd, fstatSync, futimesSync);
  }

  sync(): void {
    fsyncSync(this.#descriptor.fd);
  }

  close(): void {
    this.#descriptor.close();
  }

  openDirectory(name: string): HeldHostDirectory {
    return new HeldHostDirectory(this.pathOf(name), O_NOFOLLOW, this.mount);
  }

  openFile(name: string, flags: OpenFlags): HostFile {
    return HostFile.open(this.pathOf(name), flags, this.mount, nameOf);
  }

  entries(): readonly DirectoryEntry[] {
    return readdirSync(nameOf(this.#descriptor.fd), { withFileTypes: true }).map((entry) => {
      const stat = lstatSync(this.pathOf(entry.name), { bigint: true, throwIfNoEntry: false });
      return { name: entry.name, type: typeOf(stat ?? entry), ino: stat?.ino ?? 0n };
    });
  }

  readLink(name: string): string {
    return readlinkSync(this.pathOf(name));
  }

  protected override pathOf(name: string): string {
    return `${nameOf(this.#descriptor.fd)}/${checkedName(name)}`;
  }
}
