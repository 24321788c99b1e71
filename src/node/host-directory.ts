// Takes a directory of the host, gives a file system that a guest cannot leave (Linux: openat(2) by way of /proc/self/fd).
import { existsSync, statSync } from "node:fs";
import type { FileSystem } from "../api/file-system.ts";
import { checkFlag, refuseRest } from "../fs/options.ts";
import { readOnly } from "../fs/read-only.ts";
import { HeldHostDirectory } from "./held-directory.ts";
import { HostMount } from "./host-mount.ts";
import { NamedHostDirectory } from "./named-directory.ts";

/** How a directory of the host is shown. */
export interface HostDirectoryOptions {
  /** Lets nothing be changed. Default: false. */
  readonly readOnly?: boolean | undefined;
  /**
   * Refuses hosts on which another process could lead a guest out by swapping a directory for a link while a call runs: all but Linux.
   * Default: false.
   */
  readonly strict?: boolean | undefined;
  /** Greatest number of files and directories of it that are open at one time, in all modules: more are refused with EMFILE. Default: 1024. */
  readonly maxOpen?: number | undefined;
}

/**
 * Makes a file system of a directory, which stays open. Links that lead out of it are refused.
 * @throws TypeError where an option is wrong or unknown.
 * @throws Error with a `code` such as "ENOENT" or "ENOTDIR" where there is no such directory; "ENOTSUP" where `strict` cannot be kept.
 */
export function hostDirectory(path: string, options: HostDirectoryOptions = {}): FileSystem {
  const { strict = false, maxOpen = 1024, readOnly: isReadOnly = false, ...rest } = options;
  refuseRest("hostDirectory", rest);
  checkFlag("readOnly", isReadOnly);
  checkFlag("strict", strict);
  if (!Number.isInteger(maxOpen) || maxOpen < 1)
    throw new TypeError(`maxOpen is a whole number from 1, got ${maxOpen}`);
  const mount = new HostMount(maxOpen);
  const fs = { root: hasHandles() ? HeldHostDirectory.open(path, mount) : namedRoot(path, strict, mount) };
  return isReadOnly ? readOnly(fs) : fs;
}

function hasHandles(): boolean {
  return process.platform === "linux" && existsSync("/proc/self/fd");
}

function namedRoot(path: string, strict: boolean, mount: HostMount): NamedHostDirectory {
  if (strict) throw systemError("ENOTSUP", `this host cannot hold a guest strictly inside of ${path}`);
  if (!statSync(path).isDirectory()) throw systemError("ENOTDIR", `${path} is no directory`);
  return NamedHostDirectory.open(path, mount);
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
