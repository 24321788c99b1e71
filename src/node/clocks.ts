// The host's clocks and its ways to wait (WASI preview1: clock_time_get, poll_oneoff).
import type { Clock, Nanosleep, Sleep } from "../api/system.ts";

/** Time, and the way to wait for it. */
export interface Clocks {
  readonly clock: Clock;
  readonly nanosleep: Nanosleep;
}

const nanosPerMilli = 1_000_000n;
const maxTimeout = 2 ** 31 - 1; // milliseconds that setTimeout can wait

class SystemClock implements Clock {
  readonly wallResolution: bigint = 1000n;
  readonly monotonicResolution: bigint = 1n;
  // A moment on both clocks: Node shows the wall clock in milliseconds only.
  #wall = 0n;
  #monotonic = 0n;

  wallTime(): bigint {
    const now = BigInt(Date.now()) * nanosPerMilli;
    const monotonic = this.monotonicTime();
    const found = this.#wall + monotonic - this.#monotonic;
    // Within the millisecond that Node shows, or just before it; else the clock was set.
    if (found > now - nanosPerMilli && found < now + nanosPerMilli) return found;
    this.#wall = now;
    this.#monotonic = monotonic;
    return now;
  }

  monotonicTime(): bigint {
    return process.hrtime.bigint();
  }
}

const clock = new SystemClock();
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

const nanosleep = (nanoseconds: bigint): void => {
  const end = clock.monotonicTime() + nanoseconds;
  for (let left = nanoseconds; left > 0n; left = end - clock.monotonicTime()) {
    Atomics.wait(nobodyWakes, 0, 0, Number(left) / 1e6);
  }
};

const nanosleepAsync: Nanosleep = (nanoseconds) => {
  // A timer would make a short sleep a long one.
  return nanoseconds < 2n * nanosPerMilli ? nanosleep(nanoseconds) : timeout(nanoseconds);
};

function timeout(nanoseconds: bigint): Sleep {
  const end = clock.monotonicTime() + nanoseconds;
  let timer: NodeJS.Timeout | undefined;
  const wait = async (): Promise<void> => {
    for (let left = nanoseconds; left > nanosPerMilli; left = end - clock.monotonicTime()) {
      const millis = left / nanosPerMilli;
      await new Promise((resolve) => {
        timer = setTimeout(resolve, millis > maxTimeout ? maxTimeout : Number(millis));
      });
    }
    nanosleep(end - clock.monotonicTime());
  };
  return Object.assign(wait(), { cancel: () => clearTimeout(timer) });
}

/** The host's clocks; a sleep blocks. To spread into a `ModuleConfig`. */
export const clocks: Clocks = { clock, nanosleep };

/** As `clocks`; a sleep suspends a guest called by `callAsync`, and the event loop goes on. */
export const clocksAsync: Clocks = { clock, nanosleep: nanosleepAsync };
