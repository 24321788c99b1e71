// Takes what Node tells of a file, gives what a file system tells (POSIX: struct stat).
import type { BigIntStats, Dirent } from "node:fs";
import type { FileStat, FileTimes, FileType } from "../api/file-system.ts";

/** The type of a file or entry. */
export function typeOf(of: BigIntStats | Dirent): FileType {
  if (of.isFile()) return "file";
  if (of.isDirectory()) return "directory";
  if (of.isSymbolicLink()) return "symlink";
  if (of.isCharacterDevice()) return "character-device";
  if (of.isBlockDevice()) return "block-device";
  return of.isSocket() ? "stream-socket" : "unknown";
}

interface Remembered {
  readonly asked: FileTimes;
  readonly shown: FileTimes;
}

const maxRemembered = 4096;

/**
 * Times that were set. Node takes them as seconds in a float, which is a quarter of a microsecond off: while a file still shows what came of
 * that, this gives the times that were asked for.
 */
export class ExactTimes {
  readonly #byIno = new Map<bigint, Remembered>();

  statOf(stat: BigIntStats): FileStat {
    const { ino, nlink, ctimeNs: ctim } = stat;
    const { asked, shown } = this.#byIno.get(ino) ?? {};
    const atim = shown?.atim === stat.atimeNs ? asked?.atim : undefined;
    const mtim = shown?.mtim === stat.mtimeNs ? asked?.mtim : undefined;
    const times = { atim: atim ?? stat.atimeNs, mtim: mtim ?? stat.mtimeNs, ctim };
    return { type: typeOf(stat), size: Number(stat.size), ino, nlink, ...times };
  }

  /** Sets the times of what a path or descriptor stands for, by a call of Node's that takes both. */
  set<T>(
    times: FileTimes,
    of: T,
    stat: (of: T, options: { bigint: true }) => BigIntStats,
    apply: (of: T, atime: number, mtime: number) => void,
  ): void {
    const before = this.statOf(stat(of, { bigint: true }));
    const asked = { atim: times.atim ?? before.atim!, mtim: times.mtim ?? before.mtim! };
    apply(of, secondsOf(asked.atim), secondsOf(asked.mtim));
    const after = stat(of, { bigint: true });
    if (this.#byIno.size >= maxRemembered) this.#byIno.delete(this.#byIno.keys().next().value!);
    this.#byIno.set(after.ino, { asked, shown: { atim: after.atimeNs, mtim: after.mtimeNs } });
  }
}

function secondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
