// Takes uses of the arrays that all functions share, gives a function's own names for them.

/**
 * The arrays that all functions share, for each of which a function has a name of its own, in small letters: V8 finds out too late about a constant
 * that a loop reads from outside.
 */
export class SharedArrays {
  readonly #inFunction = new Set<string>();

  /** Begins a function. */
  begin(): void {
    this.#inFunction.clear();
  }

  /** The words of globals, or the same as doubles. */
  name(array: "G" | "GD"): string {
    this.#inFunction.add(array);
    return array.toLowerCase();
  }

  /** Where a function leaves the high half of its result. */
  high(): string {
    this.#inFunction.add("H");
    return "h[0]";
  }

  /** Declares the function's own names. */
  bind(): string {
    const list = [...this.#inFunction].map((array) => `${array.toLowerCase()}=${array}`);
    return list.length === 0 ? "" : `const ${list.join()};`;
  }
}
