// Bytes from and to streams and files (witx: fd_read, fd_write, fd_pread, fd_pwrite, fd_seek, fd_tell). Errnos: see fd.ts.
import type { Eventual } from "../api/file-system.ts";
import type { Memory } from "../api/memory.ts";
import { type Errno, errno, fdflags, whence } from "./abi.ts";
import type { Descriptor, FileDescriptor } from "./descriptors.ts";
import { isPromise, type Outcome, outcomeOf } from "./function.ts";
import type { Process } from "./process.ts";
import { inSteps, settled } from "./steps.ts";
import { firstOf, gather, type Place, readVectors, roomFor, scatter } from "./vectors.ts";

/** The arguments that tell of buffers, and of where the count goes. */
interface Buffers {
  readonly iovs: number;
  readonly iovsLen: number;
  readonly result: number;
}

export function read(process: Process, fd: number, iovs: number, iovsLen: number, result: number): Outcome {
  const found = process.descriptors.get(fd);
  if (found?.kind === "file") {
    if (!found.readable) return errno.badf;
    return readInto(process, { iovs, iovsLen, result }, (buffer) => found.file.read(buffer, found.position), found);
  }
  if (found?.kind !== "input") return errno.badf;
  const start = (buffer: Uint8Array): Eventual<number> => found.stream.read(buffer);
  const mustNotWait = (found.flags & fdflags.nonblock) !== 0;
  return readInto(process, { iovs, iovsLen, result }, start, undefined, () => mustNotWait && wouldWait(found));
}

export function write(process: Process, fd: number, iovs: number, iovsLen: number, result: number): Outcome {
  const found = process.descriptors.get(fd);
  if (found?.kind === "file") {
    const append = (found.flags & fdflags.append) !== 0;
    return writeFile(process, found, { iovs, iovsLen, result }, append ? "end" : found.position, true);
  }
  if (found?.kind !== "output") return errno.badf;
  return writeFrom(process, { iovs, iovsLen, result }, (bytes) => found.stream.write(bytes));
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
  if (found?.kind === "input") return errno.spipe;
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
  if (found?.kind === "output") return errno.spipe;
  if (found?.kind !== "file") return errno.badf;
  if (offset > Number.MAX_SAFE_INTEGER) return errno.inval;
  return writeFile(process, found, { iovs, iovsLen, result }, Number(offset), false);
}

export function seek(
  { descriptors, memory }: Process,
  fd: number,
  offset: bigint,
  base: number,
  result: number,
): Outcome {
  const found = descriptors.get(fd);
  if (base > whence.end) return errno.inval;
  if (found?.kind !== "file") return notSeekable(found);
  return inSteps(function* () {
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

function readInto(
  { memory }: Process,
  { iovs, iovsLen, result }: Buffers,
  start: (buffer: Uint8Array) => Eventual<number>,
  moves?: FileDescriptor,
  refuses: () => boolean = () => false,
): Outcome {
  const places = placesOf(memory, { iovs, iovsLen, result });
  if (typeof places === "number") return places;
  if (places.length === 0) return errno.success;
  if (refuses()) return errno.again;
  const buffer = roomFor(memory!, places);
  return outcomeOf(
    () => start(buffer),
    (count) => {
      if (!isCount(count, buffer.length)) return errno.io;
      scatter(memory!, places, buffer, count);
      memory!.writeUint32(result, count);
      if (moves !== undefined) moves.position += count;
      return errno.success;
    },
  );
}

function writeFrom(
  { memory }: Process,
  buffers: Buffers,
  start: (bytes: Uint8Array) => Eventual<number | void>,
): Outcome {
  const places = placesOf(memory, buffers);
  if (typeof places === "number") return places;
  if (places.length === 0) return errno.success;
  const bytes = gather(memory!, places);
  const { length } = bytes;
  return outcomeOf(
    () => start(bytes),
    (taken) => {
      const count = taken ?? length;
      if (!isCount(count, length)) return errno.io;
      memory!.writeUint32(buffers.result, count);
      return errno.success;
    },
  );
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
  return inSteps(function* () {
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

/** The buffers that are handled in one call. EFAULT, EINVAL: see `readVectors`. */
function placesOf(memory: Memory | undefined, { iovs, iovsLen, result }: Buffers): readonly Place[] | Errno {
  const all = readVectors(memory, iovs, iovsLen);
  if (typeof all === "number") return all;
  return memory!.writeUint32(result, 0) ? firstOf(all) : errno.fault;
}

function isCount(count: number, limit: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= limit;
}

function wouldWait({ stream }: Descriptor & { kind: "input" }): boolean {
  const ready = stream.ready?.() ?? true;
  if (isPromise(ready)) ready.then(undefined, () => {}); // the next read tells of its failure
  return ready !== true;
}
