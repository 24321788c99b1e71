// Takes a seed, gives random numbers: fast, as a module asks for thousands of them.

export class Dice {
  #state;

  constructor(seed) {
    this.#state = (Math.imul(seed % 2 ** 32, 0x9e3779b1) ^ Math.floor(seed / 2 ** 32)) | 0;
    for (let i = 0; i < 4; i++) this.word();
  }

  /** 32 bits, unsigned (mulberry32). */
  word() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(limit) {
    return Math.floor((this.word() / 2 ** 32) * limit);
  }

  /** True once in `n` times. */
  once(n) {
    return this.below(n) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

/** Takes names and their weights, gives a table to pick from. */
export const weigh = (weights) => Object.entries(weights).flatMap(([name, weight]) => Array(weight).fill(name));
