// The atomic operations on integers of a memory: the host's Atomics, or the same without it where nothing can be shared (threads proposal).
import type { MemoryInstance } from "./memory.ts";
import { TrapCode, trap } from "./trap.ts";

type Integers = Uint8Array | Uint16Array | Int32Array;
type Operation = "load" | "store" | "add" | "sub" | "and" | "or" | "xor" | "exchange" | "compareExchange";

/** The part of the host's Atomics that guests need. */
export type AtomicOperations = Pick<typeof Atomics, Operation>;

/** For one thread: reads and writes in sequence. */
export const plainAtomics: AtomicOperations = makePlain() as unknown as AtomicOperations;

export const atomics: AtomicOperations = typeof Atomics === "undefined" ? plainAtomics : Atomics;

// Numbers stand for bigints too: both have the same operators, and a view converts what is stored in it.
function makePlain(): { readonly [K in Operation]: (view: Integers, index: number, a: number, b: number) => number } {
  const update =
    (next: (old: number, value: number) => number) =>
    (view: Integers, index: number, value: number): number => {
      const old = view[index]!;
      view[index] = next(old, value);
      return old;
    };
  return {
    load: (view, index) => view[index]!,
    store: (view, index, value) => (view[index] = value),
    add: update((old, value) => old + value),
    sub: update((old, value) => old - value),
    and: update((old, value) => old & value),
    or: update((old, value) => old | value),
    xor: update((old, value) => old ^ value),
    exchange: update((_, value) => value),
    compareExchange: (view, index, expected, value) => {
      const old = view[index]!;
      view[index] = expected;
      view[index] = view[index] === old ? value : old;
      return old;
    },
  };
}

/**
 * Holds an address to what atomic accesses of `size` bytes ask for: to be a multiple of that, which its low word tells, and in range.
 */
export function checkAtomic(memory: MemoryInstance, address: number, low: number, size: number): void {
  if ((low & (size - 1)) !== 0) trap(TrapCode.UnalignedAtomic);
  if (!memory.has(address, size)) trap(TrapCode.MemoryBounds);
}
