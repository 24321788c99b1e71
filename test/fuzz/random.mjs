// Takes a seed, gives numbers and argument values: the same for every engine, in every process.

const mask = (1n << 64n) - 1n;

/** A stream of random numbers (SplitMix64). */
export class Random {
  #state;

  constructor(seed) {
    this.#state = BigInt(seed) & mask;
  }

  /** 64 bits. */
  next() {
    this.#state = (this.#state + 0x9e3779b97f4a7c15n) & mask;
    let z = this.#state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return z ^ (z >> 31n);
  }

  /** A number below `limit`. */
  below(limit) {
    return Number((this.next() >> 8n) % BigInt(limit));
  }

  /** One of a list. */
  pick(list) {
    return list[this.below(list.length)];
  }
}

const ints32 = [0, 1, -1, 2, 3, 7, 8, 31, 32, 33, 255, 256, 65535, 65536, 0x7fffffff, -0x80000000, -0x7fffffff];
const ints64 = [0n, 1n, -1n, 2n, 63n, 64n, 0xffffffffn, 0x100000000n, 0x7fffffffffffffffn, -0x8000000000000000n];
const floats32 = [0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7fa00000];
const moreFloats32 = [0x00000001, 0x007fffff, 0x7f7fffff, 0x4effffff, 0x4f000000, 0xcf000000, 0x5f000000, 0x3f000000];
const floats64 = [0x0n, 0x8000000000000000n, 0x3ff0000000000000n, 0xbff0000000000000n, 0x7ff0000000000000n];
const moreFloats64 = [0xfff0000000000000n, 0x7ff8000000000000n, 0x7ff4000000000000n, 0x1n, 0x41dfffffffc00000n];
const evenMoreFloats64 = [0x41e0000000000000n, 0x43e0000000000000n, 0xc3e0000000000000n, 0x3fe0000000000000n];

/** Values of the host for external references. Numbers are left out: hosts may turn them into i31. */
export const hostValues = ["ada", "", Symbol.for("fuzz"), Object.freeze({ host: true })];

const small = (random) => random.below(64);
const makers = {
  i: (random) =>
    random.pick([() => random.pick(ints32), () => small(random), () => Number(random.next() >> 32n) | 0])(),
  l: (random) =>
    random.pick([() => random.pick(ints64), () => BigInt(small(random)), () => BigInt.asIntN(64, random.next())])(),
  f: (random) =>
    random.pick([() => random.pick([...floats32, ...moreFloats32]) | 0, () => Number(random.next() >> 32n) | 0])(),
  d: (random) =>
    random.pick([
      () => BigInt.asIntN(64, random.pick([...floats64, ...moreFloats64, ...evenMoreFloats64])),
      () => BigInt.asIntN(64, random.next()),
    ])(),
  s: (random) => random.pick([0, 1, 2, -1, 0x40000000, 0x7fffffff]),
  e: (random) => random.pick([null, ...hostValues]),
  n: (random) => random.pick(hostValues),
};

/** Arguments for the letters of a wrapper's name: see generator/src/construct.rs. */
export function argumentsFor(letters, random) {
  return [...letters].map((letter) => makers[letter](random));
}
