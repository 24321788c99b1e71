// Takes quotas, gives a file system that is all in memory, empty or over another one (POSIX: ENOSPC where a quota is used up).
import type { FileSystem } from "../api/file-system.ts";
import { MemoryDirectory } from "./memory-directory.ts";
import { MemoryDirectoryNode } from "./memory-node.ts";
import { Space } from "./memory-space.ts";
import { refuseRest } from "./options.ts";

/** Limits of a file system in memory. */
export interface MemoryFsOptions {
  /** Greatest sum of the sizes of all files. Default: 256 MiB. */
  readonly maxBytes?: number | undefined;
  /** Greatest number of names of files, directories and links. Default: 65536. */
  readonly maxFiles?: number | undefined;
  /** Time of a change in nanoseconds since 1970. Default: starts on 2022-01-01 and advances 1 ms with each reading. */
  readonly now?: (() => bigint) | undefined;
}

/** A file system in memory, and what it holds. */
export interface MemoryFileSystem extends FileSystem {
  /** Sum of the sizes of all files. */
  readonly bytes: number;
  /** Number of names. */
  readonly files: number;
}

/** Makes an empty file system. */
export function memoryFs(options: MemoryFsOptions = {}): MemoryFileSystem {
  const space = spaceOf("memoryFs", options);
  return fileSystem(space, new MemoryDirectoryNode(space, undefined));
}

/**
 * Shows a file system, and keeps every change in memory. The names in a directory of `base` are read when it is first looked at, and a
 * file is copied when it is first written: what changes in `base` after that is not seen.
 */
export function overlay(base: FileSystem, options: MemoryFsOptions = {}): MemoryFileSystem {
  const space = spaceOf("overlay", options);
  return fileSystem(space, new MemoryDirectoryNode(space, undefined, () => base.root));
}

function spaceOf(of: string, options: MemoryFsOptions): Space {
  const { maxBytes = 2 ** 28, maxFiles = 65_536, now, ...rest } = options;
  refuseRest(of, rest);
  if (now !== undefined && typeof now !== "function") throw new TypeError(`now is a function, got ${String(now)}`);
  for (const [key, value] of Object.entries({ maxBytes, maxFiles })) {
    if (!Number.isInteger(value) || value < 0) throw new TypeError(`${key} is a whole number, got ${String(value)}`);
  }
  return new Space(maxBytes, maxFiles, now);
}

function fileSystem(space: Space, root: MemoryDirectoryNode): MemoryFileSystem {
  root.names = 1;
  return {
    root: new MemoryDirectory(root),
    get bytes() {
      return space.bytes;
    },
    get files() {
      return space.files;
    },
  };
}
