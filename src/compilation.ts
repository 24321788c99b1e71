// Takes a runtime's settings and its door's engines, gives compiled modules of their bytes: decoding, validation, translation or the cache.
import { UnsupportedError } from "./api/errors.ts";
import type { PrecompiledModule } from "./api/precompiled.ts";
import { decode } from "./binary/decode.ts";
import { Compiled } from "./compiled-module.ts";
import type { RuntimeSettings } from "./config.ts";
import type { Engine, EngineOptions, MakeEngine, PrecompiledEngine } from "./instance/engine.ts";
import { MeteredEngine } from "./instance/metered-engine.ts";
import { CacheEntry, cacheKey } from "./module-cache.ts";
import { isPrecompiled, openPrecompiled } from "./precompiled.ts";
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

/** A module's binary form. */
export type Binary = Uint8Array | ArrayBuffer;

/** The same, or a module that was compiled ahead of time. */
export type Source = Binary | PrecompiledModule;

/** What compiles the modules of one runtime. */
export class Compilation {
  readonly engine: Engine;
  readonly #settings: RuntimeSettings;
  readonly #engines: Engines;
  #linked: PrecompiledEngine | undefined;

  /** Throws an UnsupportedError for an engine that cannot be had. */
  constructor(settings: RuntimeSettings, engines: Engines) {
    this.#settings = settings;
    this.#engines = engines;
    const engine = chooseEngine(settings, engines);
    this.engine = settings.metering !== false ? new MeteredEngine(engine) : engine;
  }

  /** Decodes, validates and prepares a module, of a copy of its bytes. Throws a MalformedError or an InvalidError. */
  compile(what: Source): Compiled {
    if (!isPrecompiled(what)) return this.compileBytes(copyOf(what));
    const { bytes, chunks } = openPrecompiled(what);
    const linked = this.#linkedEngine();
    if (linked === undefined) return this.compileBytes(bytes);
    const module = validate(decode(bytes), this.#settings.features);
    return new Compiled(module, linked, linked.prepareChunks(module, chunks), this.#settings);
  }

  /** The same of bytes that nobody will change. */
  compileBytes(bytes: Uint8Array): Compiled {
    const settings = this.#settings;
    const { module, entry } = validated(bytes, settings);
    if (settings.metering !== false) Object.assign(module, { isMetered: true });
    if (settings.profiler !== null) Object.assign(module, { isProfiled: true });
    const { engine } = this;
    const code = (entry && engine.prepareCached?.(module, entry)) ?? engine.prepare(module);
    return new Compiled(module, engine, code, settings);
  }

  /** What runs modules compiled ahead of time, unless the interpreter does; what was compiled counts nothing. */
  #linkedEngine(): PrecompiledEngine | undefined {
    const { engine, engineOptions, metering, profiler } = this.#settings;
    if (engine === "interpreter" || metering !== false || profiler !== null) return undefined;
    this.#linked ??= this.#engines.linked?.(engineOptions);
    return this.#linked;
  }
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

// A plain Uint8Array of its own: bodies are read as late as their first call, long after they were validated.
function copyOf(binary: Binary): Uint8Array {
  if (ArrayBuffer.isView(binary)) return new Uint8Array(binary.buffer, binary.byteOffset, binary.byteLength).slice();
  const tag = Object.prototype.toString.call(binary);
  if (tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]") return new Uint8Array(binary).slice();
  throw new TypeError("a module is given as a Uint8Array, an ArrayBuffer, or what compile returned");
}
