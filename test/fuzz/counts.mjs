// Counts what happened, over threads: numbers by name, and reasons for which a module could not be compared.

export class Counts {
  #numbers = {};
  #reasons = {};

  /** Takes counts of another thread in. */
  merge({ numbers, reasons }) {
    for (const [name, count] of Object.entries(numbers)) this.add(name, count);
    for (const [why, count] of Object.entries(reasons)) this.#reasons[why] = (this.#reasons[why] ?? 0) + count;
    return this;
  }

  add(name, count = 1) {
    this.#numbers[name] = (this.#numbers[name] ?? 0) + count;
  }

  inconclusive(why) {
    this.add("inconclusive");
    this.#reasons[why] = (this.#reasons[why] ?? 0) + 1;
  }

  get(name) {
    return this.#numbers[name] ?? 0;
  }

  /** What can be sent between threads. */
  plain() {
    return { numbers: this.#numbers, reasons: this.#reasons };
  }

  /** "5 modules, 12 calls", with zeros for the names that are always told. */
  text() {
    const numbers = { ...this.#numbers, inconclusive: this.get("inconclusive"), differences: this.get("differences") };
    return Object.entries(numbers)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  }

  /** One line a reason, the most frequent first. */
  reasons() {
    return Object.entries(this.#reasons)
      .sort(([, a], [, b]) => b - a)
      .map(([why, count]) => `  inconclusive ${count} times: ${why}`);
  }
}
