// Takes a runtime's settings and its door's engines, gives prepared modules of their bytes: decoding, validation, translation or the cache.
import { UnsupportedError } from "./api/errors.ts";
import { decode } from "./binary/decode.ts";
import { decodeNames } from "./binary/names.ts";
import type { RuntimeSettings } from "./config.ts";
import type { Engine, EngineCode, EngineOptions, MakeEngine, PrecompiledEngine } from "./instance/engine.ts";
import { MeteredEngine } from "./instance/metered-engine.ts";
import { type DebugNames, PreparedModule } from "./instance/prepared-module.ts";
import { CacheEntry, cacheKey } from "./module-cache.ts";
import type { ValidatedModule } from "./syntax/module.ts";
import { validate } from "./valid/validate.ts";

/** The engines a door offers. */
export interface Engines {
  readonly interpreter: MakeEngine;
  readonly compiler?: {
    readonly make: MakeEngine;
    /** Whether the host lets it work. Asking may be reported by the host, so nothing asks that wants the interpreter. */
    readonly isAllowed: () => boolean;
  };
  /** Runs what was compiled ahead of time; where there is none, the interpreter does. */
  readonly linked?: (options: EngineOptions) => PrecompiledEngine;
}

const noNames: DebugNames = { module: undefined, functions: new Map() };

/** What compiles the modules of one runtime. */
export class Compilation {
  readonly engine: Engine;
  readonly settings: RuntimeSettings;

  /** Throws an UnsupportedError for an engine that cannot be had. */
  constructor(settings: RuntimeSettings, engines: Engines) {
    this.settings = settings;
    const engine = chooseEngine(settings, engines);
    this.engine = settings.metering !== false ? new MeteredEngine(engine) : engine;
  }

  /** Decodes, validates and prepares a module, of bytes that nobody will change. Throws a MalformedError or an InvalidError. */
  compile(bytes: Uint8Array): PreparedModule {
    const { settings, engine } = this;
    const { module, entry } = validated(bytes, settings);
    if (settings.metering !== false) Object.assign(module, { isMetered: true });
    if (settings.profiler !== null) Object.assign(module, { isProfiled: true });
    return prepared(
      module,
      engine,
      (entry && engine.prepareCached?.(module, entry)) ?? engine.prepare(module),
      settings,
    );
  }
}

/** A module with its code; its names are read when they are asked for. */
export function prepared(
  module: ValidatedModule,
  engine: Engine,
  code: EngineCode,
  { debugInfo }: RuntimeSettings,
): PreparedModule {
  return new PreparedModule(module, engine, code, () => (debugInfo ? decodeNames(module) : noNames));
}

/** What is in the cache was valid once: it is not validated again. */
function validated(bytes: Uint8Array, settings: RuntimeSettings): { module: ValidatedModule; entry?: CacheEntry } {
  const { cache, features } = settings;
  if (cache === undefined) return { module: validate(decode(bytes), features) };
  const key = cacheKey(cache, bytes, settings);
  const found = cache.load(key);
  const decoded = decode(bytes);
  const module = found === undefined ? validate(decoded, features) : Object.assign(decoded, { facts: found.facts });
  return { module, entry: new CacheEntry(cache, key, module.facts, found?.chunks) };
}

function chooseEngine({ engine, engineOptions }: RuntimeSettings, { interpreter, compiler }: Engines): Engine {
  if (engine === "interpreter") return interpreter(engineOptions);
  if (compiler?.isAllowed() === true) return compiler.make(engineOptions);
  if (engine === "auto") return interpreter(engineOptions);
  throw new UnsupportedError(
    compiler === undefined
      ? 'this door has no compiler engine: use engine "interpreter" or "auto"'
      : 'this host makes no code from text: use engine "interpreter" or "auto"',
  );
}
