// Paths (witx: path_*). No directory is open so far, so that no path leads anywhere.
import { type Errno, errno } from "./abi.ts";
import type { Group } from "./function.ts";
import type { Process } from "./process.ts";

// EBADF: the descriptor is not open. ENOTDIR: it is open, and no directory.
export const path: Group<"path"> = {
  path_create_directory: notDirectory,
  path_filestat_get: notDirectory,
  path_filestat_set_times: notDirectory,
  path_link: notDirectory,
  path_open: notDirectory,
  path_readlink: notDirectory,
  path_remove_directory: notDirectory,
  path_rename: notDirectory,
  path_symlink: (process, _oldPath, _oldPathLen, fd) => notDirectory(process, fd),
  path_unlink_file: notDirectory,
};

/** The errno of a function that needs a directory. */
export function notDirectory({ descriptors }: Process, fd: number): Errno {
  return descriptors.get(fd) === undefined ? errno.badf : errno.notdir;
}
