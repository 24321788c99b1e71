// The facade: from bytes to modules that run. The doors hand in the engines.
import { ExitError, LinkError, UnsupportedError } from "./api/errors.ts";
import type { HostModuleBuilder, HostRuntime } from "./api/host.ts";
import type { CompiledModule, Module } from "./api/module.ts";
import type { PrecompiledModule } from "./api/precompiled.ts";
import { decode } from "./binary/decode.ts";
import { Compiled } from "./compiled-module.ts";
import {
  type ModuleConfig,
  type ModuleSettings,
  moduleSettings,
  type RuntimeConfig,
  type RuntimeSettings,
  runtimeSettings,
} from "./config.ts";
import { Builder } from "./host/builder.ts";
import { importResolver } from "./imports.ts";
import type { Engine, EngineOptions, MakeEngine, PrecompiledEngine } from "./instance/engine.ts";
import { FunctionInstance } from "./instance/function.ts";
import { allocate, initialize } from "./instance/instantiate.ts";
import type { ModuleInstance } from "./instance/module.ts";
import { CacheEntry, cacheKey } from "./module-cache.ts";
import { OpenModules } from "./open-modules.ts";
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

/** A runtime: modules are compiled and instantiated in it, and import from one another by name. */
export abstract class BaseRuntime implements HostRuntime {
  /** The engine in force. */
  readonly engine: "compiler" | "interpreter";
  readonly #settings: RuntimeSettings;
  readonly #engine: Engine;
  readonly #engines: Engines;
  #linked: PrecompiledEngine | undefined;
  readonly #modules = new OpenModules();

  protected constructor(config: RuntimeConfig | undefined, engines: Engines) {
    this.#settings = runtimeSettings(config);
    this.#engine = chooseEngine(this.#settings, engines);
    this.engine = this.#engine.name;
    this.#engines = engines;
  }

  /**
   * Decodes, validates and prepares a module. The bytes are copied: changing them later changes nothing.
   * @throws MalformedError, InvalidError
   */
  compile(what: Source): CompiledModule {
    return this.#compile(what);
  }

  /**
   * Makes an instance and runs its start functions. A command that ends with exit code 0 comes back closed.
   * @throws LinkError, Trap, ExitError, or what a host function threw.
   */
  instantiate(what: CompiledModule | Source, config?: ModuleConfig): Module {
    const { instance, start, entries } = this.#begin(what, config);
    try {
      start?.call();
    } catch (error) {
      return this.#startFailed(instance, error);
    }
    try {
      for (const entry of entries) entry.call();
    } catch (error) {
      return this.#entryFailed(instance, error);
    }
    return instance;
  }

  /** As `instantiate`, but start functions may be suspended by promises of host functions. */
  async instantiateAsync(what: CompiledModule | Source, config?: ModuleConfig): Promise<Module> {
    const { instance, start, entries } = this.#begin(what, config);
    try {
      await start?.callAsync();
    } catch (error) {
      return this.#startFailed(instance, error);
    }
    try {
      for (const entry of entries) await entry.callAsync();
    } catch (error) {
      return this.#entryFailed(instance, error);
    }
    return instance;
  }

  /** Begins a module whose exports are written in JavaScript. */
  hostModule(name: string): HostModuleBuilder {
    return new Builder(name, {
      memoryLimits: this.#settings.memoryLimits,
      scope: this.#modules,
      register: (module) => {
        this.#checkOpen();
        this.#modules.add(module);
      },
    });
  }

  /** The open module of that name. */
  module(name: string): Module | undefined {
    return this.#modules.get(name);
  }

  /** Closes all modules; nothing can be compiled or instantiated afterwards. */
  close(exitCode = 0): void {
    this.#modules.close(exitCode);
  }

  #compile(what: Source): Compiled {
    this.#checkOpen();
    const settings = this.#settings;
    const { bytes, chunks } = isPrecompiled(what) ? openPrecompiled(what) : { bytes: copyOf(what), chunks: null };
    const linked = chunks === null ? undefined : this.#linkedEngine();
    if (linked !== undefined) {
      const module = validate(decode(bytes), settings.features);
      return new Compiled(module, linked, linked.prepareChunks(module, chunks!), settings);
    }
    const { module, entry } = validated(bytes, settings);
    const engine = this.#engine;
    const code = (entry && engine.prepareCached?.(module, entry)) ?? engine.prepare(module);
    return new Compiled(module, engine, code, settings);
  }

  /** What runs modules compiled ahead of time, unless the interpreter does. */
  #linkedEngine(): PrecompiledEngine | undefined {
    const { engine, engineOptions } = this.#settings;
    if (engine === "interpreter") return undefined;
    this.#linked ??= this.#engines.linked?.(engineOptions);
    return this.#linked;
  }

  // All of an instantiation before code of the guest runs.
  #begin(what: CompiledModule | Source, config: ModuleConfig | undefined): Beginning {
    this.#checkOpen();
    const settings = moduleSettings(config);
    const compiled = what instanceof Compiled ? what : this.#compile(what as Source);
    if (compiled.closed) throw new LinkError("the compiled module was closed");
    this.#modules.checkName(settings.name);
    const instance = allocate(compiled.prepared, {
      name: settings.name,
      system: settings.system,
      scope: this.#modules,
      resolve: importResolver(settings.imports, (name) => this.#modules.get(name)),
      memoryLimits: this.#settings.memoryLimits,
    });
    const entries = entriesOf(instance, settings);
    this.#modules.add(instance);
    try {
      initialize(instance);
    } catch (error) {
      this.#modules.remove(instance);
      throw error;
    }
    const { start } = instance.module;
    return { instance, start: start === undefined ? undefined : instance.functionAt(start), entries };
  }

  // The instance has no name any more, but stays open: tables of others may hold its functions.
  #startFailed(instance: ModuleInstance, error: unknown): Module {
    if (error instanceof ExitError) return this.#entryFailed(instance, error);
    this.#modules.remove(instance);
    throw error;
  }

  #entryFailed(instance: ModuleInstance, error: unknown): Module {
    instance.close(error instanceof ExitError ? error.exitCode : 1);
    if (error instanceof ExitError && error.exitCode === 0) return instance;
    throw error;
  }

  #checkOpen(): void {
    if (this.#modules.closed) throw new Error("the runtime is closed");
  }
}

interface Beginning {
  readonly instance: ModuleInstance;
  /** Of the module's start section. */
  readonly start: FunctionInstance | undefined;
  /** Of the configuration. */
  readonly entries: readonly FunctionInstance[];
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

function entriesOf(instance: ModuleInstance, { startFunctions }: ModuleSettings): readonly FunctionInstance[] {
  if (startFunctions === undefined) {
    const found = ["_start", "_initialize"].map((name) => instance.extern(name)).find(isEntry);
    return found === undefined ? [] : [found];
  }
  return startFunctions.map((name) => {
    const found = instance.extern(name);
    if (!isEntry(found)) throw new LinkError(`start function "${name}" is no exported function without parameters`);
    return found;
  });
}

function isEntry(extern: unknown): extern is FunctionInstance {
  return extern instanceof FunctionInstance && extern.signature.params.length === 0;
}

// A plain Uint8Array of its own: bodies are read as late as their first call, long after they were validated.
function copyOf(binary: Binary): Uint8Array {
  if (ArrayBuffer.isView(binary)) return new Uint8Array(binary.buffer, binary.byteOffset, binary.byteLength).slice();
  const tag = Object.prototype.toString.call(binary);
  if (tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]") return new Uint8Array(binary).slice();
  throw new TypeError("a module is given as a Uint8Array, an ArrayBuffer, or what compile returned");
}
