// Takes the options of one instance that a user writes, gives them checked, with every default filled in.
import type { Imports } from "./api/host.ts";
import type { System } from "./api/system.ts";
import { type LimitConfig, type LimitSettings, limitsOf } from "./limit-config.ts";
import { isTexts, systemKeys, systemSettings } from "./system-config.ts";

/** What one instance is given, beside the system that WASI shows it. */
export interface ModuleConfig extends System, LimitConfig {
  /** Under which other modules import from it; unique in the runtime. Default: "", anonymous. */
  readonly name?: string | undefined;
  /** Exported functions to call at the start, in order. Default: `_start` where exported (a command), else `_initialize` (a reactor). */
  readonly startFunctions?: readonly string[] | undefined;
  /** Imports of this instance only; what is not here comes from the runtime's modules. */
  readonly imports?: Imports | undefined;
}

/** A checked `ModuleConfig`. */
export interface ModuleSettings {
  readonly name: string;
  readonly startFunctions: readonly string[] | undefined;
  readonly imports: Imports;
  readonly system: System;
  readonly limits: LimitSettings;
}

const ownKeys = ["name", "startFunctions", "imports", "fuel", "deadlineMs", "signal"] satisfies (keyof ModuleConfig)[];
const keys = new Set<string>([...ownKeys, ...systemKeys]);

/** Checks an instance's options. Throws a TypeError for a wrong or unknown one. */
export function moduleSettings(config: ModuleConfig = {}): ModuleSettings {
  if (typeof config !== "object" || config === null) throw new TypeError("a ModuleConfig is an object");
  for (const key of Object.keys(config)) if (!keys.has(key)) throw new TypeError(`ModuleConfig has no option "${key}"`);
  const { name = "", startFunctions, imports = {} } = config;
  if (typeof name !== "string") throw new TypeError("name is a string");
  if (startFunctions !== undefined && !isTexts(startFunctions))
    throw new TypeError("startFunctions is an array of strings, the names of exports");
  if (typeof imports !== "object" || imports === null) throw new TypeError("imports is an object of modules");
  return { name, startFunctions, imports, system: systemSettings(config), limits: limitsOf(config) };
}
