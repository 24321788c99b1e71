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
export const atomicSupport: Readonly<Record<string, unknown>> = { atomics, checkAtomic, notify, atomic64 };

const words = new Int32Array(4);
const values = new BigInt64Array(words.buffer);

/** An operation of `atomics` on 64 bits. */
type Update = (lane: BigInt64Array, index: number, a: bigint, b: bigint) => bigint;

/** An atomic access of 64 bits by an operation: gives the low half of what was there, and leaves the high one. */
function atomic64(update: Update, { lanes: { i64 } }: MemoryInstance, address: number, ...operands: number[]): number {
  words.set(operands);
  values[0] = update(i64, address / 8, values[0]!, values[1]!);
  HIGH[0] = words[1]!;
  return words[0]!;
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
