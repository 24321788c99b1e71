// The modules of one runtime: those with a name, and those that want to hear of its end.
import { LinkError } from "./api/errors.ts";
import type { Scope, StoreModule } from "./instance/store-module.ts";

type Holder = { deref(): StoreModule | undefined };

// A module that has no name, or lost it with a start function that failed, and that nobody closes can still be collected.
const hold = (module: StoreModule): Holder =>
  typeof WeakRef === "function" ? new WeakRef(module) : { deref: () => module };

/** The scope that all modules of one runtime live in. */
export class OpenModules implements Scope {
  closed = false;
  exitCode = 0;
  /** From the first listener on: what those would instantiate, nobody would close. */
  closing = false;
  readonly #named = new Map<string, StoreModule>();
  readonly #watched = new Map<number, Holder>();
  #next = 0;
  #sweepAt = 64;

  /** None that is closed, also where its listeners are still being told. */
  get(name: string): StoreModule | undefined {
    const found = this.#named.get(name);
    return found?.closed === false ? found : undefined;
  }

  /** Throws a LinkError where a name is taken; "" never is. */
  checkName(name: string): void {
    if (this.get(name) !== undefined)
      throw new LinkError(`a module named "${name}" is already instantiated in this runtime`);
  }

  /** Registers a module by its name until it closes. */
  add(module: StoreModule): void {
    if (module.name === "") return;
    this.checkName(module.name);
    this.#named.set(module.name, module);
    module.onClose(() => this.remove(module));
  }

  /** Frees the module's name. */
  remove(module: StoreModule): void {
    if (this.#named.get(module.name) === module) this.#named.delete(module.name);
  }

  watch(module: StoreModule): () => void {
    const key = this.#next++;
    this.#watched.set(key, hold(module));
    if (this.#watched.size >= this.#sweepAt) this.#sweep();
    return () => this.#watched.delete(key);
  }

  /** Closes all, the last first; then throws what the first failing listener threw. */
  close(exitCode: number): void {
    if (this.closing) return;
    this.closing = true;
    const failures: unknown[] = [];
    for (const holder of [...this.#watched.values()].reverse()) {
      try {
        holder.deref()?.close(exitCode);
      } catch (error) {
        failures.push(error);
      }
    }
    this.closed = true;
    this.exitCode = exitCode;
    if (failures.length > 0) throw failures[0];
  }

  #sweep(): void {
    for (const [key, holder] of this.#watched) if (holder.deref() === undefined) this.#watched.delete(key);
    this.#sweepAt = Math.max(64, this.#watched.size * 2);
  }
}
