// Takes listeners, tells them once that a module closes; and what refuses calls from then on.
import { ExitError } from "../api/errors.ts";
import type { Module } from "../api/module.ts";

/** Throws the ExitError of a module that was closed. */
export function checkOpen(module: Module): void {
  if (module.closed) throw new ExitError(module.exitCode, module.name);
}

/** The listeners of one module. */
export class Closing {
  readonly #listeners: ((exitCode: number) => void)[] = [];

  listen(listener: (exitCode: number) => void): void {
    this.#listeners.push(listener);
  }

  /** Tells a listener no more. */
  forget(listener: (exitCode: number) => void): void {
    const at = this.#listeners.lastIndexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  /** Tells all, the last first, as what came later may stand on what came before; then throws what the first failure threw. */
  tell(exitCode: number): void {
    const failures: unknown[] = [];
    for (let listener = this.#listeners.pop(); listener !== undefined; listener = this.#listeners.pop()) {
      try {
        listener(exitCode);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
