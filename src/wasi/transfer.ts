// Takes buffers of a guest, moves bytes between them and what a host gave (witx: iovec, ciovec). Errnos: see fd.ts.
import type { Eventual } from "../api/file-system.ts";
import type { Memory } from "../api/memory.ts";
import { isPromise } from "../fs/eventual.ts";
import { type Errno, errno } from "./abi.ts";
import { type Outcome, outcomeOf } from "./function.ts";
import type { Process } from "./process.ts";
import { firstOf, gather, type Place, readVectors, roomFor, scatter } from "./vectors.ts";

/** The arguments that tell of buffers, and of where the count goes. */
export interface Buffers {
  readonly iovs: number;
  readonly iovsLen: number;
  readonly result: number;
}

/** What else there is to a read. */
interface Reading {
  /** Whether it would have to wait, and must not. */
  readonly refuses?: () => boolean;
  /** Hears how much was read. */
  readonly moved?: (count: number) => void;
}

/** Reads into the guest's buffers what `start` reads into one. */
export function readInto(
  { memory }: Process,
  { iovs, iovsLen, result }: Buffers,
  start: (buffer: Uint8Array) => Eventual<number>,
  { refuses, moved }: Reading = {},
): Outcome {
  const places = placesOf(memory, { iovs, iovsLen, result });
  if (typeof places === "number") return places;
  if (places.length === 0) return errno.success;
  const buffer = roomFor(memory!, places);
  return outcomeOf(
    () => (refuses?.() === true ? null : start(buffer)),
    (count) => {
      if (count === null) return errno.again;
      if (!isCount(count, buffer.length)) return errno.io;
      scatter(memory!, places, buffer, count);
      memory!.writeUint32(result, count);
      moved?.(count);
      return errno.success;
    },
  );
}

/** Writes from the guest's buffers; `refuses` as above. */
export function writeFrom(
  { memory }: Process,
  buffers: Buffers,
  start: (bytes: Uint8Array) => Eventual<number | void>,
  refuses: () => boolean = () => false,
): Outcome {
  const places = placesOf(memory, buffers);
  if (typeof places === "number") return places;
  if (places.length === 0) return errno.success;
  const bytes = gather(memory!, places);
  const { length } = bytes;
  return outcomeOf(
    () => (refuses() ? null : start(bytes)),
    (taken) => {
      if (taken === null) return errno.again;
      const count = taken ?? length;
      if (!isCount(count, length)) return errno.io;
      memory!.writeUint32(buffers.result, count);
      return errno.success;
    },
  );
}

/** The buffers that are handled in one call. EFAULT, EINVAL: see `readVectors`. */
export function placesOf(memory: Memory | undefined, { iovs, iovsLen, result }: Buffers): readonly Place[] | Errno {
  const all = readVectors(memory, iovs, iovsLen);
  if (typeof all === "number") return all;
  return memory!.writeUint32(result, 0) ? firstOf(all) : errno.fault;
}

/** Whether a host's stream gave a count that can be. */
export function isCount(count: number, limit: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= limit;
}

/** Whether something is not ready, or says so later. */
export function isLate(ready: boolean | PromiseLike<boolean>): boolean {
  if (isPromise(ready)) ready.then(undefined, () => {}); // the next read tells of its failure
  return ready !== true;
}
