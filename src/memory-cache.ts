// Takes how many modules to keep, gives a cache of compiled ones that lives as long as the object does.
import type { CachedModule, CompilationCache } from "./api/cache.ts";
import { sha256 } from "./util/sha256.ts";

const DEFAULT_MODULES = 1000;

/** What a cache in memory is made with. */
export interface MemoryCacheOptions {
  /** How many modules are kept: then the one that was used longest ago is let go. Default: 1000. */
  readonly maxModules?: number | undefined;
}

/**
 * A cache for runtimes of one process: give it to each.
 * @throws RangeError for a limit that is no number.
 */
export function memoryCache(options: MemoryCacheOptions = {}): CompilationCache {
  const { maxModules = DEFAULT_MODULES } = options;
  if (!(maxModules >= 0)) throw new RangeError(`a cache's limit is a number of modules, got ${maxModules}`);
  // A map keeps the order in which it was written: the first entry is the one used longest ago.
  const entries = new Map<string, () => CachedModule>();
  const use = (key: string, take: () => CachedModule): void => {
    entries.delete(key);
    entries.set(key, take);
    if (entries.size > maxModules) entries.delete(entries.keys().next().value!);
  };
  return {
    digest: sha256,
    load(key) {
      const take = entries.get(key);
      if (take === undefined) return undefined;
      use(key, take);
      return take();
    },
    save: use,
  };
}
