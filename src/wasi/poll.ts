// Waiting for time to pass and for descriptors to be ready (witx: poll_oneoff).
import type { Memory } from "../api/memory.ts";
import type { InputStream, Sleep } from "../api/system.ts";
import { fail } from "../fs/error.ts";
import { isPromise } from "../fs/eventual.ts";
import { type Errno, type Eventtype, errno, event, eventtype, subclockflags, subscription } from "./abi.ts";
import { timeOf } from "./clock.ts";
import { isReadable, isWritable } from "./connection.ts";
import type { Descriptor } from "./descriptors.ts";
import { type Group, outcomeOf } from "./function.ts";
import type { Process } from "./process.ts";

/** What a guest waits for. */
interface Subscription {
  readonly userdata: bigint;
  readonly type: Eventtype;
  /** Nanoseconds from now on until it happens; undefined where it is no clock, or that is not known. */
  readonly wait: bigint | undefined;
  /** Settles once it happens. */
  readonly promise: PromiseLike<unknown> | undefined;
  /** Hears that nobody waits for that any more. */
  readonly stream?: InputStream | undefined;
  readonly error: Errno;
}

const maxSubscriptions = 65_536; // the host keeps something for each

export const poll: Group<"poll"> = {
  // EINVAL: nothing to wait for, or too much, or a clock, event or flag that is none. EFAULT: a pointer leads out of memory. What is wrong with a
  // descriptor stands in its event: EBADF where it is not open, or not open for that.
  poll_oneoff(process, subscriptions, events, count, nevents) {
    const { memory } = process;
    if (count === 0 || count > maxSubscriptions) return errno.inval;
    if (memory?.subarray(subscriptions, count * subscription.byteLength) === undefined) return errno.fault;
    if (memory.subarray(events, count * event.byteLength) === undefined) return errno.fault;
    if (memory.subarray(nevents, 4) === undefined) return errno.fault;
    return outcomeOf(
      () => wait(process, readSubscriptions(process, memory, subscriptions, count)),
      (happened) => {
        for (const [i, one] of happened.entries()) writeEvent(memory, events + i * event.byteLength, one);
        memory.writeUint32(nevents, happened.length);
        return errno.success;
      },
    );
  },
};

function readSubscriptions(process: Process, memory: Memory, address: number, count: number): Subscription[] {
  const found: Subscription[] = [];
  for (let i = 0, at = address; i < count; i++, at += subscription.byteLength) {
    const userdata = memory.readUint64(at + subscription.userdata)!;
    const type = memory.readUint8(at + subscription.tag)!;
    if (type === eventtype.clock) {
      const wait = readTimeout(process, memory, at);
      found.push({ userdata, type, wait, promise: undefined, error: errno.success });
    } else if (type === eventtype.fd_read || type === eventtype.fd_write) {
      const fd = memory.readUint32(at + subscription.fd)!;
      found.push({ userdata, type, ...stateOf(process, fd, type) });
    } else fail("EINVAL");
  }
  return found;
}

// Nanoseconds from now on. Throws EINVAL where the clock or a flag is none.
function readTimeout({ clock }: Process, memory: Memory, at: number): bigint {
  const flags = memory.readUint16(at + subscription.clock_flags)!;
  if ((flags & ~subclockflags.abstime) !== 0) fail("EINVAL");
  const timeout = memory.readUint64(at + subscription.clock_timeout)!;
  const now = timeOf(clock, memory.readUint32(at + subscription.clock_id)!) ?? fail("EINVAL");
  if (flags === 0) return timeout;
  return timeout > now ? timeout - now : 0n;
}

function stateOf(process: Process, fd: number, type: Eventtype): Omit<Subscription, "userdata" | "type"> {
  const found = process.descriptors.get(fd);
  const ready = readiness(found, type);
  return {
    stream: found?.kind === "input" ? found.stream : undefined,
    wait: ready === true || ready === undefined ? 0n : undefined,
    promise: isPromise(ready) ? ready : undefined,
    error: ready === undefined ? errno.badf : errno.success,
  };
}

/** Whether a descriptor is ready; undefined where it is not open for that. Files always are. */
function readiness(found: Descriptor | undefined, type: Eventtype): boolean | PromiseLike<boolean> | undefined {
  const reads = type === eventtype.fd_read;
  switch (found?.kind) {
    case "file":
      return (reads ? found.readable : found.writable) ? true : undefined;
    case "input":
      return reads ? (found.stream.ready?.() ?? true) : undefined;
    case "output":
      return reads ? undefined : true;
    case "listener":
      return reads ? (found.listener.ready?.() ?? true) : undefined;
    case "connection":
      return reads ? isReadable(found) : isWritable(found);
    default:
      return undefined;
  }
}

