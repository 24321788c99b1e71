// Takes limits as the host writes them, gives types of the language (specification: 2.3.11 Limits).
import type { LimitsConfig, MemoryConfig } from "../api/host.ts";
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
  const shared = config.shared === true;
  if (shared && limits.max === undefined) throw new TypeError("a shared memory needs a maximum");
  if (config.buffer !== undefined && !shared) throw new TypeError("a memory with a given buffer is a shared one");
  return { limits, shared, index64: config.index64 === true, pageSizeLog2: 16 };
}
