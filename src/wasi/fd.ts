// Descriptors (witx: fd_*). Those of files answer EBADF where only a file will do, as wasmtime does.
import {
  advice,
  type Errno,
  errno,
  type Filetype,
  fdflags,
  fdstat,
  filestat,
  filetype,
  fstflags,
  rights,
  whence,
} from "./abi.ts";
import type { Descriptor } from "./descriptors.ts";
import { type Group, isPromise, type Outcome, outcomeOf } from "./function.ts";
import { notDirectory } from "./path.ts";
import type { Process } from "./process.ts";
import { firstOf, gather, readVectors, roomFor, scatter } from "./vectors.ts";

// All: EBADF where the descriptor is not open, EFAULT where a pointer leads out of memory.
export const fd: Group<"fd"> = {
  // EINVAL: no such advice.
  fd_advise: (_process, _fd, _offset, _len, given) => (given > advice.noreuse ? errno.inval : errno.badf),
  fd_allocate: () => errno.badf,
  fd_close: ({ descriptors }, fd) => (descriptors.close(fd) ? errno.success : errno.badf),
  fd_datasync: () => errno.badf,

  fd_fdstat_get({ descriptors, memory }, fd, stat) {
    const found = descriptors.get(fd);
    if (found === undefined) return errno.badf;
    const bytes = memory?.subarray(stat, fdstat.byteLength);
    if (bytes === undefined) return errno.fault;
    const base = rightsOf(found);
    bytes.fill(0);
    memory!.writeUint8(stat + fdstat.fs_filetype, filetypeOf(found));
    memory!.writeUint16(stat + fdstat.fs_flags, found.flags);
    memory!.writeUint64(stat + fdstat.fs_rights_base, base);
    memory!.writeUint64(stat + fdstat.fs_rights_inheriting, base);
    return errno.success;
  },

  // EINVAL: a flag that cannot be changed, or is none.
  fd_fdstat_set_flags({ descriptors }, fd, flags) {
    if ((flags & ~(fdflags.append | fdflags.nonblock)) !== 0) return errno.inval;
    const found = descriptors.get(fd);
    if (found === undefined) return errno.badf;
    found.flags = flags;
    return errno.success;
  },

  // ENOTSUP: rights were given up by WASI; they do not change.
  fd_fdstat_set_rights: ({ descriptors }, fd) => (descriptors.get(fd) === undefined ? errno.badf : errno.notsup),

  fd_filestat_get({ descriptors, memory }, fd, stat) {
    const found = descriptors.get(fd);
    if (found === undefined) return errno.badf;
    const bytes = memory?.subarray(stat, filestat.byteLength);
    if (bytes === undefined) return errno.fault;
    bytes.fill(0);
    memory!.writeUint8(stat + filestat.filetype, filetypeOf(found));
    return errno.success;
  },

  fd_filestat_set_size: () => errno.badf,

  // EINVAL: a time and "now" at once, or no such flag.
  fd_filestat_set_times(_process, _fd, _atim, _mtim, flags) {
    const both = (time: number, now: number): boolean => (flags & time) !== 0 && (flags & now) !== 0;
    if (both(fstflags.atim, fstflags.atim_now) || both(fstflags.mtim, fstflags.mtim_now)) return errno.inval;
    return flags > 15 ? errno.inval : errno.badf;
  },

  // ESPIPE: a stream has no offsets.
  fd_pread: ({ descriptors }, fd) => (descriptors.get(fd)?.kind === "input" ? errno.spipe : errno.badf),
  fd_prestat_get: () => errno.badf,
  // ENOTDIR: open, and no directory.
  fd_prestat_dir_name: notDirectory,
  // ESPIPE: a stream has no offsets.
  fd_pwrite: ({ descriptors }, fd) => (descriptors.get(fd)?.kind === "output" ? errno.spipe : errno.badf),
  fd_read: read,
  // ENOTDIR: open, and no directory.
  fd_readdir: notDirectory,
  fd_renumber: ({ descriptors }, fd, to) => (descriptors.renumber(fd, to) ? errno.success : errno.badf),
  // EINVAL: no such base. ESPIPE: a stream has no offsets.
  fd_seek: (process, fd, _offset, base) => (base > whence.end ? errno.inval : notSeekable(process, fd)),
  fd_sync: () => errno.badf,
  // ESPIPE: a stream has no offsets.
  fd_tell: notSeekable,
  fd_write: write,
};

// EBADF: also where it is open for writing only. EINVAL: the lengths overflow. EAGAIN: it would wait, and has to not wait. EIO: the host's stream
// gave a count that cannot be. Other errors are the stream's.
function read({ descriptors, memory }: Process, fd: number, iovs: number, iovsLen: number, nread: number): Outcome {
  const found = descriptors.get(fd);
  if (found?.kind !== "input") return errno.badf;
  const all = readVectors(memory, iovs, iovsLen);
  if (typeof all === "number") return all;
  if (!memory!.writeUint32(nread, 0)) return errno.fault;
  if (all.length === 0) return errno.success;
  const places = firstOf(all);
  const { stream, flags } = found;
  if ((flags & fdflags.nonblock) !== 0 && wouldWait(found)) return errno.again;
  const buffer = roomFor(memory!, places);
  return outcomeOf(
    () => stream.read(buffer),
    (count) => {
      if (!isCount(count, buffer.length)) return errno.io;
      scatter(memory!, places, buffer, count);
      memory!.writeUint32(nread, count);
      return errno.success;
    },
  );
}

// EBADF: also where it is open for reading only. EINVAL: the lengths overflow. EIO: the host's stream gave a count that cannot be. Other errors
// are the stream's, such as EPIPE.
function write({ descriptors, memory }: Process, fd: number, iovs: number, iovsLen: number, nwritten: number): Outcome {
  const found = descriptors.get(fd);
  if (found?.kind !== "output") return errno.badf;
  const all = readVectors(memory, iovs, iovsLen);
  if (typeof all === "number") return all;
  if (!memory!.writeUint32(nwritten, 0)) return errno.fault;
  if (all.length === 0) return errno.success;
  const places = firstOf(all);
  const bytes = gather(memory!, places);
  const { length } = bytes;
  return outcomeOf(
    () => found.stream.write(bytes),
    (taken) => {
      const count = taken ?? length;
      if (!isCount(count, length)) return errno.io;
      memory!.writeUint32(nwritten, count);
      return errno.success;
    },
  );
}

function isCount(count: number, limit: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= limit;
}

function wouldWait({ stream }: Descriptor & { kind: "input" }): boolean {
  const ready = stream.ready?.() ?? true;
  if (isPromise(ready)) ready.then(undefined, () => {}); // the next read tells of its failure
  return ready !== true;
}

function notSeekable({ descriptors }: Process, fd: number): Errno {
  return descriptors.get(fd) === undefined ? errno.badf : errno.spipe;
}

function filetypeOf({ stream }: Descriptor): Filetype {
  return stream.isTerminal === true ? filetype.character_device : filetype.unknown;
}

function rightsOf({ kind }: Descriptor): bigint {
  const both = rights.fd_fdstat_set_flags | rights.fd_filestat_get | rights.poll_fd_readwrite;
  return both | (kind === "input" ? rights.fd_read : rights.fd_write);
}
