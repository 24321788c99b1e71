// memory.atomic.wait and notify: the host's own where it has them, else a list of the suspended guests of this thread (threads proposal: Wait and
// Notify operators).
import { Trap, UnsupportedError } from "../api/errors.ts";
import type { FunctionDefinition } from "../api/function.ts";
import type { WasmValue } from "../api/value.ts";
import { type WaitSize, waitMemory, waitSize, waitType } from "../syntax/waits.ts";
import { atomics, checkAtomic } from "./atomics.ts";
import { FunctionInstance } from "./function.ts";
import type { MemoryInstance } from "./memory.ts";
import { checkLimit, running, timeLeft } from "./meter.ts";
import type { ModuleInstance } from "./module.ts";
import { TrapCode, trap } from "./trap.ts";

/** Why a wait ended, as the guest is told. */
const enum Woken {
  ByNotify = 0,
  NotEqual = 1,
  TimedOut = 2,
}

type HostResult = "ok" | "not-equal" | "timed-out";

/** ECMAScript 2024; given apart, as hosts of 2022 may have it or not. */
interface WaitAsync {
  waitAsync?: (
    view: Int32Array | BigInt64Array,
    index: number,
    value: number | bigint,
    milliseconds: number,
  ) => { value: HostResult | Promise<HostResult> };
}

const results: Readonly<Record<HostResult, Woken>> = {
  ok: Woken.ByNotify,
  "not-equal": Woken.NotEqual,
  "timed-out": Woken.TimedOut,
};

/** An instruction that waits, as a function: a call is where engines can suspend a guest. */
export class WaitFunction extends FunctionInstance {
  readonly #caller: ModuleInstance;
  readonly #memory: MemoryInstance;
  readonly #size: WaitSize;

  constructor(caller: ModuleInstance, index: number) {
    const size = waitSize(index);
    super(waitType(size).id, null, index, null);
    this.#caller = caller;
    this.#memory = caller.memories[waitMemory(index)]!;
    this.#size = size;
  }

  override get definition(): FunctionDefinition {
    const name = `memory.atomic.wait${8 * this.#size}`;
    return { name, index: this.index, params: [], results: ["i32"], exportNames: [], import: undefined };
  }

  /** Waits, by a promise if the guest can be suspended. */
  wait(args: readonly WasmValue[], canSuspend: boolean): Woken | Promise<Woken> {
    const memory = this.#memory;
    const [base, expected, timeout, offset] = args as [bigint, number | bigint, bigint, bigint];
    const address = BigInt.asUintN(64, base) + BigInt.asUintN(64, offset);
    const at = Number(address);
    checkAtomic(memory, at, Number(address & 7n), this.#size);
    if (!memory.type.shared) trap(TrapCode.ExpectedShared);
    const view = this.#size === 4 ? memory.lanes.i32 : memory.lanes.i64;
    const index = at / this.#size;
    // Known without waiting, so that it is told where a host does not allow to wait too.
    if (valueAt(view, index) !== expected) return Woken.NotEqual;
    if (timeout === 0n) return Woken.TimedOut;
    const milliseconds = timeout < 0n ? Number.POSITIVE_INFINITY : Number(timeout) / 1e6;
    if (!canSuspend) return block(memory, view, index, expected, milliseconds);
    const { waitAsync } = Atomics as WaitAsync;
    if (memory.shared === null || waitAsync === undefined) return this.#enlist(at, milliseconds);
    const isOver = this.#ending();
    return suspend(milliseconds, async (some) => {
      const reason = results[await waitAsync(view, index, expected, some).value];
      // The host knows of nobody's end: what woke who was told to end is for the next one.
      if (reason === Woken.ByNotify && isOver()) Atomics.notify(memory.lanes.i32, at / 4, 1);
      return reason;
    });
  }

  /** What tells whether the call that begins to wait now was told to end. */
  #ending(): () => boolean {
    const { limit } = running;
    return () => this.#caller.closed || timeLeft(limit) <= 0;
  }

