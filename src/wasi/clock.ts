// Clocks (witx: clock_res_get, clock_time_get).
import type { Clock } from "../api/system.ts";
import { clockid, errno } from "./abi.ts";
import type { Group } from "./function.ts";

// EINVAL: the clock is none, or one of the two that count processor time. EFAULT: the pointer leads out of memory.
export const clock: Group<"clock"> = {
  clock_res_get({ clock, memory }, id, resolution) {
    const value = resolutionOf(clock, id);
    if (value === undefined) return errno.inval;
    return memory?.writeUint64(resolution, value) ? errno.success : errno.fault;
  },

  clock_time_get({ clock, memory }, id, _precision, timestamp) {
    const now = timeOf(clock, id);
    if (now === undefined) return errno.inval;
    return memory?.writeUint64(timestamp, BigInt.asUintN(64, now)) ? errno.success : errno.fault;
  },
};

/** The time of a clock, or undefined where there is no such clock. */
export function timeOf(clock: Clock, id: number): bigint | undefined {
  if (id === clockid.realtime) return clock.wallTime();
  return id === clockid.monotonic ? clock.monotonicTime() : undefined;
}

function resolutionOf(clock: Clock, id: number): bigint | undefined {
  if (id === clockid.realtime) return clock.wallResolution ?? 1000n;
  return id === clockid.monotonic ? (clock.monotonicResolution ?? 1n) : undefined;
}
