// One promise for all who wait for the same thing to come.

/** Something that comes again and again. */
export class Arrival {
  #next: Promise<void> | undefined;
  #resolve: (() => void) | undefined;
  #until: Promise<boolean> | undefined;

  /** Settles when it comes next. */
  next(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      this.#resolve = resolve;
    });
    return this.#next;
  }

  /** It has come. */
  come(): void {
    this.#next = undefined;
    this.#resolve?.();
  }

  /** Settles once it has come and a condition holds, always the same one: who asks again and again gets the same promise. */
  until(holds: () => boolean): true | Promise<boolean> {
    if (holds()) return true;
    this.#until ??= this.#wait(holds);
    return this.#until;
  }

  async #wait(holds: () => boolean): Promise<boolean> {
    do await this.next();
    while (!holds());
    this.#until = undefined;
    return true;
  }
}
