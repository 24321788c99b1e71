// Opens files and directories (witx: path_open). Rights are looked at as wasmtime does: those to read and to write decide, the others are not kept.
import type { File, FileStat, OpenFlags } from "../api/file-system.ts";
import { fail } from "../fs/error.ts";
import { type Errno, errno, fdflags, oflags, rights } from "./abi.ts";
import { type Descriptor, HeldDirectory } from "./descriptors.ts";
import type { WasiFunction } from "./function.ts";
import { at } from "./path-arguments.ts";
import type { Process } from "./process.ts";
import { type Steps, settled } from "./steps.ts";
import { lookup, type Place } from "./walk.ts";

/** What is asked for. */
interface Wish extends OpenFlags {
  readonly directory: boolean;
  readonly flags: number;
}

const knownOflags = oflags.creat | oflags.directory | oflags.excl | oflags.trunc;
const knownFdflags = fdflags.append | fdflags.dsync | fdflags.nonblock | fdflags.rsync | fdflags.sync;

// EINVAL: no such flag, or a directory is to be made or cut. ENOENT: nothing is there, and nothing is to be made. EEXIST: something is, and has to
// be new. ELOOP: a link, which is not to be followed. EISDIR: a directory is to be written, cut or made. ENOTDIR: a file, where only a directory
// will do. EMFILE: too much is open. EROFS, ENOSPC.
export const openPath: WasiFunction<"path_open"> = (
  process,
  fd,
  lookupFlags,
  path,
  length,
  openFlags,
  base,
  _,
  given,
  result,
) => {
  const wish: Wish = {
    read: (base & rights.fd_read) !== 0n,
    write: (base & rights.fd_write) !== 0n,
    create: (openFlags & oflags.creat) !== 0,
    exclusive: (openFlags & oflags.excl) !== 0,
    truncate: (openFlags & oflags.trunc) !== 0,
    directory: (openFlags & oflags.directory) !== 0,
    flags: given,
  };
  if ((openFlags & ~knownOflags) !== 0 || (given & ~knownFdflags) !== 0) return errno.inval;
  if (wish.directory && (wish.create || wish.exclusive || wish.truncate)) return errno.inval;
  const follow = wish.create && wish.exclusive ? "never" : lookupFlags;
  return at(process, { fd, path, length, follow }, function* (place) {
    if (process.memory?.subarray(result, 4) === undefined) return errno.fault;
    if (process.descriptors.full) return errno.mfile;
    return yield* open(process, place, wish, result);
  });
};

function* open(process: Process, place: Place, wish: Wish, result: number): Steps<Errno> {
  const { held, name, slash } = place;
  if (name === undefined) {
    checkDirectory(wish);
    return addDirectory(process, held.hold(), wish, result);
  }
  const stat: FileStat | undefined = place.stat ?? (yield* lookup(held, name));
  if (stat?.type === "symlink" && !(wish.create && wish.exclusive)) return errno.loop;
  if (stat?.type === "directory") {
    checkDirectory(wish);
    const directory = yield* settled(held.directory.openDirectory(name));
    return addDirectory(process, new HeldDirectory(directory, held.dev), wish, result);
  }
  if (stat === undefined && !wish.create) return errno.noent;
  if (slash || wish.directory) return stat === undefined ? errno.isdir : errno.notdir;
  return addFile(process, yield* settled(held.directory.openFile(name, wish)), held.dev, wish, result);
}

function checkDirectory({ create, exclusive, truncate, write }: Wish): void {
  if (create && exclusive) fail("EEXIST");
  if (create || truncate || write) fail("EISDIR");
}

function addDirectory(process: Process, held: HeldDirectory, { flags }: Wish, result: number): Errno {
  return add(process, { kind: "directory", held, preopen: undefined, entries: undefined, flags }, result);
}

function addFile(process: Process, file: File, dev: bigint, wish: Wish, result: number): Errno {
  const { read: readable, write: writable, flags } = wish;
  return add(process, { kind: "file", file, dev, readable, writable, position: 0, flags }, result);
}

function add({ descriptors, memory }: Process, opened: Descriptor, result: number): Errno {
  const fd = descriptors.add(opened);
  if (fd === undefined) return errno.mfile;
  memory!.writeUint32(result, fd);
  return errno.success;
}
