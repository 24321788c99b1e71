// Bytes from and to an accepted connection (witx: fd_read, fd_write, sock_recv, sock_send). Errnos: see sock.ts.
import { fail } from "../fs/error.ts";
import { errno, fdflags, riflags, sdflags } from "./abi.ts";
import type { ConnectionDescriptor } from "./descriptors.ts";
import type { Outcome } from "./function.ts";
import type { Process } from "./process.ts";
import { inSteps, type Steps, settled } from "./steps.ts";
import { type Buffers, isCount, isLate, placesOf, writeFrom } from "./transfer.ts";
import { roomFor, scatter } from "./vectors.ts";

/** Reads what there is: nothing at the end. Flags are those of sock_recv. */
export function receive(process: Process, found: ConnectionDescriptor, buffers: Buffers, flags: number): Outcome {
  const { memory } = process;
  const places = placesOf(memory, buffers);
  if (typeof places === "number") return places;
  if (places.length === 0) return errno.success;
  return inSteps(process, function* () {
    const buffer = roomFor(memory!, places);
    const count = yield* fill(found, buffer, flags);
    if (count === undefined) return errno.again;
    scatter(memory!, places, buffer, count);
    memory!.writeUint32(buffers.result, count);
    return errno.success;
  });
}

/** Writes as much as the host takes. */
export function send(process: Process, { connection, shut, flags }: ConnectionDescriptor, buffers: Buffers): Outcome {
  if ((shut & sdflags.wr) !== 0) return errno.pipe;
  const refuses = (): boolean => (flags & fdflags.nonblock) !== 0 && isLate(connection.writable?.() ?? true);
  return writeFrom(process, buffers, (bytes) => connection.write(bytes), refuses);
}

/** Whether a read would give something at once, or the end. */
export function isReadable({ connection, ahead, shut }: ConnectionDescriptor): boolean | PromiseLike<boolean> {
  return ahead.length > 0 || (shut & sdflags.rd) !== 0 || (connection.ready?.() ?? true);
}

/** Whether a write would take something at once, or fail. */
export function isWritable({ connection, shut }: ConnectionDescriptor): boolean | PromiseLike<boolean> {
  return (shut & sdflags.wr) !== 0 || (connection.writable?.() ?? true);
}

// Bytes that were looked at before come first. Gives undefined where it would have to wait, and must not.
function* fill(found: ConnectionDescriptor, buffer: Uint8Array, flags: number): Steps<number | undefined> {
  const { connection, ahead } = found;
  const peeks = (flags & riflags.recv_peek) !== 0;
  let count = Math.min(ahead.length, buffer.length);
  buffer.set(ahead.subarray(0, count));
  while (count < buffer.length && (count === 0 || (flags & riflags.recv_waitall) !== 0)) {
    if ((found.shut & sdflags.rd) !== 0) break;
    if ((found.flags & fdflags.nonblock) !== 0 && isLate(connection.ready?.() ?? true)) {
      if (count === 0) return undefined;
      break;
    }
    const part = buffer.subarray(count);
    const got = yield* settled(connection.read(part));
    if (!isCount(got, part.length)) fail("EIO");
    if (got === 0) break;
    count += got;
  }
  if (!peeks) found.ahead = ahead.subarray(count);
  else if (count > ahead.length) found.ahead = buffer.slice(0, count);
  return count;
}
