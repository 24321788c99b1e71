// Descriptors (witx: fd_*). What is for files answers EBADF elsewhere, as wasmtime does.
import type { FileNode } from "../api/file-system.ts";
import { advice, type Errno, errno, fdflags, fdstat, filetype, preopentype, prestat, rights } from "./abi.ts";
import { type Descriptor, type FileDescriptor, isSocket } from "./descriptors.ts";
import { directoryEntries } from "./directory-entries.ts";
import { filetypeOf, writeFilestat } from "./filestat.ts";
import type { Group, Outcome } from "./function.ts";
import { notDirectory } from "./path-arguments.ts";
import type { Process } from "./process.ts";
import { pread, pwrite, read, seek, tell, write } from "./read-write.ts";
import { inSteps, type Steps, settled } from "./steps.ts";
import { timesOf } from "./times.ts";

const changeable = fdflags.append | fdflags.nonblock;

// All: EBADF where the descriptor is not open, EFAULT where a pointer leads out of memory.
export const fd: Group<"fd"> = {
  // EINVAL: no such advice. EBADF: also where it is no file. Advice changes nothing here.
  fd_advise: (process, fd, _offset, _len, given) =>
    given > advice.noreuse ? errno.inval : process.descriptors.get(fd)?.kind === "file" ? errno.success : errno.badf,

  // EBADF: also where it is no file, or not open for writing. EINVAL: no length. EFBIG: too far. EROFS, ENOSPC.
  fd_allocate: (process, fd, offset, len) =>
    onFile(process, fd, function* ({ file, writable }) {
      if (!writable) return errno.badf;
      if (len === 0n) return errno.inval;
      const end = offset + len;
      if (end > Number.MAX_SAFE_INTEGER) return errno.fbig;
      if (file.setSize === undefined) return errno.rofs;
      if ((yield* settled(file.stat())).size < Number(end)) yield* settled(file.setSize(Number(end)));
      return errno.success;
    }),

  fd_close: ({ descriptors }, fd) => (descriptors.close(fd) ? errno.success : errno.badf),
  // EBADF: also for a standard stream.
  fd_datasync: sync,

  fd_fdstat_get: (process, fd, stat) =>
    inSteps(process, function* () {
      const { descriptors, memory } = process;
      const found = descriptors.get(fd);
      if (found === undefined) return errno.badf;
      const type = yield* typeOf(found);
      const bytes = memory?.subarray(stat, fdstat.byteLength);
      if (bytes === undefined) return errno.fault;
      bytes.fill(0);
      const { base, inheriting } = rightsOf(found);
      memory!.writeUint8(stat + fdstat.fs_filetype, type);
      memory!.writeUint16(stat + fdstat.fs_flags, found.flags);
      memory!.writeUint64(stat + fdstat.fs_rights_base, base);
      memory!.writeUint64(stat + fdstat.fs_rights_inheriting, inheriting);
      return errno.success;
    }),

  // EINVAL: a flag that cannot be changed, or is none. EBADF: also for a directory.
  fd_fdstat_set_flags({ descriptors }, fd, flags) {
    if ((flags & ~changeable) !== 0) return errno.inval;
    const found = descriptors.get(fd);
    if (found === undefined || found.kind === "directory") return errno.badf;
    found.flags = (found.flags & ~changeable) | flags;
    return errno.success;
  },

  // ENOTSUP: rights were given up by WASI; they do not change.
  fd_fdstat_set_rights: ({ descriptors }, fd) => (descriptors.get(fd) === undefined ? errno.badf : errno.notsup),

  fd_filestat_get: (process, fd, result) =>
    inSteps(process, function* () {
      const found = process.descriptors.get(fd);
      if (found === undefined) return errno.badf;
      if (found.kind === "file") return writeFilestat(process, result, found.dev, yield* settled(found.file.stat()));
      if (found.kind === "directory") {
        const { directory, dev } = found.held;
        return writeFilestat(process, result, dev, yield* settled(directory.stat()));
      }
      const type = isSocket(found)
        ? "stream-socket"
        : found.stream.isTerminal === true
          ? "character-device"
          : "unknown";
      return writeFilestat(process, result, 0n, { type, size: 0, ino: 0n, nlink: 0n });
    }),

  // EBADF: also where it is no file. EINVAL: it is not open for writing. EFBIG: too large. EROFS, ENOSPC.
  fd_filestat_set_size: (process, fd, size) =>
    onFile(process, fd, function* ({ file, writable }) {
      if (!writable) return errno.inval;
      if (size > Number.MAX_SAFE_INTEGER) return errno.fbig;
      if (file.setSize === undefined) return errno.rofs;
      yield* settled(file.setSize(Number(size)));
      return errno.success;
    }),

  // EBADF: also for a standard stream. EINVAL: a time and "now" at once, or no such flag. EROFS.
  fd_filestat_set_times: (process, fd, atim, mtim, flags) =>
    inSteps(process, function* () {
      const times = timesOf(process, atim, mtim, flags);
      const node = nodeOf(process, fd);
      if (node === undefined) return errno.badf;
      if (node.setTimes === undefined) return errno.rofs;
      yield* settled(node.setTimes(times));
      return errno.success;
    }),

  // EBADF: also where it is not open for reading, or a directory. ESPIPE: a stream or socket has no offsets. EINVAL: the lengths overflow, or the offset.
  fd_pread: pread,

  // EBADF: also where the guest did not get it from the start.
  fd_prestat_get({ descriptors, memory }, fd, result) {
    const found = descriptors.get(fd);
    if (found?.kind !== "directory" || found.preopen === undefined) return errno.badf;
    const bytes = memory?.subarray(result, prestat.byteLength);
    if (bytes === undefined) return errno.fault;
    bytes.fill(0);
    memory!.writeUint8(result + prestat.tag, preopentype.dir);
    memory!.writeUint32(result + prestat.pr_name_len, found.preopen.length);
    return errno.success;
  },

  // EBADF: also where the guest did not get it from the start. ENOTDIR: it is no directory. ENAMETOOLONG: the buffer is too short.
  fd_prestat_dir_name(process, fd, path, pathLen) {
    const found = process.descriptors.get(fd);
    if (found?.kind !== "directory") return notDirectory(process, fd);
    if (found.preopen === undefined) return errno.badf;
    if (pathLen < found.preopen.length) return errno.nametoolong;
    return process.memory?.write(path, found.preopen) ? errno.success : errno.fault;
  },

  // As fd_pread. EFBIG: the file system cannot hold it. EROFS, ENOSPC.
  fd_pwrite: pwrite,
  // EBADF: also where it is not open for reading. ENOTCONN: a socket that listens. EINVAL: the lengths overflow. EAGAIN: it would wait, and has to
  // not wait. EIO: the host's stream gave a count that cannot be. Other errors are the stream's.
  fd_read: read,
  // ENOTDIR: open, and no directory.
  fd_readdir: (process, fd, buf, bufLen, cookie, bufused) =>
    inSteps(process, () => directoryEntries(process, fd, { buf, bufLen, cookie, bufused })),
  // EBADF: also where the target is not open.
  fd_renumber: ({ descriptors }, fd, to) => (descriptors.renumber(fd, to) ? errno.success : errno.badf),
  // EINVAL: no such base, or before the start. ESPIPE: a stream has no offsets. EBADF: also for a directory.
  fd_seek: seek,
  // EBADF: also for a standard stream.
  fd_sync: sync,
  // ESPIPE: a stream has no offsets. EBADF: also for a directory.
  fd_tell: tell,
  // EBADF: also where it is not open for writing. ENOTCONN, EINVAL, EAGAIN: as fd_read. EIO: the host's stream gave a count that cannot be. Other errors
  // are the stream's, such as EPIPE, and the file system's: EROFS, ENOSPC, EFBIG.
  fd_write: write,
};

