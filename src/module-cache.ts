// Takes a module and where compiled ones are kept, gives what is kept of it, and keeps what is new.
import type { CachedChunk, CachedModule, CompilationCache, ModuleCache } from "./api/cache.ts";
import type { RuntimeSettings } from "./config.ts";
import { VERSION } from "./util/version.ts";

/** The name of a module's entry: what is in an entry depends on nothing else. */
export function cacheKey(cache: CompilationCache, bytes: Uint8Array, settings: RuntimeSettings): string {
  const { engineOptions, features, metering, profiler } = settings;
  const metered = [...(metering !== false ? ["metered"] : []), ...(profiler === null ? [] : ["profiled"])];
  return [VERSION, cache.digest(bytes), engineOptions.maxCallDepth, ...metered, ...[...features].sort()].join(" ");
}

/** One module's entry in a cache. */
export class CacheEntry implements ModuleCache {
  readonly stored: ReadonlyMap<string, CachedChunk>;
  readonly #cache: CompilationCache;
  readonly #key: string;
  readonly #facts: Uint8Array;
  readonly #chunks: Map<string, () => CachedChunk>;

  /** Without chunks the entry is new: that the module is valid is kept at once. */
  constructor(cache: CompilationCache, key: string, facts: Uint8Array, chunks: readonly CachedChunk[] | undefined) {
    this.#cache = cache;
    this.#key = key;
    this.#facts = facts;
    this.stored = new Map(chunks?.map((chunk) => [chunk.key, chunk]));
    this.#chunks = new Map(chunks?.map((chunk) => [chunk.key, () => chunk]));
    if (chunks === undefined) this.#save();
  }

  get script(): CompilationCache["script"] {
    return this.#cache.script;
  }

  add(key: string, chunk: () => CachedChunk): void {
    this.#chunks.set(key, chunk);
    this.#save();
  }

  #save(): void {
    this.#cache.save(this.#key, (): CachedModule => {
      return { facts: this.#facts, chunks: [...this.#chunks.values()].map((chunk) => chunk()) };
    });
  }
}
