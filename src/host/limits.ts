// Takes limits as the host writes them, gives types of the language (specification: 2.3.12 Limits).
import type { LimitsConfig, MemoryConfig } from "../api/host.ts";
import { describeValue } from "../instance/value.ts";
import type { Limits, MemoryType } from "../syntax/module.ts";

/** Throws a TypeError where a limit is no whole number or the maximum is below the minimum. */
export function limitsOf({ min, max }: LimitsConfig): Limits {
  for (const limit of [min, max ?? min]) {
    if (!Number.isSafeInteger(limit) || limit < 0)
      throw new TypeError(`a limit is a whole number, got ${String(limit)}`);
  }
  if (max !== undefined && max < min) throw new TypeError(`the maximum ${max} is below the minimum ${min}`);
  return { min, max };
}

/** As `limitsOf`, for a memory. */
export function memoryTypeOf(config: MemoryConfig): MemoryType {
  const limits = limitsOf(config);
  const shared = flagOf("shared", config.shared);
  if (shared && limits.max === undefined) throw new TypeError("a shared memory needs a maximum");
  if (config.buffer !== undefined) {
    if (!shared) throw new TypeError("a memory with a given buffer is a shared one");
    if (Object.prototype.toString.call(config.buffer) !== "[object SharedArrayBuffer]")
      throw new TypeError(`the buffer of a shared memory is a SharedArrayBuffer, got ${describeValue(config.buffer)}`);
  }
  return { limits, shared, index64: flagOf("index64", config.index64), pageSizeLog2: 16 };
}

/** Throws a TypeError where something is neither true nor false; absent means false. */
export function flagOf(key: string, value: boolean | undefined): boolean {
  if (value !== undefined && typeof value !== "boolean")
    throw new TypeError(`${key} is true or false, got ${describeValue(value)}`);
  return value === true;
}
