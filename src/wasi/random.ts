// Random bytes (witx: random_get).
import { errno } from "./abi.ts";
import type { Group } from "./function.ts";

export const random: Group<"random"> = {
  // EFAULT: the buffer is not all in memory.
  random_get({ memory, random }, buf, bufLen) {
    const bytes = memory?.subarray(buf, bufLen);
    if (bytes === undefined) return errno.fault;
    random(bytes);
    return errno.success;
  },
};