/** The subscriptions that have happened: at least one, after waiting for it. */
function wait(process: Process, all: readonly Subscription[]): Subscription[] | PromiseLike<Subscription[]> {
  const waits = all.flatMap(({ wait }) => wait ?? []);
  const shortest = waits.length === 0 ? undefined : waits.reduce((a, b) => (b < a ? b : a));
  const after = (time: bigint): Subscription[] => all.filter((one) => one.wait !== undefined && one.wait <= time);
  const promised = all.filter(({ promise }) => promise !== undefined);
  if (shortest === 0n) {
    promised.forEach(letGo);
    return after(0n);
  }
  if (shortest === undefined) {
    // Where nothing tells when a stream is ready, the guest's read has to wait.
    return promised.length > 0 ? first(process, promised) : [...all];
  }
  const slept = sleep(process, shortest);
  if (isPromise(slept)) return first(process, promised, slept, () => after(shortest));
  for (const one of promised) {
    one.promise!.then(undefined, () => {}); // the next read tells of its failure
    letGo(one);
  }
  return after(shortest);
}

/** Sleeps for a time, or as long as the guest's call has left. EINTR: that is over. */
function sleep({ nanosleep, module }: Process, time: bigint): void | Sleep {
  for (let left = time; left > 0n; ) {
    const limit = Math.max(Math.ceil(module.timeLeft), 1);
    const some = limit * 1e6 < Number(left) ? BigInt(limit) * 1_000_000n : left;
    const slept = nanosleep(some);
    if (isPromise(slept)) {
      return some === left ? slept : Object.assign(interrupted(slept), { cancel: () => slept.cancel?.() });
    }
    left -= some;
    if (left > 0n && module.timeLeft <= 0) fail("EINTR");
  }
}

async function interrupted(slept: Sleep): Promise<never> {
  await slept;
  return fail("EINTR");
}

/** Who hears of a promise. */
interface Waiter {
  done(): void;
  fail(error: unknown): void;
}

/** A promise may outlast many a poll: it is listened to once, and tells those who wait for it still. */
const waiting = new WeakMap<PromiseLike<unknown>, Set<Waiter>>();

function waitersOf(promise: PromiseLike<unknown>): Set<Waiter> {
  let waiters = waiting.get(promise);
  if (waiters === undefined) {
    const made = new Set<Waiter>();
    waiting.set(promise, (waiters = made));
    promise.then(
      () => [...made].forEach((waiter) => void waiter.done()),
      (error: unknown) => [...made].forEach((waiter) => void waiter.fail(error)),
    );
  }
  return waiters;
}

/** Lets the stream hear where nobody waits for its promise any more. */
export function letGo({ promise, stream }: Pick<Subscription, "promise" | "stream">): void {
  if (promise !== undefined && !waiting.get(promise)?.size) stream?.idle?.();
}

/** The first subscription whose promise settles, or what happens when the sleep is over; nothing where the guest is closed meanwhile. */
function first(
  { waits: open }: Process,
  promised: readonly Subscription[],
  sleep?: Sleep,
  awake: () => Subscription[] = () => [],
): Promise<Subscription[]> {
  return new Promise((resolve, reject) => {
    const waits = promised.map((one) => ({
      waiters: waitersOf(one.promise!),
      done: () => end(() => resolve([one])),
      fail: (error: unknown) => end(() => reject(error)),
    }));
    const end = (settle: () => void): void => {
      for (const wait of waits) wait.waiters.delete(wait);
      promised.forEach(letGo);
      sleep?.cancel?.();
      open.delete(close);
      settle();
    };
    const close = (): void => end(() => resolve([]));
    open.add(close);
    for (const wait of waits) wait.waiters.add(wait);
    sleep?.then(
      () => end(() => resolve(awake())),
      (error: unknown) => end(() => reject(error)),
    );
  });
}

function writeEvent(memory: Memory, at: number, { userdata, type, error }: Subscription): void {
  memory.subarray(at, event.byteLength)!.fill(0);
  memory.writeUint64(at + event.userdata, userdata);
  memory.writeUint16(at + event.error, error);
  memory.writeUint8(at + event.type, type);
  memory.writeUint64(at + event.nbytes, type === eventtype.clock || error !== errno.success ? 0n : 1n);
}
