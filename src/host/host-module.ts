// A module whose exports are made by the host; no code of a guest belongs to it (specification: 4.7.1 Allocation).
import type { Memory } from "../api/memory.ts";
import type { Extern } from "../instance/extern.ts";
import { MemoryInstance } from "../instance/memory.ts";
import { type Scope, StoreModule } from "../instance/store-module.ts";

/** A host module: a map of names to externs. */
export class HostModule extends StoreModule {
  readonly #exports = new Map<string, Extern>();

  constructor(name: string, scope: Scope) {
    super(name, {}, scope);
  }

  /** Exports something. The name is not taken. */
  add(name: string, extern: Extern): void {
    this.#exports.set(name, extern);
  }

  override extern(name: string): Extern | undefined {
    return this.#exports.get(name);
  }

  override get exportNames(): readonly string[] {
    return [...this.#exports.keys()];
  }

  override get memory(): Memory | undefined {
    return this.exportedMemory("memory") ?? [...this.#exports.values()].find((one) => one instanceof MemoryInstance);
  }
}
