// Bytes from and to streams and files (witx: fd_read, fd_write, fd_pread, fd_pwrite, fd_seek, fd_tell). Errnos: see fd.ts.

import type { InputStream } from "../api/system.ts";
import { isPromise } from "../fs/eventual.ts";
import { type Errno, errno, fdflags, whence } from "./abi.ts";
import { receive, send } from "./connection.ts";
import { type Descriptor, type FileDescriptor, isSocket } from "./descriptors.ts";
import type { Outcome } from "./function.ts";
import { letGo } from "./poll.ts";
import type { Process } from "./process.ts";
import { inSteps, settled } from "./steps.ts";
import { type Buffers, isCount, isLate, placesOf, readInto, writeFrom } from "./transfer.ts";
import { gather } from "./vectors.ts";

export function read(process: Process, fd: number, iovs: number, iovsLen: number, result: number): Outcome {
  const found = process.descriptors.get(fd);
  const buffers = { iovs, iovsLen, result };
  if (found?.kind === "connection") return receive(process, found, buffers, 0);
  if (found?.kind === "listener") return errno.notconn;
  if (found?.kind === "file") {
    if (!found.readable) return errno.badf;
    return readInto(process, buffers, (buffer) => found.file.read(buffer, found.position), {
      moved: (count) => {
        found.position += count;
      },
    });
  }
  if (found?.kind !== "input") return errno.badf;
  const { stream, flags } = found;
  return readInto(process, buffers, (buffer) => stream.read(buffer), {
    refuses: () => (flags & fdflags.nonblock) !== 0 && isLateInput(stream),
  });
}

function isLateInput(stream: InputStream): boolean {
  const ready = stream.ready?.() ?? true;
  if (isPromise(ready)) letGo({ promise: ready, stream });
  return isLate(ready);
}

export function write(process: Process, fd: number, iovs: number, iovsLen: number, result: number): Outcome {
  const found = process.descriptors.get(fd);
  const buffers = { iovs, iovsLen, result };
  if (found?.kind === "connection") return send(process, found, buffers);
  if (found?.kind === "listener") return errno.notconn;
  if (found?.kind === "file") {
    const append = (found.flags & fdflags.append) !== 0;
    return writeFile(process, found, buffers, append ? "end" : found.position, true);
  }
  if (found?.kind !== "output") return errno.badf;
  return writeFrom(process, buffers, (bytes) => found.stream.write(bytes));
}

export function pread(
  process: Process,
  fd: number,
  iovs: number,
  iovsLen: number,
  offset: bigint,
  result: number,
): Outcome {
  const found = process.descriptors.get(fd);
  if (found?.kind === "input" || isSocket(found)) return errno.spipe;
  if (found?.kind !== "file" || !found.readable) return errno.badf;
  if (offset > Number.MAX_SAFE_INTEGER) return errno.inval;
  return readInto(process, { iovs, iovsLen, result }, (buffer) => found.file.read(buffer, Number(offset)));
}

export function pwrite(
  process: Process,
  fd: number,
  iovs: number,
  iovsLen: number,
  offset: bigint,
  result: number,
): Outcome {
  const found = process.descriptors.get(fd);
  if (found?.kind === "output" || isSocket(found)) return errno.spipe;
  if (found?.kind !== "file") return errno.badf;
  if (offset > Number.MAX_SAFE_INTEGER) return errno.inval;
  return writeFile(process, found, { iovs, iovsLen, result }, Number(offset), false);
}

export function seek(process: Process, fd: number, offset: bigint, base: number, result: number): Outcome {
  const { descriptors, memory } = process;
  const found = descriptors.get(fd);
  if (base > whence.end) return errno.inval;
  if (found?.kind !== "file") return notSeekable(found);
  return inSteps(process, function* () {
    if (memory?.subarray(result, 8) === undefined) return errno.fault;
    const size = base === whence.end ? (yield* settled(found.file.stat())).size : 0;
    const from = base === whence.cur ? found.position : size;
    const position = BigInt(from) + offset;
    if (position < 0n || position > Number.MAX_SAFE_INTEGER) return errno.inval;
    found.position = Number(position);
    memory.writeUint64(result, position);
    return errno.success;
  });
}

export function tell({ descriptors, memory }: Process, fd: number, result: number): Outcome {
  const found = descriptors.get(fd);
  if (found?.kind !== "file") return notSeekable(found);
  return memory?.writeUint64(result, BigInt(found.position)) ? errno.success : errno.fault;
}

function notSeekable(found: Descriptor | undefined): Errno {
  return found === undefined || found.kind === "directory" ? errno.badf : errno.spipe;
}

// A position that moves ends behind what was written, wherever that went.
function writeFile(
  process: Process,
  found: FileDescriptor,
  buffers: Buffers,
  position: number | "end",
  moves: boolean,
): Outcome {
  const { file, writable, flags } = found;
  if (!writable) return errno.badf;
  if (file.write === undefined) return errno.rofs;
  const places = placesOf(process.memory, buffers);
  if (typeof places === "number") return places;
  if (places.length === 0) return errno.success;
  const memory = process.memory!;
  return inSteps(process, function* () {
    const bytes = gather(memory, places);
    const { length } = bytes;
    const count = yield* settled(file.write!(bytes, position));
    if (!isCount(count, length)) return errno.io;
    if ((flags & (fdflags.sync | fdflags.dsync)) !== 0) yield* settled(file.sync?.());
    if (moves) found.position = position === "end" ? (yield* settled(file.stat())).size : position + count;
    memory.writeUint32(buffers.result, count);
    return errno.success;
  });
}
