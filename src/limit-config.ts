// Takes the limits on an instance's work that a user writes, gives them checked, and what counts for the instance.
import type { StopSignal } from "./api/stop-signal.ts";
import type { RuntimeSettings } from "./config.ts";
import { fuelNumber, Meter, type MeterOptions, notMetered } from "./instance/meter.ts";

/** What bounds an instance's work. */
export interface LimitConfig {
  /** What its code may do before it ends in the trap "fuel exhausted", see `Module.fuel`. With `metering`. Default: no end. */
  readonly fuel?: bigint | undefined;
  /** Milliseconds after which a call from the host ends in the trap "deadline exceeded". With `metering`. Default: no end. */
  readonly deadlineMs?: number | undefined;
  /** Ends calls from the host in the trap "aborted": one that is suspended at once, others when they look. With `metering`. */
  readonly signal?: StopSignal | undefined;
}

/** A checked `LimitConfig`. */
export type LimitSettings = Omit<MeterOptions, "now" | "fuelOnly">;

/** Checks what bounds an instance. Throws a TypeError for a wrong option. */
export function limitsOf({ fuel, deadlineMs, signal }: LimitConfig): LimitSettings {
  if (deadlineMs !== undefined && !(typeof deadlineMs === "number" && deadlineMs >= 0))
    throw new TypeError(`deadlineMs is a number from 0, got ${String(deadlineMs)}`);
  if (signal !== undefined && typeof signal?.aborted !== "boolean") throw new TypeError("signal is an AbortSignal");
  return { fuel: fuel === undefined ? undefined : fuelNumber(fuel), deadline: deadlineMs, signal };
}

/** What counts for an instance, null where nothing does. Throws a TypeError where limits are asked for then. */
export function meterOf({ metering, now }: RuntimeSettings, limits: LimitSettings): Meter | null {
  const isTimed = limits.deadline !== undefined || limits.signal !== undefined;
  if (metering === "fuel" && isTimed) throw new TypeError("deadlineMs and signal need a runtime with metering: true");
  if (metering !== false) return new Meter({ ...limits, now, fuelOnly: metering === "fuel" });
  if (isTimed || limits.fuel !== undefined) throw notMetered();
  return null;
}
