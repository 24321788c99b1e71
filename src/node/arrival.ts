// One promise for all who wait for the same thing to come.

/** Something that comes again and again. */
export class Arrival {
  #promise: Promise<void> | undefined;
  #resolve: (() => void) | undefined;

  /** Settles when it comes next. */
  next(): Promise<void> {
    this.#promise ??= new Promise((resolve) => {
      this.#resolve = resolve;
    });
    return this.#promise;
  }

  /** It has come. */
  come(): void {
    this.#promise = undefined;
    this.#resolve?.();
  }
}
