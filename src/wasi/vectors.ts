// Takes lists of buffers in a guest's memory, gives one buffer to read into or to write from (witx: iovec, ciovec).
import type { Memory } from "../api/memory.ts";
import { type Errno, errno, iovec } from "./abi.ts";

/** Buffers looked at in one call: the limit that POSIX knows as IOV_MAX. What comes after waits for the next call. */
const maxBuffers = 1024;
/** Bytes copied in one call; a single buffer is not copied and may be longer. */
const maxCopied = 1 << 20;
const maxTotal = 0x7fff_ffff; // of a signed size

/** A place in memory: live views go stale where a guest waits and its memory grows. */
export interface Place {
  readonly address: number;
  readonly length: number;
}

/** The buffers of `count` iovecs at `address` that are not empty. EFAULT outside of memory, EINVAL where the lengths overflow. */
export function readVectors(memory: Memory | undefined, address: number, count: number): readonly Place[] | Errno {
  if (memory?.subarray(address, count * iovec.byteLength) === undefined) return errno.fault;
  const places: Place[] = [];
  let total = 0;
  for (let i = 0, at = address; i < count && i < maxBuffers; i++, at += iovec.byteLength) {
    const place = { address: memory.readUint32(at + iovec.buf)!, length: memory.readUint32(at + iovec.buf_len)! };
    if (memory.subarray(place.address, place.length) === undefined) return errno.fault;
    total += place.length;
    if (place.length > 0) places.push(place);
  }
  return total > maxTotal ? errno.inval : places;
}

/** The first buffers, as many as are handled in one call. */
export function firstOf(places: readonly Place[]): readonly Place[] {
  let length = 0;
  const end = places.findIndex((place) => (length += place.length) > maxCopied);
  return end < 0 ? places : places.slice(0, Math.max(end, 1));
}

/** The bytes of all places in a row: a live view where there is one place. */
export function gather(memory: Memory, places: readonly Place[]): Uint8Array {
  if (places.length === 1) return memory.subarray(places[0].address, places[0].length)!;
  const bytes = new Uint8Array(totalOf(places));
  let at = 0;
  for (const { address, length } of places) {
    bytes.set(memory.subarray(address, length)!, at);
    at += length;
  }
  return bytes;
}

/** A buffer for all places: a live view where there is one. */
export function roomFor(memory: Memory, places: readonly Place[]): Uint8Array {
  return places.length === 1 ? memory.subarray(places[0].address, places[0].length)! : new Uint8Array(totalOf(places));
}

/** Writes the first `count` bytes of a buffer to the places, unless it is what they show. */
export function scatter(memory: Memory, places: readonly Place[], buffer: Uint8Array, count: number): void {
  let at = 0;
  for (const { address, length } of places) {
    const target = memory.subarray(address, length)!;
    const part = buffer.subarray(at, Math.min(at + length, count));
    if (target.buffer !== part.buffer) target.set(part);
    at += length;
    if (at >= count) return;
  }
}

function totalOf(places: readonly Place[]): number {
  return places.reduce((total, { length }) => total + length, 0);
}
