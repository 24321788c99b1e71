// The flags that end a guest: takes --fuel and --timeout, gives what a runtime and an instance need for them.
import type { ModuleConfig, RuntimeConfig, StopSignal } from "../index.ts";
import { UsageError } from "./failure.ts";
import type { Arguments, Flag } from "./flags.ts";

export const limitFlags: Readonly<Record<"fuel" | "timeout", Flag>> = {
  fuel: { value: "N", help: "ends the guest after about N instructions, the same in each run" },
  timeout: { value: "TIME", help: "ends the guest after a time: 500ms, 10s, 1.5m" },
};

type Limits = Arguments<typeof limitFlags>;

/** What the runtime needs: nothing counts where no limit is asked for. */
export function meteringOf(args: Limits): Pick<RuntimeConfig, "metering"> {
  if (args.has("timeout")) return { metering: true };
  return args.has("fuel") ? { metering: "fuel" } : {};
}

/** The limits of the instance. The time runs from now on. Throws a UsageError for a value that is none. */
export function limitsOf(args: Limits): Pick<ModuleConfig, "fuel" | "signal"> {
  const [fuel, timeout] = [args.one("fuel"), args.one("timeout")];
  return {
    ...(fuel === undefined ? {} : { fuel: fuelOf(fuel) }),
    ...(timeout === undefined ? {} : { signal: new Timeout(timeout, millisOf(timeout)) }),
  };
}

/** Ends one that computes where it looks, one that waits by a timer. */
class Timeout implements StopSignal {
  readonly reason: Error;
  readonly #end: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(text: string, millis: number) {
    this.reason = new Error(`the time of --timeout ${text} has passed`);
    this.#end = performance.now() + millis;
  }

  get aborted(): boolean {
    return performance.now() >= this.#end;
  }

  // A guest waits for one thing at a time. A timer may be a little early.
  addEventListener(_type: "abort", listener: () => void): void {
    this.#timer = setTimeout(listener, this.#end - performance.now() + 2);
  }

  removeEventListener(): void {
    clearTimeout(this.#timer);
  }
}

function fuelOf(text: string): bigint {
  const fuel = /^\d{1,16}$/.test(text) ? BigInt(text) : -1n;
  if (fuel < 0n || fuel > Number.MAX_SAFE_INTEGER)
    throw new UsageError(`--fuel ${text}: write a number of instructions`);
  return fuel;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const maxMillis = 2 ** 31 - 10; // of a timer

function millisOf(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`--timeout ${text}: write a time such as 500ms, 10s or 2m`);
  const millis = Number(digits) * units[unit]!;
  if (millis > maxMillis) throw new UsageError(`--timeout ${text} is more than 24 days`);
  return millis;
}
