// What compiled code calls for instructions of threads (threads proposal: Atomic memory accesses, Wait and Notify operators).
import { atomics, checkAtomic } from "../../instance/atomics.ts";
import { type CompiledCode, takeArguments } from "../../instance/convention.ts";
import { isPromise } from "../../instance/host-call.ts";
import type { MemoryInstance } from "../../instance/memory.ts";
import { suspension } from "../../instance/suspension.ts";
import { readValue } from "../../instance/value.ts";
import { notify, type WaitFunction } from "../../instance/wait.ts";
import { HIGH } from "../../num/integer.ts";

/** What generated code takes from `E` by these names. */
export const atomicSupport: Readonly<Record<string, unknown>> = { atomics, checkAtomic, notify, atomic64, seen };

/** The view of a memory with what another thread grew. */
function seen(memory: MemoryInstance): DataView {
  memory.refresh();
  return memory.view;
}

const words = new Int32Array(4);
const values = new BigInt64Array(words.buffer);

/** An atomic access of 64 bits, by the number of its action: gives the low half of what was there, and leaves the high one. */
function atomic64(action: number, { lanes: { i64 } }: MemoryInstance, address: number, ...operands: number[]): number {
  words.set(operands);
  values[0] = update(action, i64, address / 8, values[0]!, values[1]!);
  HIGH[0] = words[1]!;
  return words[0]!;
}

/** The actions in the order of their opcodes. */
function update(action: number, lane: BigInt64Array, index: number, a: bigint, b: bigint): bigint {
  switch (action) {
    case 0:
      return atomics.load(lane, index);
    case 1:
      return atomics.store(lane, index, a);
    case 2:
      return atomics.add(lane, index, a);
    case 3:
      return atomics.sub(lane, index, a);
    case 4:
      return atomics.and(lane, index, a);
    case 5:
      return atomics.or(lane, index, a);
    case 6:
      return atomics.xor(lane, index, a);
    case 7:
      return atomics.exchange(lane, index, a);
    default:
      return atomics.compareExchange(lane, index, a, b);
  }
}

/** An instruction that waits, as compiled code calls it. */
export function waitCode(f: WaitFunction, asynchronous: boolean): CompiledCode {
  const operands = new Int32Array(2);
  return (...given) => {
    let i = 0;
    const args = f.signature.params.map((type) => {
      i = takeArguments(type, given, i, operands, 0);
      return readValue(type, operands, 0);
    });
    const result = f.wait(args, asynchronous);
    if (isPromise(result)) suspension.begin({ callee: f, promise: result });
    return result;
  };
}
