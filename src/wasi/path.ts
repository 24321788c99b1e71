// Paths (witx: path_*). Each begins at an open directory and stays inside of its file system.
import type { Directory, FileStat } from "../api/file-system.ts";
import { fail } from "../fs/error.ts";
import { encodeUtf8 } from "../fs/utf8.ts";
import { type Errno, errno } from "./abi.ts";
import { writeFilestat } from "./filestat.ts";
import type { Group, Outcome } from "./function.ts";
import { openPath } from "./open.ts";
import { at, type PathArgument, placeOf, textAt } from "./path-arguments.ts";
import type { Process } from "./process.ts";
import { type Steps, settled } from "./steps.ts";
import { timesOf } from "./times.ts";
import { lookup, type Place } from "./walk.ts";

// All: EBADF: the descriptor is not open. ENOTDIR: it is no directory, or a name on the way is none. EFAULT: a pointer leads out of memory. EILSEQ: the
// path is not UTF-8. EINVAL: it has a NUL. ENOENT: it is empty, or a name on the way is not there. EPERM: it is absolute or leads out of the
// file system. ELOOP: more than 40 links. ENAMETOOLONG: longer than 4096. Those that change something: EROFS. What the file system throws beside.
export const path: Group<"path"> = {
  // EEXIST: the name is taken. ENOSPC.
  path_create_directory: (process, fd, path, length) =>
    at(process, { fd, path, length, follow: "never" }, function* ({ held: { directory }, name }) {
      if (name === undefined) return errno.exist;
      if (directory.createDirectory === undefined) return errno.rofs;
      yield* settled(directory.createDirectory(name));
      return errno.success;
    }),

  // EINVAL: no such flag.
  path_filestat_get: (process, fd, flags, path, length, result) =>
    at(process, { fd, path, length, follow: flags }, function* (place) {
      return writeFilestat(process, result, place.held.dev, yield* statOf(place));
    }),

  // EINVAL: a time and "now" at once, or no such flag.
  path_filestat_set_times: (process, fd, flags, path, length, atim, mtim, fstFlags) =>
    at(process, { fd, path, length, follow: flags }, function* (place) {
      const times = timesOf(process, atim, mtim, fstFlags);
      const { directory } = place.held;
      if (place.slash) yield* statOf(place);
      if (place.name === undefined) {
        if (directory.setTimes === undefined) return errno.rofs;
        yield* settled(directory.setTimes(times));
      } else {
        if (directory.setTimesOf === undefined) return errno.rofs;
        yield* settled(directory.setTimesOf(place.name, times));
      }
      return errno.success;
    }),

  // EINVAL: links are to be followed, which no system does. EPERM: the old path is a directory. EEXIST: the new name is taken. ENOENT: the new
  // path ends with a slash. EXDEV: they are of different file systems.
  path_link: (process, oldFd, oldFlags, oldPath, oldLength, newFd, newPath, newLength) => {
    if (oldFlags !== 0) return errno.inval;
    const from = { fd: oldFd, path: oldPath, length: oldLength, follow: 0 } as const;
    const into = { fd: newFd, path: newPath, length: newLength, follow: "never" } as const;
    return between(process, from, into, function* (old, to) {
      if (old.name === undefined) return errno.perm;
      if (old.slash) yield* statOf(old);
      if (to.name === undefined) return errno.exist;
      if (to.slash) return (yield* lookup(to.held, to.name)) === undefined ? errno.noent : errno.exist;
      const { directory } = old.held;
      if (directory.link === undefined) return errno.rofs;
      yield* settled(directory.link(old.name, to.held.directory, to.name));
      return errno.success;
    });
  },

  path_open: openPath,

  // EINVAL: it is no link. A target that does not fit is cut.
  path_readlink: (process, fd, path, length, buf, bufLen, bufused) =>
    at(process, { fd, path, length, follow: 0 }, function* ({ held: { directory }, name }) {
      if (name === undefined || directory.readLink === undefined) return errno.inval;
      const { memory } = process;
      if (memory?.subarray(buf, bufLen) === undefined || memory.subarray(bufused, 4) === undefined) return errno.fault;
      const target = encodeUtf8(yield* settled(directory.readLink(name))).subarray(0, bufLen);
      memory.write(buf, target);
      memory.writeUint32(bufused, target.length);
      return errno.success;
    }),

  // EINVAL: the directory itself, as ".". ENOTEMPTY: it has entries.
  path_remove_directory: (process, fd, path, length) =>
    at(process, { fd, path, length, follow: "never" }, function* ({ held: { directory }, name }) {
      if (name === undefined) return errno.inval;
      if (directory.removeDirectory === undefined) return errno.rofs;
      yield* settled(directory.removeDirectory(name));
      return errno.success;
    }),

  // EBUSY: one of the paths ends at the directory itself. EINVAL: into itself. EXDEV: they are of different file systems. EISDIR, ENOTDIR and
  // ENOTEMPTY: what is there cannot be replaced.
  path_rename: (process, oldFd, oldPath, oldLength, newFd, newPath, newLength) => {
    const from = { fd: oldFd, path: oldPath, length: oldLength, follow: "never" } as const;
    const into = { fd: newFd, path: newPath, length: newLength, follow: "never" } as const;
    return between(process, from, into, function* (old, to) {
      if (old.name === undefined || to.name === undefined) return errno.busy;
      if (old.slash || to.slash) yield* needDirectory(old.held.directory, old.name);
      const { directory } = old.held;
      if (directory.rename === undefined) return errno.rofs;
      yield* settled(directory.rename(old.name, to.held.directory, to.name));
      return errno.success;
    });
  },

  // EPERM: the target is absolute. ENOENT: it is empty, or the path ends with a slash. EEXIST: the name is taken.
  path_symlink: (process, oldPath, oldLength, fd, path, length) =>
    at(process, { fd, path, length, follow: "never" }, function* ({ held, name, slash }) {
      const target = textAt(process, oldPath, oldLength);
      if (target === "") return errno.noent;
      if (target.startsWith("/")) return errno.perm;
      if (name === undefined) return errno.exist;
      if (slash) return (yield* lookup(held, name)) === undefined ? errno.noent : errno.exist;
      if (held.directory.symlink === undefined) return errno.rofs;
      yield* settled(held.directory.symlink(name, target));
      return errno.success;
    }),

  // EISDIR: it is a directory. ENOTDIR: the path ends with a slash, and it is none.
  path_unlink_file: (process, fd, path, length) =>
    at(process, { fd, path, length, follow: "never" }, function* ({ held: { directory }, name, slash }) {
      if (name === undefined) return errno.isdir;
      if (slash) {
        yield* needDirectory(directory, name);
        return errno.isdir;
      }
      if (directory.unlink === undefined) return errno.rofs;
      yield* settled(directory.unlink(name));
      return errno.success;
    }),
};

function* statOf({ held: { directory }, name, slash, stat: known }: Place): Steps<FileStat> {
  if (name === undefined) return yield* settled(directory.stat());
  const stat = known ?? (yield* settled(directory.lookup(name)));
  return slash && stat.type !== "directory" ? fail("ENOTDIR") : stat;
}

function* needDirectory(directory: Directory, name: string): Steps<void> {
  const { type } = yield* settled(directory.lookup(name));
  if (type !== "directory") fail("ENOTDIR");
}

function between(
  process: Process,
  from: PathArgument,
  into: PathArgument,
  use: (from: Place, into: Place) => Steps<Errno>,
): Outcome {
  return at(process, from, function* (old) {
    const place = yield* placeOf(process, into);
    try {
      return yield* use(old, place);
    } finally {
      place.held.release();
    }
  });
}