function onFile(process: Process, fd: number, use: (found: FileDescriptor) => Steps<Errno>): Outcome {
  const found = process.descriptors.get(fd);
  return found?.kind === "file" ? inSteps(process, () => use(found)) : errno.badf;
}

function sync(process: Process, fd: number): Outcome {
  return inSteps(process, function* () {
    const node = nodeOf(process, fd);
    if (node === undefined) return errno.badf;
    yield* settled(node.sync?.());
    return errno.success;
  });
}

function nodeOf({ descriptors }: Process, fd: number): FileNode | undefined {
  const found = descriptors.get(fd);
  if (found?.kind === "file") return found.file;
  return found?.kind === "directory" ? found.held.directory : undefined;
}

function* typeOf(found: Descriptor): Steps<number> {
  if (found.kind === "directory") return filetype.directory;
  if (found.kind === "file") return filetypeOf((yield* settled(found.file.stat())).type);
  if (isSocket(found)) return filetype.socket_stream;
  return found.stream.isTerminal === true ? filetype.character_device : filetype.unknown;
}

const ofDirectories =
  rights.path_create_directory |
  rights.path_create_file |
  rights.path_link_source |
  rights.path_link_target |
  rights.path_open |
  rights.fd_readdir |
  rights.path_readlink |
  rights.path_rename_source |
  rights.path_rename_target |
  rights.path_symlink |
  rights.path_remove_directory |
  rights.path_unlink_file |
  rights.path_filestat_get |
  rights.path_filestat_set_times |
  rights.fd_filestat_get |
  rights.fd_filestat_set_times;
const ofFiles =
  rights.fd_datasync |
  rights.fd_read |
  rights.fd_seek |
  rights.fd_fdstat_set_flags |
  rights.fd_sync |
  rights.fd_tell |
  rights.fd_write |
  rights.fd_advise |
  rights.fd_allocate |
  rights.fd_filestat_get |
  rights.fd_filestat_set_size |
  rights.fd_filestat_set_times |
  rights.poll_fd_readwrite;
const ofStreams = rights.fd_fdstat_set_flags | rights.fd_filestat_get | rights.poll_fd_readwrite;
const ofConnections = ofStreams | rights.fd_read | rights.fd_write | rights.sock_shutdown;

function rightsOf(found: Descriptor): { readonly base: bigint; readonly inheriting: bigint } {
  if (found.kind === "directory") return { base: ofDirectories, inheriting: ofDirectories | ofFiles };
  if (found.kind === "listener") return { base: ofStreams | rights.sock_accept, inheriting: ofConnections };
  if (found.kind === "connection") return { base: ofConnections, inheriting: ofConnections };
  let base = ofStreams | (found.kind === "input" ? rights.fd_read : rights.fd_write);
  if (found.kind === "file") {
    base = ofFiles;
    if (!found.readable) base &= ~rights.fd_read;
    if (!found.writable) base &= ~rights.fd_write;
  }
  return { base, inheriting: base };
}
