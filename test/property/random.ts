// Takes a seed, gives the same row of pseudo-random numbers on every host (xorshift32).

export class Random {
  #state: number;

  constructor(seed: number) {
    // Zero would stay zero; neighbouring seeds should not give similar rows.
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 0 || 1;
    for (let i = 0; i < 4; i++) this.word();
  }

  /** 32 random bits, unsigned. */
  word(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor((this.word() / 4294967296) * below);
  }

  /** True once in `n` times. */
  once(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  bits64(): bigint {
    return (BigInt(this.word()) << 32n) | BigInt(this.word());
  }
}
