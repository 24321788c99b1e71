// Instances as JavaScript sees them (JavaScript API: Instances; create an exports object).
import {
  type Extern,
  FunctionInstance,
  GlobalInstance,
  MemoryInstance,
  type ModuleInstance,
  TableInstance,
} from "../embedding.ts";
import { exportedFunction } from "./exported-function.ts";
import { globalObject } from "./global.ts";
import { readImports } from "./imports.ts";
import { memoryObject } from "./memory.ts";
import { type ModuleSlots, slotsOf } from "./module.ts";
import type { MemoryConstructor } from "./namespace-type.ts";
import { INSIDE } from "./object-cache.ts";
import { tableObject } from "./table.ts";
import { tagObject } from "./tag.ts";
import { thrownByLinking } from "./thrown.ts";
import { defineInterface, isObject } from "./web-idl.ts";

/** Throws a TypeError for what is no object of imports. */
export function checkImports(importObject: unknown): void {
  if (importObject !== undefined && !isObject(importObject)) throw new TypeError("the imports are not an object");
}

/** Imports that were read, to be instantiated with: what `instantiate` does later than it reads. */
export class ReadImports {
  readonly slots: ModuleSlots;
  readonly externs: readonly Extern[];

  constructor(module: unknown, importObject: unknown) {
    this.slots = slotsOf(module);
    checkImports(importObject);
    this.externs = readImports(this.slots.compiled.module.imports, importObject, this.slots.provide);
  }
}

/** An instance. */
export class Instance {
  readonly #exports: object;

  constructor(module: unknown, importObject: unknown = undefined) {
    this.#exports = exportsOf(
      importObject === INSIDE ? (module as ReadImports) : new ReadImports(module, importObject),
    );
  }

  get exports(): object {
    return this.#exports;
  }
}

defineInterface(Instance, "Instance");

function exportsOf({ slots, externs }: ReadImports): object {
  const instance = instantiate(slots, externs);
  const exports = Object.create(null);
  for (const { name } of instance.module.exports) exports[name] = objectOf(instance.extern(name)!, slots.memoryType);
  return Object.freeze(exports);
}

function instantiate({ store, compiled }: ModuleSlots, externs: readonly Extern[]): ModuleInstance {
  try {
    return store.instantiate(compiled, externs);
  } catch (error) {
    throw thrownByLinking(error);
  }
}

function objectOf(extern: Extern, memoryType: MemoryConstructor): object {
  if (extern instanceof FunctionInstance) return exportedFunction(extern);
  if (extern instanceof MemoryInstance) return memoryObject(extern, memoryType);
  if (extern instanceof TableInstance) return tableObject(extern);
  return extern instanceof GlobalInstance ? globalObject(extern) : tagObject(extern);
}
