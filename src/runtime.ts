// The facade: from bytes to modules that run. The doors hand in the engines.
import { ExitError, LinkError } from "./api/errors.ts";
import type { HostModuleBuilder, HostRuntime } from "./api/host.ts";
import type { CompiledModule, Module } from "./api/module.ts";
import type { Engines } from "./compilation.ts";
import { Compiled } from "./compiled-module.ts";
import { type RuntimeConfig, type RuntimeSettings, runtimeSettings } from "./config.ts";
import { Builder } from "./host/builder.ts";
import { importResolver } from "./imports.ts";
import { checkOpen } from "./instance/closing.ts";
import { FunctionInstance } from "./instance/function.ts";
import { allocate, initialize, run, runAsync } from "./instance/instantiate.ts";
import type { ModuleInstance } from "./instance/module.ts";
import { meterOf } from "./limit-config.ts";
import { type ModuleConfig, type ModuleSettings, moduleSettings } from "./module-config.ts";
import { OpenModules } from "./open-modules.ts";
import { type Source, SourceCompilation } from "./source-compilation.ts";

/** A runtime: modules are compiled and instantiated in it, and import from one another by name. */
export abstract class BaseRuntime implements HostRuntime {
  /** The engine in force. */
  readonly engine: "compiler" | "interpreter";
  readonly #settings: RuntimeSettings;
  readonly #compilation: SourceCompilation;
  readonly #modules = new OpenModules();

  protected constructor(config: RuntimeConfig | undefined, engines: Engines) {
    this.#settings = runtimeSettings(config);
    this.#compilation = new SourceCompilation(this.#settings, engines);
    this.engine = this.#compilation.engine.name;
  }

  /**
   * Decodes, validates and prepares a module. The bytes are copied: changing them later changes nothing.
   * @throws MalformedError, InvalidError
   */
  compile(what: Source): CompiledModule {
    this.#checkOpen();
    return this.#compile(what);
  }

  /**
   * Makes an instance, of a module that this runtime compiled or of bytes, and runs its start functions. A command that ends with exit code 0
   * comes back closed.
   * @throws LinkError, Trap, ExitError, or what a host function threw.
   */
  instantiate(what: CompiledModule | Source, config?: ModuleConfig): Module {
    const { instance, start, entries } = this.#begin(what, config);
    try {
      if (start !== undefined) run(instance, start);
    } catch (error) {
      return this.#startFailed(instance, error);
    }
    try {
      for (const entry of entries) run(instance, entry);
      checkOpen(instance);
    } catch (error) {
      return this.#entryFailed(instance, error);
    }
    return instance;
  }

  /** As `instantiate`, but start functions may be suspended by promises of host functions. */
  async instantiateAsync(what: CompiledModule | Source, config?: ModuleConfig): Promise<Module> {
    const { instance, start, entries } = this.#begin(what, config);
    try {
      if (start !== undefined) await runAsync(instance, start);
    } catch (error) {
      return this.#startFailed(instance, error);
    }
    try {
      for (const entry of entries) await runAsync(instance, entry);
      checkOpen(instance);
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
    return new Compiled(this.#compilation.compileSource(what), this.#settings);
  }

  // All of an instantiation before code of the guest runs.
  #begin(what: CompiledModule | Source, config: ModuleConfig | undefined): Beginning {
    this.#checkOpen();
    const settings = moduleSettings(config);
    const compiled = what instanceof Compiled ? what : this.#compile(what as Source);
    // Its code counts what that runtime was to count, and has the features that it allows.
    if (compiled.settings !== this.#settings)
      throw new LinkError("the module was compiled by another runtime: compile it with this one");
    if (compiled.closed) throw new LinkError("the compiled module was closed");
    this.#modules.checkName(settings.name);
    const meter = meterOf(this.#settings, settings.limits);
    const instance = allocate(compiled.prepared, {
      name: settings.name,
      system: settings.system,
      scope: this.#modules,
      meter,
      profiler: this.#settings.profiler,
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
    if (this.#modules.closing) throw new Error("the runtime is closed");
  }
}

interface Beginning {
  readonly instance: ModuleInstance;
  /** Of the module's start section. */
  readonly start: FunctionInstance | undefined;
  /** Of the configuration. */
  readonly entries: readonly FunctionInstance[];
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
