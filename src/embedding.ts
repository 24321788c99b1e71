// Takes modules and things of the store from the JavaScript API, gives others: the specification's embedding interface (A.1 Embedding).
import { decode } from "./binary/decode.ts";
import { Compilation, type Engines } from "./compilation.ts";
import { type RuntimeConfig, type RuntimeSettings, runtimeSettings } from "./config.ts";
import { HostModule } from "./host/host-module.ts";
import type { Extern } from "./instance/extern.ts";
import { type Border, FunctionInstance } from "./instance/function.ts";
import { allocate, initialize } from "./instance/instantiate.ts";
import { MemoryInstance, type MemoryLimits } from "./instance/memory.ts";
import type { ModuleInstance } from "./instance/module.ts";
import type { PreparedModule } from "./instance/prepared-module.ts";
import { endless } from "./instance/store-module.ts";
import { type LimitConfig, type LimitSettings, limitsOf, meterOf } from "./limit-config.ts";
import type { MemoryType, Module } from "./syntax/module.ts";
import type { TypeId } from "./syntax/types.ts";
import { validate } from "./valid/validate.ts";

export type { Engines } from "./compilation.ts";
export { customSections } from "./custom-sections.ts";
export { ArrayInstance } from "./instance/array.ts";
export { highWord, lowWord, returnedBigInt } from "./instance/convention.ts";
export { ExceptionInstance, javascriptTag } from "./instance/exception.ts";
export type { Extern } from "./instance/extern.ts";
export { FunctionInstance } from "./instance/function.ts";
export { GlobalInstance } from "./instance/global.ts";
export { noteHostError } from "./instance/host-call.ts";
export { AllocationError } from "./instance/link-error.ts";
export { MemoryInstance } from "./instance/memory.ts";
export { checkLong } from "./instance/meter.ts";
export type { ModuleInstance } from "./instance/module.ts";
export type { PreparedModule } from "./instance/prepared-module.ts";
export { matchesRef } from "./instance/reference.ts";
export { StructInstance } from "./instance/struct.ts";
export { TableInstance } from "./instance/table.ts";
export { TagInstance } from "./instance/tag.ts";
export { defaultValue } from "./instance/value.ts";

/** The options of a runtime, and what bounds the code of each instance. */
export interface StoreConfig extends RuntimeConfig, LimitConfig {}

/** A store whose modules get externs for their imports, and no names. */
export class Store {
  readonly #settings: RuntimeSettings;
  readonly #limits: LimitSettings;
  readonly #engines: Engines;
  readonly #memoryLimits: MemoryLimits;
  #compilation: Compilation | undefined;
  /** Modules by the last bits of their lengths, until they are collected: packages compile the same bytes for each call, which hosts know again, too. */
  readonly #known: WeakRef<PreparedModule>[] = [];

  /** Throws a TypeError for a wrong option. Engines are made with the first module. */
  constructor({ fuel, deadlineMs, signal, ...config }: StoreConfig, engines: Engines) {
    this.#settings = runtimeSettings(config);
    this.#limits = limitsOf({ fuel, deadlineMs, signal });
    meterOf(this.#settings, this.#limits);
    this.#memoryLimits = { ...this.#settings.memoryLimits, exactShared: true };
    this.#engines = engines;
  }

  /** Decodes, validates and prepares a module, of bytes that nobody will change. Throws a MalformedError or an InvalidError. */
  compile(bytes: Uint8Array): PreparedModule {
    const { length } = bytes;
    const known = this.#known[length & 63]?.deref();
    if (known !== undefined && isSame(known.module.bytes, bytes)) return known;
    this.#compilation ??= new Compilation(this.#settings, this.#engines);
    const module = this.#compilation.compile(bytes);
    if (typeof WeakRef === "function") this.#known[length & 63] = new WeakRef(module);
    return module;
  }

  /** Decodes and validates a module, of bytes that may change later. Throws a MalformedError or an InvalidError. */
  validate(bytes: Uint8Array): Module {
    return validate(decode(bytes), this.#settings.features);
  }

  /** Makes an instance with externs for its imports, in order, and runs its start function. Throws a LinkError, or what its code throws. */
  instantiate(module: PreparedModule, imports: readonly Extern[]): ModuleInstance {
    let next = 0;
    const instance = allocate(module, {
      name: "",
      system: {},
      scope: endless,
      meter: meterOf(this.#settings, this.#limits),
      profiler: this.#settings.profiler,
      resolve: () => imports[next++],
      memoryLimits: this.#memoryLimits,
    });
    initialize(instance);
    const { start } = instance.module;
    if (start !== undefined) instance.functionAt(start).call();
    return instance;
  }

  /** Makes a memory. Throws a LinkError where there is no room for it. */
  allocateMemory(type: MemoryType): MemoryInstance {
    return new MemoryInstance(type, { ...this.#memoryLimits });
  }
}

const home = new HostModule("", endless);

/** Makes a function of a host's code, whose values cross a border; with `waits` it gives promises of them. */
export function allocateFunction(
  type: TypeId,
  run: (...args: never[]) => unknown,
  index: number,
  label: string,
  border: Border,
  waits: boolean,
): FunctionInstance {
  return new FunctionInstance(type, null, index, { withModule: false, waits, run, border, label, name: label, home });
}

/** Makes a function that is none of a host's: see `HostCode.isDirect`. */
export function allocateBuiltin(type: TypeId, run: (...args: never[]) => unknown, label: string): FunctionInstance {
  const host = { withModule: false, waits: false, isDirect: true, run, label, name: label, home };
  return new FunctionInstance(type, null, 0, host);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let at = a.length;
  if (at !== b.length) return false;
  while (at-- > 0) if (a[at] !== b[at]) return false;
  return true;
}
