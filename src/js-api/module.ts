// Modules as JavaScript sees them (JavaScript API: Modules).
import { InvalidError, MalformedError, UnsupportedError } from "../api/errors.ts";
import { customSections, type PreparedModule, type Store } from "../embedding.ts";
import { externNouns } from "../syntax/module.ts";
import { type CompileOptions, compileOptions, providerOf } from "./compile-options.ts";
import { CompileError } from "./errors.ts";
import type { Provide } from "./imports.ts";
import type { MemoryConstructor, ModuleConstructor } from "./namespace-type.ts";
import { INSIDE } from "./object-cache.ts";
import { bytesOf, defineInterface } from "./web-idl.ts";

/** What a module's object stands for. */
export interface ModuleSlots {
  readonly compiled: PreparedModule;
  readonly store: Store;
  /** The class of the memories that its instances export. */
  readonly memoryType: MemoryConstructor;
  readonly options: CompileOptions;
  /** Gives imports that the object of imports is not asked for. */
  readonly provide: Provide;
}

/** What a namespace makes modules with. */
export type ModuleOrigin = Pick<ModuleSlots, "store" | "memoryType">;

const slots = new WeakMap<object, ModuleSlots>();

/** What a module's object stands for. Throws a TypeError for other values. */
export function slotsOf(module: unknown): ModuleSlots {
  const found = slots.get(module as object);
  if (found === undefined) throw new TypeError("a module was expected");
  return found;
}

/** Whether a value is a module. */
export function isModule(value: unknown): boolean {
  return slots.has(value as object);
}

/** The class of a namespace's modules, which its store compiles. */
export function moduleClass(origin: ModuleOrigin): ModuleConstructor {
  class Module {
    constructor(bytes: unknown, options: unknown = undefined) {
      const request = options === INSIDE ? (bytes as ModuleRequest) : new ModuleRequest(bytes, options);
      // Of a kind that no message takes: to post it throws, where a plain object would arrive empty.
      const module = Reflect.construct(WeakSet, [], new.target);
      slots.set(module, request.compile(origin));
      // biome-ignore lint/correctness/noConstructorReturn: that is the object
      return module;
    }

    static exports(moduleObject: unknown): object[] {
      return exportsOf(slotsOf(moduleObject));
    }

    static imports(moduleObject: unknown): object[] {
      return importsOf(slotsOf(moduleObject));
    }

    static customSections(moduleObject: unknown, sectionName: unknown): ArrayBuffer[] {
      const module = slotsOf(moduleObject);
      // biome-ignore lint/complexity/noArguments: an undefined name is the name "undefined", a missing one is none
      if (arguments.length < 2) throw new TypeError("the name of a section is missing");
      return sectionsOf(module, sectionName);
    }
  }
  defineInterface(Module, "Module");
  return Module as unknown as ModuleConstructor;
}

/** Bytes that were copied and options that were read, to be compiled: what `compile` does later than it reads. */
export class ModuleRequest {
  readonly #bytes: Uint8Array;
  readonly #options: CompileOptions;

  constructor(bytes: unknown, options: unknown) {
    this.#bytes = bytesOf(bytes, "a module's source").slice();
    this.#options = compileOptions(options);
  }

  /** Throws a CompileError where the bytes are no module. */
  compile(origin: ModuleOrigin): ModuleSlots {
    try {
      const compiled = origin.store.compile(this.#bytes);
      const provide = providerOf(this.#options, compiled.module.imports);
      return { ...origin, compiled, options: this.#options, provide };
    } catch (error) {
      throw isRefusal(error) ? new CompileError(error.message) : error;
    }
  }
}

/** Whether bytes are a module that the options do not refuse. */
export function isValid(store: Store, source: unknown, options: unknown): boolean {
  const bytes = bytesOf(source, "a module's source");
  const read = compileOptions(options);
  try {
    providerOf(read, store.validate(bytes).imports);
    return true;
  } catch (error) {
    if (error instanceof CompileError || isRefusal(error)) return false;
    throw error;
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof MalformedError || error instanceof InvalidError || error instanceof UnsupportedError;
}

function exportsOf({ compiled }: ModuleSlots): object[] {
  return compiled.module.exports.map(({ name, kind }) => ({ name, kind: externNouns[kind] }));
}

function importsOf({ compiled, provide }: ModuleSlots): object[] {
  return compiled.module.imports
    .filter((want) => provide(want) === undefined)
    .map(({ module, name, extern }) => ({ module, name, kind: externNouns[extern.kind] }));
}

function sectionsOf({ compiled }: ModuleSlots, sectionName: unknown): ArrayBuffer[] {
  // Of a symbol no text is made: that is a TypeError.
  return customSections(compiled.module, `${sectionName}`).map(({ buffer }) => buffer as ArrayBuffer);
}