  // Nothing of a thread runs between the comparison and this, so that no notification is missed.
  async #enlist(address: number, milliseconds: number): Promise<Woken> {
    const { nanosleep } = this.#caller.system;
    if (milliseconds < Number.POSITIVE_INFINITY && nanosleep === undefined) {
      throw new UnsupportedError("without Atomics.waitAsync, a wait with a timeout needs `nanosleep`");
    }
    const byAddress = queuesOf(this.#memory);
    let queue = byAddress.get(address);
    if (queue === undefined) byAddress.set(address, (queue = new Map()));
    let waiter!: () => void;
    const woken = new Promise<Woken>((resolve) => {
      waiter = () => resolve(Woken.ByNotify);
    });
    queue.set(waiter, this.#ending());
    try {
      return await suspend(milliseconds, (some) => {
        if (nanosleep === undefined || some === Number.POSITIVE_INFINITY) return woken;
        const slept = Promise.resolve(nanosleep(BigInt(Math.round(some * 1e6)))).then(() => Woken.TimedOut);
        return Promise.race([woken, slept]);
      });
    } finally {
      queue.delete(waiter);
      if (queue.size === 0 && byAddress.get(address) === queue) byAddress.delete(address);
    }
  }
}

/** Waits, but not longer than the call may take: a guest that goes on then is ended. */
async function suspend(milliseconds: number, wait: (milliseconds: number) => Promise<Woken>): Promise<Woken> {
  const { limit } = running;
  for (let left = milliseconds; ; ) {
    const some = Math.min(left, Math.max(timeLeft(limit), 1));
    const reason = await wait(some);
    left -= some;
    if (reason !== Woken.TimedOut || left <= 0 || timeLeft(limit) <= 0) return reason;
  }
}

function valueAt(view: Int32Array | BigInt64Array, index: number): number | bigint {
  return view instanceof Int32Array ? atomics.load(view, index) : atomics.load(view, index);
}

function block(
  memory: MemoryInstance,
  view: Int32Array | BigInt64Array,
  index: number,
  expected: number | bigint,
  milliseconds: number,
): Woken {
  try {
    if (memory.shared === null) throw new Error("no threads");
    const wait = Atomics.wait as (...args: [Int32Array | BigInt64Array, number, number | bigint, number]) => HostResult;
    for (let left = milliseconds; ; checkLimit()) {
      const some = Math.min(left, Math.max(timeLeft(), 1));
      const result = wait(view, index, expected, some);
      left -= some;
      if (result !== "timed-out" || left <= 0) return results[result];
    }
  } catch (cause) {
    if (cause instanceof Trap) throw cause;
    throw new UnsupportedError("this host does not let this thread wait: call the guest with callAsync or promising", {
      cause,
    });
  }
}

/** Waiting guests of this thread, the first first, by buffer (or memory, where it has a buffer to itself) and address. */
const queues = new WeakMap<object, Map<number, Queue>>();

/** What wakes each guest, and what tells whether it was told to end. */
type Queue = Map<() => void, () => boolean>;

function queuesOf(memory: MemoryInstance): Map<number, Queue> {
  const key = memory.buffer ?? memory;
  let byAddress = queues.get(key);
  if (byAddress === undefined) queues.set(key, (byAddress = new Map()));
  return byAddress;
}

/** Wakes up to `count` guests that wait at an address, which is checked; gives how many. */
export function notify(memory: MemoryInstance, address: number, count: number): number {
  const queue = queuesOf(memory).get(address);
  let woken = 0;
  for (const [wake, isOver] of queue ?? []) {
    if (woken === count) break;
    queue!.delete(wake);
    // Who was told to end hears of that, and waits for nothing any more.
    if (!isOver()) woken++;
    wake();
  }
  if (memory.shared === null) return woken;
  return woken + Atomics.notify(memory.lanes.i32, address / 4, count - woken);
}
