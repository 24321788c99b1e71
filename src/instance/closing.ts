// Takes listeners, tells them once that a module closes.

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
