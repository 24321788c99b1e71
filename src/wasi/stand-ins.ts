// What a guest gets where the host gave nothing: the same at each run, so that no guest learns of its host.
import type { Clock, InputStream, OutputStream, Random } from "../api/system.ts";

const millisecond = 1_000_000n;

/** A clock that starts on 2022-01-01 and advances 1 ms after each reading, and as far as a guest sleeps. */
export class SteppingClock implements Clock {
  readonly wallResolution: bigint = millisecond;
  readonly monotonicResolution: bigint = millisecond;
  #wall = 1_640_995_200_000n * millisecond;
  #monotonic = 0n;

  wallTime(): bigint {
    const now = this.#wall;
    this.#wall += millisecond;
    return now;
  }

  monotonicTime(): bigint {
    const now = this.#monotonic;
    this.#monotonic += millisecond;
    return now;
  }

  /** Sleeps without waiting. */
  advance(nanoseconds: bigint): void {
    this.#wall += nanoseconds;
    this.#monotonic += nanoseconds;
  }
}

/** Random bytes by xorshift32 from a fixed seed: not secret, not equal for two draws. */
export function seededRandom(): Random {
  let state = 0x9e3779b9;
  return (bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[i] = state >>> 24;
    }
  };
}

/** A stream that is at its end. */
export const emptyInput: InputStream = { read: () => 0 };

/** A stream that takes everything and keeps nothing. */
export const discardedOutput: OutputStream = { write: () => {} };
