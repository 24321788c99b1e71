// Takes a number of bytes, gives a signal for guests that is aborted when what the process keeps is more (specification: A.3.3 Execution).
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What is given as the `signal` of a module: looked at while its guest computes. */
export interface HeapLimit {
  readonly aborted: boolean;
  readonly reason: RangeError;
}

/**
 * A signal that is aborted while this thread's heap, with the buffers beside it, holds more than `maxBytes` that are in use. It is the one limit on
 * the structures and arrays of guests in sum; what the host itself keeps is counted, too.
 * @throws RangeError where `maxBytes` is no number above 0.
 */
export function heapLimit(maxBytes: number): HeapLimit {
  if (!(maxBytes > 0)) throw new RangeError(`the heap's limit is a number of bytes, got ${maxBytes}`);
  return new Limit(maxBytes);
}

class Limit implements HeapLimit {
  readonly #maxBytes: number;
  /** From here on there may be more in use than garbage. */
  #collectAt: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#collectAt = maxBytes;
  }

  get aborted(): boolean {
    if (heapBytes() <= this.#collectAt) return false;
    collectGarbage();
    const left = heapBytes();
    if (left > this.#maxBytes) return true;
    // A guest near its limit does not collect at each look.
    this.#collectAt = Math.max(this.#maxBytes, left + this.#maxBytes / 4);
    return false;
  }

  get reason(): RangeError {
    return new RangeError(`more than ${this.#maxBytes} bytes of heap are in use`);
  }
}

function heapBytes(): number {
  const { used_heap_size: objects, external_memory: buffers } = getHeapStatistics();
  return objects + buffers;
}

let collect: (() => void) | undefined;

function collectGarbage(): void {
  collect ??= collector();
  // Buffers are freed behind the first one's back; the second waits for that.
  collect();
  collect();
}

/** V8's own way, which it shows to contexts that are made while a flag is set. Where there is none, garbage counts as in use. */
function collector(): () => void {
  try {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    setFlagsFromString("--no-expose-gc");
    return gc;
  } catch {
    return () => {};
  }
}
