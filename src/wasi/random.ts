// Random bytes (witx: random_get).
import { errno } from "./abi.ts";
import type { Group } from "./function.ts";

/** Bytes that take a few milliseconds. */
const maxPiece = 1 << 20;

export const random: Group<"random"> = {
  // EFAULT: the buffer is not all in memory. EINTR: the time of the guest's call is over.
  random_get({ memory, random, module }, buf, bufLen) {
    const bytes = memory?.subarray(buf, bufLen);
    if (bytes === undefined) return errno.fault;
    for (let at = 0; at < bufLen; at += maxPiece) {
      if (module.timeLeft <= 0) return errno.intr;
      random(bytes.subarray(at, at + maxPiece));
    }
    return errno.success;
  },
};
