// Takes the options a user writes, gives checked settings with every default filled in. Nothing changes a configuration after that.
import type { CompilationCache } from "./api/cache.ts";
import type { Dispatch, EngineOptions } from "./instance/engine.ts";
import type { MemoryLimits } from "./instance/memory.ts";
import type { Profiler } from "./instance/profiler.ts";
import { allFeatures, type Feature, type Features, wasm1, wasm2, wasm3, withFoundations } from "./syntax/features.ts";
import { maxTableElements } from "./syntax/limits.ts";

/** A version of the specification, standing for its features. */
export type FeatureVersion = "wasm1" | "wasm2" | "wasm3";

/** How a runtime works; the same for all its modules. */
export interface RuntimeConfig {
  /** "auto" (the default) is the compiler where the host allows it, else the interpreter. */
  readonly engine?: "auto" | "compiler" | "interpreter" | undefined;
  /**
   * How the interpreter goes from one instruction to the next: "switch" is faster where the host has a JIT, "closures"
   * where it has none. "auto" (the default) finds out.
   */
  readonly dispatch?: "auto" | "switch" | "closures" | undefined;
  /**
   * Whether the compiler compiles every function before its first call, instead of those that turn hot. Default: it does in all modules
   * but those with more than 1 MiB of code, of whose functions half are longer than 470 bytes.
   */
  readonly eager?: boolean | undefined;
  /**
   * A version, or the features listed and what they stand on: gc brings function-references, that and exceptions bring
   * reference-types, that brings bulk-memory; legacy-exceptions brings exceptions, relaxed-simd brings simd. A list may
   * name versions too: `["wasm3", "threads"]`. A module that uses any other feature is refused with an `InvalidError`
   * that names the feature. Default: "wasm3".
   */
  readonly features?: FeatureVersion | readonly (Feature | FeatureVersion)[] | undefined;
  /** Greatest size in pages of 64 KiB of the memories that an instance defines, together. Default: 65536, which is 4 GiB. */
  readonly memoryLimitPages?: number | undefined;
  /** Greatest number of elements of the tables that an instance defines, together. Default: 10000000. */
  readonly tableLimitElements?: number | undefined;
  /** Asks the host for a memory's maximum at once, so that growing never copies. Default: false. */
  readonly memoryCapacityFromMax?: boolean | undefined;
  /** Greatest number of guest frames at one time; one more is the trap "call stack exhausted". Default: 100000. */
  readonly maxCallDepth?: number | undefined;
  /** Reads names for traps and definitions from the name section. Default: true. */
  readonly debugInfo?: boolean | undefined;
  /**
   * Counts what guests do, so that `fuel`, `deadlineMs` and `signal` of a `ModuleConfig` can end them; with "fuel" that alone, which is faster where
   * guests compute with i64. It costs time; without it nothing is counted. Default: false.
   */
  readonly metering?: boolean | "fuel" | undefined;
  /** The clock of deadlines, in milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Hears of each call of a guest's function and each turn of its loops. It costs time; without it nothing does. Default: nobody. */
  readonly profiler?: Profiler | undefined;
  /** Where what was validated and compiled is kept: `memoryCache()`, or `directoryCache(path)` of `zerowasm/node`. Default: nowhere. */
  readonly cache?: CompilationCache | undefined;
  /** Lets `CompiledModule.customSections` give contents. Default: false. */
  readonly customSections?: boolean | undefined;
}

/** A checked `RuntimeConfig`. */
export interface RuntimeSettings {
  readonly engine: "auto" | "compiler" | "interpreter";
  readonly engineOptions: EngineOptions;
  readonly features: Features;
  readonly memoryLimits: MemoryLimits;
  readonly debugInfo: boolean;
  readonly customSections: boolean;
  readonly cache: CompilationCache | undefined;
  readonly metering: boolean | "fuel";
  readonly now: () => number;
  readonly profiler: Profiler | null;
}

const versions: ReadonlyMap<string, Features> = new Map([
  ["wasm1", wasm1],
  ["wasm2", wasm2],
  ["wasm3", wasm3],
]);

/** Checks a runtime's options. Throws a TypeError for a wrong or unknown one. */
export function runtimeSettings(config: RuntimeConfig = {}): RuntimeSettings {
  if (typeof config !== "object" || config === null) throw new TypeError("a RuntimeConfig is an object");
  const {
    engine = "auto",
    dispatch = "auto",
    eager,
    features = "wasm3",
    memoryLimitPages = 65_536,
    tableLimitElements = maxTableElements,
    memoryCapacityFromMax = false,
    maxCallDepth = 100_000,
    debugInfo = true,
    metering = false,
    now = Date.now,
    profiler = null,
    cache,
    customSections = false,
    ...unknown
  } = config;
  for (const key of Object.keys(unknown)) throw new TypeError(`RuntimeConfig has no option "${key}"`);
  // What would be called in the middle of a guest's work.
  checkFunction("now", now);
  if (profiler !== null) checkFunction("profiler.tick", profiler.tick);
  return {
    engine: oneOf("engine", engine, ["auto", "compiler", "interpreter"]),
    engineOptions: {
      dispatch: oneOf<Dispatch>("dispatch", dispatch, ["auto", "switch", "closures"]),
      maxCallDepth: wholeNumber("maxCallDepth", maxCallDepth, 1, 2 ** 31 - 1),
      eager: eager === undefined ? eager : flag("eager", eager),
    },
    features: featureSet(features),
    memoryLimits: {
      pages: wholeNumber("memoryLimitPages", memoryLimitPages, 0, 65_536),
      elements: wholeNumber("tableLimitElements", tableLimitElements, 0, maxTableElements),
      capacityFromMax: flag("memoryCapacityFromMax", memoryCapacityFromMax),
    },
    debugInfo: flag("debugInfo", debugInfo),
    customSections: flag("customSections", customSections),
    cache,
    metering: oneOf<boolean | "fuel">("metering", metering, [false, true, "fuel"]),
    now,
    profiler,
  };
}

function checkFunction(key: string, value: unknown): void {
  if (typeof value !== "function") throw new TypeError(`${key} is a function`);
}

function oneOf<T extends string | boolean>(key: string, value: T, known: readonly T[]): T {
  if (!known.includes(value)) throw new TypeError(`${key} is one of ${known.join(", ")}, got ${String(value)}`);
  return value;
}

function flag(key: string, value: boolean): boolean {
  return oneOf(key, value, [true, false]);
}

function wholeNumber(key: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new TypeError(`${key} is a whole number from ${min} to ${max}, got ${String(value)}`);
  }
  return value;
}

/** Checks a list of features. Throws a TypeError for a name that is none. */
export function featureSet(features: FeatureVersion | readonly (Feature | FeatureVersion)[]): Features {
  if (typeof features !== "string" && !Array.isArray(features))
    throw new TypeError("features is a name or an array of them");
  const set = new Set<Feature>();
  for (const name of typeof features === "string" ? [features] : features) {
    const version = versions.get(name);
    if (version === undefined && !allFeatures.has(name as Feature))
      throw new TypeError(
        `there is no feature "${name}"; there are ${[...versions.keys(), ...allFeatures].join(", ")}`,
      );
    for (const feature of version ?? withFoundations(name as Feature)) set.add(feature);
  }
  return set;
}
