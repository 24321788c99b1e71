// The modules of one runtime: by name, and all that are open.
import { LinkError } from "./api/errors.ts";
import type { Module } from "./api/module.ts";
import type { Linkable } from "./instance/extern.ts";

/** A module that others can import from. */
export type StoreModule = Module & Linkable;

type Holder = { deref(): StoreModule | undefined };

// Anonymous modules are held weakly, so that a sandbox nobody closes can still be collected.
const hold = (module: StoreModule): Holder =>
  module.name === "" && typeof WeakRef === "function" ? new WeakRef(module) : { deref: () => module };

export class OpenModules {
  readonly #named = new Map<string, StoreModule>();
  #holders: Holder[] = [];
  #sweepAt = 64;

  get(name: string): StoreModule | undefined {
    return this.#named.get(name);
  }

  /** Throws a LinkError where a name is taken; "" never is. */
  checkName(name: string): void {
    if (this.#named.has(name)) throw new LinkError(`a module named "${name}" is already instantiated in this runtime`);
  }

  /** Adds a module until it closes. */
  add(module: StoreModule): void {
    this.checkName(module.name);
    if (module.name !== "") this.#named.set(module.name, module);
    this.#holders.push(hold(module));
    if (this.#holders.length >= this.#sweepAt) this.#sweep();
    module.onClose(() => this.remove(module));
  }

  /** Frees the module's name. */
  remove(module: StoreModule): void {
    if (this.#named.get(module.name) === module) this.#named.delete(module.name);
  }

  /** Closes all, the last first; then throws what the first failing listener threw. */
  close(exitCode: number): void {
    const failures: unknown[] = [];
    for (const holder of this.#holders.reverse()) {
      try {
        holder.deref()?.close(exitCode);
      } catch (error) {
        failures.push(error);
      }
    }
    this.#holders = [];
    if (failures.length > 0) throw failures[0];
  }

  #sweep(): void {
    this.#holders = this.#holders.filter((holder) => holder.deref()?.closed === false);
    this.#sweepAt = Math.max(64, this.#holders.length * 2);
  }
}
