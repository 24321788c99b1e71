// Takes the options a user writes, gives checked settings with every default filled in. Nothing changes a configuration after that.
import type { CompilationCache } from "./api/cache.ts";
import type { Imports } from "./api/host.ts";
import type { System } from "./api/system.ts";
import type { Dispatch, EngineOptions } from "./instance/engine.ts";
import type { MemoryLimits } from "./instance/memory.ts";
import { fuelNumber, Meter, type MeterOptions, notMetered, type StopSignal } from "./instance/meter.ts";
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
   * Whether the compiler compiles every function before its first call, instead of those that turn hot. Default: it does in modules with less
   * than 2 MB of code.
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

/** What one instance is given, beside the system that WASI shows it. */
export interface ModuleConfig extends System {
  /** Under which other modules import from it; unique in the runtime. Default: "", anonymous. */
  readonly name?: string | undefined;
  /** Exported functions to call at the start, in order. Default: `_start` where exported (a command), else `_initialize` (a reactor). */
  readonly startFunctions?: readonly string[] | undefined;
  /** What its code may do before it ends in the trap "fuel exhausted", see `Module.fuel`. With `metering`. Default: no end. */
  readonly fuel?: bigint | undefined;
  /** Milliseconds after which a call from the host ends in the trap "deadline exceeded". With `metering`. Default: no end. */
  readonly deadlineMs?: number | undefined;
  /** Ends calls from the host in the trap "aborted": one that is suspended at once, others when they look. With `metering`. */
  readonly signal?: StopSignal | undefined;
  /** Imports of this instance only; what is not here comes from the runtime's modules. */
  readonly imports?: Imports | undefined;
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

/** A checked `ModuleConfig`. */
export interface ModuleSettings {
  readonly name: string;
  readonly startFunctions: readonly string[] | undefined;
  readonly imports: Imports;
  readonly system: System;
  readonly limits: Omit<MeterOptions, "now" | "fuelOnly">;
}

const versions: ReadonlyMap<string, Features> = new Map([
  ["wasm1", wasm1],
  ["wasm2", wasm2],
  ["wasm3", wasm3],
]);

const runtimeKeys = new Set<string>([
  "engine",
  "dispatch",
  "eager",
  "features",
  "memoryLimitPages",
  "tableLimitElements",
  "memoryCapacityFromMax",
  "maxCallDepth",
  "debugInfo",
  "customSections",
  "metering",
  "now",
  "profiler",
  "cache",
] satisfies (keyof RuntimeConfig)[]);

const systemKeys = [
  "args",
  "env",
  "stdin",
  "stdout",
  "stderr",
  "fs",
  "listeners",
  "clock",
  "random",
  "nanosleep",
] satisfies (keyof System)[];

const limitKeys = ["fuel", "deadlineMs", "signal"] satisfies (keyof ModuleConfig)[];

const moduleKeys = new Set<string>(["name", "startFunctions", "imports", ...limitKeys, ...systemKeys]);

/** Checks a runtime's options. Throws a TypeError for a wrong or unknown one. */
export function runtimeSettings(config: RuntimeConfig = {}): RuntimeSettings {
  checkKeys("RuntimeConfig", config, runtimeKeys);
  return {
    engine: oneOf("engine", config.engine ?? "auto", ["auto", "compiler", "interpreter"]),
    engineOptions: {
      dispatch: oneOf<Dispatch>("dispatch", config.dispatch ?? "auto", ["auto", "switch", "closures"]),
      maxCallDepth: wholeNumber("maxCallDepth", config.maxCallDepth ?? 100_000, 1, 2 ** 31 - 1),
      eager: config.eager,
    },
    features: featureSet(config.features ?? "wasm3"),
    memoryLimits: {
      pages: wholeNumber("memoryLimitPages", config.memoryLimitPages ?? 65_536, 0, 65_536),
      elements: wholeNumber("tableLimitElements", config.tableLimitElements ?? maxTableElements, 0, maxTableElements),
      capacityFromMax: config.memoryCapacityFromMax ?? false,
    },
    debugInfo: config.debugInfo ?? true,
    customSections: config.customSections ?? false,
    cache: config.cache,
    metering: oneOf<boolean | "fuel">("metering", config.metering ?? false, [false, true, "fuel"]),
    now: config.now ?? Date.now,
    profiler: config.profiler ?? null,
  };
}

/** Checks an instance's options. Throws a TypeError for a wrong or unknown one. */
export function moduleSettings(config: ModuleConfig = {}): ModuleSettings {
  checkKeys("ModuleConfig", config, moduleKeys);
  const { name = "", startFunctions, imports = {} } = config;
  if (typeof name !== "string") throw new TypeError("name is a string");
  if (startFunctions !== undefined && !Array.isArray(startFunctions)) throw new TypeError("startFunctions is an array");
  if (typeof imports !== "object" || imports === null) throw new TypeError("imports is an object of modules");
  const given = systemKeys.filter((key) => config[key] !== undefined);
  const system: System = Object.freeze(Object.fromEntries(given.map((key) => [key, config[key]])));
  return { name, startFunctions, imports, system, limits: limitsOf(config) };
}

/** Checks what bounds an instance. Throws a TypeError for a wrong option. */
export function limitsOf({ fuel, deadlineMs, signal }: ModuleConfig): ModuleSettings["limits"] {
  if (deadlineMs !== undefined && !(deadlineMs >= 0))
    throw new TypeError(`deadlineMs is a number from 0, got ${String(deadlineMs)}`);
  if (signal !== undefined && typeof signal?.aborted !== "boolean") throw new TypeError("signal is an AbortSignal");
  return { fuel: fuel === undefined ? undefined : fuelNumber(fuel), deadline: deadlineMs, signal };
}

/** What counts for an instance, null where nothing does. Throws a TypeError where limits are asked for then. */
export function meterOf({ metering, now }: RuntimeSettings, limits: ModuleSettings["limits"]): Meter | null {
  const isTimed = limits.deadline !== undefined || limits.signal !== undefined;
  if (metering === "fuel" && isTimed) throw new TypeError("deadlineMs and signal need a runtime with metering: true");
  if (metering !== false) return new Meter({ ...limits, now, fuelOnly: metering === "fuel" });
  if (Object.values(limits).some((limit) => limit !== undefined)) throw notMetered();
  return null;
}

function checkKeys(what: string, config: object, known: ReadonlySet<string>): void {
  if (typeof config !== "object" || config === null) throw new TypeError(`a ${what} is an object`);
  for (const key of Object.keys(config)) if (!known.has(key)) throw new TypeError(`${what} has no option "${key}"`);
}

function oneOf<T extends string | boolean>(key: string, value: T, known: readonly T[]): T {
  if (!known.includes(value)) throw new TypeError(`${key} is one of ${known.join(", ")}, got ${String(value)}`);
  return value;
}

function wholeNumber(key: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new TypeError(`${key} is a whole number from ${min} to ${max}, got ${String(value)}`);
  }
  return value;
}

/** Checks a list of features. Throws a TypeError for a name that is none. */
export function featureSet(features: FeatureVersion | readonly (Feature | FeatureVersion)[]): Features {
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
