// What a guest may still do: fuel of an instance, and the limits in time of the call that runs. Code that is metered asks at each function's
// entry and each turn of a loop (specification: A.3.3 Execution).
import type { Module } from "../api/module.ts";
import type { StopSignal } from "../api/stop-signal.ts";
import { checkOpen } from "./closing.ts";
import { TrapCode, trap, trapOf } from "./trap.ts";

/** When a call from the host has to end. */
export interface Limit {
  /** On the clock, in milliseconds; infinite where there is no deadline. */
  readonly deadline: number;
  readonly now: () => number;
  readonly signal: StopSignal | undefined;
  /** Of the call that this one is nested in. */
  readonly outer: Limit | null;
}

/** The limit of what runs now: it holds in whichever instance. */
export const running: { limit: Limit | null } = { limit: null };

/** Fuel between two looks at the limits: a millisecond of a fast guest, ten of a slow one. */
const SLICE = 1 << 18;
/** Elements, or bytes, that take longer than looking does. */
export const LONG = 1024;
/** Where nothing is looked at: V8 makes slower code of a loop in which the call has happened. */
const LARGE_SLICE = 1 << 30;

/** The fuel of one instance, and what its calls from the host are limited by. */
export class Meter {
  /** What may be spent before asking again. Code subtracts from it, and calls `refill` where it is below zero. */
  readonly slice: Int32Array = new Int32Array(1);
  /** What there is beside the slice. */
  #rest: number;
  readonly #deadline: number;
  readonly #signal: StopSignal | undefined;
  readonly #now: () => number;
  readonly #size: number;

  constructor({ fuel, deadline, signal, now, fuelOnly }: MeterOptions) {
    this.#size = fuelOnly ? LARGE_SLICE : SLICE;
    this.#rest = fuel ?? Number.POSITIVE_INFINITY;
    this.#deadline = deadline ?? Number.POSITIVE_INFINITY;
    this.#signal = signal;
    this.#now = now;
  }

  /** What is left; undefined where there is no end to it. */
  get fuel(): number | undefined {
    return this.#rest === Number.POSITIVE_INFINITY ? undefined : this.#rest + this.slice[0]!;
  }

  set fuel(fuel: number | undefined) {
    this.#rest = fuel ?? Number.POSITIVE_INFINITY;
    this.slice[0] = 0;
  }

  /** Spends what is counted by an interpreter. */
  spend(cost: number): void {
    if ((this.slice[0]! -= cost) < 0) this.refill();
  }

  /** Goes on, or traps where the fuel is used up or the call has to end. */
  refill(): void {
    const left = this.#rest + this.slice[0]!;
    if (left < 0) {
      this.#rest = 0;
      this.slice[0] = 0;
      trap(TrapCode.FuelExhausted);
    }
    this.slice[0] = Math.min(left, this.#size);
    this.#rest = left - this.slice[0];
    checkLimit();
  }

  /** The limit of a call from the host that begins now. */
  limit(outer: Limit | null): Limit | null {
    if (this.#deadline === Number.POSITIVE_INFINITY && this.#signal === undefined) return outer;
    return { deadline: this.#now() + this.#deadline, now: this.#now, signal: this.#signal, outer };
  }
}

/** What a meter begins with; what is absent has no limit. */
export interface MeterOptions {
  readonly fuel: number | undefined;
  /** Milliseconds that a call from the host may take. */
  readonly deadline: number | undefined;
  readonly signal: StopSignal | undefined;
  readonly now: () => number;
  /** Nothing but fuel is counted: limits in time are not looked at often. */
  readonly fuelOnly: boolean;
}

/** Traps where a call has to end, or one that it is nested in. */
export function checkLimit(limit: Limit | null = running.limit): void {
  for (let one = limit; one !== null; one = one.outer) {
    if (one.now() >= one.deadline) trap(TrapCode.DeadlineExceeded);
    if (one.signal?.aborted === true) throw trapOf(TrapCode.Aborted, { cause: one.signal.reason });
  }
}

/** Milliseconds until a call has to end, 0 where a signal says so; infinite where it has no deadline. */
export function timeLeft(limit: Limit | null = running.limit): number {
  let left = Number.POSITIVE_INFINITY;
  for (let one = limit; one !== null; one = one.outer) {
    left = Math.min(left, one.signal?.aborted === true ? 0 : one.deadline - one.now());
  }
  return left;
}

/** Looks at the limits before one instruction that works on so much that it takes long by itself. */
export function checkLong(count: number): void {
  if (count > LONG) checkLimit();
}

/** Does some of a call's work under its limit. */
export function under<T>(limit: Limit | null, work: () => T): T {
  const { limit: outer } = running;
  running.limit = limit;
  try {
    return work();
  } finally {
    running.limit = outer;
  }
}

/** What became of a promise. */
export interface Outcome {
  readonly value: unknown;
  readonly rejected: boolean;
}

/** Where something waits that ends with a module. */
export interface Closable extends Module {
  offClose(listener: () => void): void;
}

/**
 * Goes on once a promise settles, or earlier where a signal of the limit tells that the call is to end, or one who waits is closed: see
 * `checkWaiting`. What was awaited is nobody's then.
 */
export function settledUnder(
  limit: Limit | null,
  waiting: Iterable<Closable>,
  promise: PromiseLike<unknown>,
  goOn: (outcome?: Outcome) => void,
): void {
  const signals: StopSignal[] = [];
  for (let one = limit; one !== null; one = one.outer) if (one.signal !== undefined) signals.push(one.signal);
  let isOver = false;
  const stop = (outcome?: Outcome): void => {
    if (isOver) return;
    isOver = true;
    for (const signal of signals) signal.removeEventListener?.("abort", ended);
    for (const one of waiting) one.offClose(ended);
    goOn(outcome);
  };
  // Not at once: who closes or aborts may be called by another guest.
  const ended = (): void => {
    Promise.resolve().then(() => stop());
  };
  for (const signal of signals) signal.addEventListener?.("abort", ended);
  for (const one of waiting) one.onClose(ended);
  if (signals.some((signal) => signal.aborted)) ended();
  Promise.resolve(promise).then(
    (value) => stop({ value, rejected: false }),
    (value: unknown) => stop({ value, rejected: true }),
  );
}

/** As `settledUnder`, by a promise. */
export function settled(
  limit: Limit | null,
  waiting: Iterable<Closable>,
  promise: PromiseLike<unknown>,
): Promise<Outcome | undefined> {
  return new Promise((goOn) => settledUnder(limit, waiting, promise, goOn));
}

/** Throws where a call that waited has to end, or one who waited was closed. */
export function checkWaiting(limit: Limit | null, waiting: Iterable<Closable>): void {
  checkLimit(limit);
  for (const one of waiting) checkOpen(one);
}

/** Fuel as it is counted. Throws a RangeError for what cannot be. */
export function fuelNumber(fuel: bigint): number {
  if (typeof fuel !== "bigint") throw new TypeError(`fuel is a bigint, got ${String(fuel)}`);
  if (fuel < 0n || fuel > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`fuel is from 0n to 2n ** 53n - 1n, got ${fuel}n`);
  return Number(fuel);
}

/** The error of who asks for limits where nothing is counted. */
export function notMetered(): TypeError {
  return new TypeError("fuel, deadlineMs and signal need a runtime with metering: true");
}
