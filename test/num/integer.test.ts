// Takes a million pairs of 64-bit integers, compares division on halves with BigInt; and the bit counts.
import assert from "node:assert/strict";
import test from "node:test";
import { HIGH, i32Ctz, i32Popcnt, i64DivS, i64DivU, i64RemS, i64RemU } from "#dist/num/integer.js";
import { Random } from "../property/random.ts";
import { edges } from "../property/values.ts";

const SEED = 4242;
const PAIRS = 1_000_000;
const MAX = (1n << 64n) - 1n;

const unsigned = new BigUint64Array(3);
const signed = new BigInt64Array(unsigned.buffer);
const words = new Int32Array(unsigned.buffer);

/** The quotient of int32 halves as one number. */
function joined(low: number): void {
  words[4] = low;
  words[5] = HIGH[0]!;
}

const clamp = (x: bigint): bigint => (x < 0n ? -x : x) & MAX;

/** Near powers of two: where a double stops being exact, and where digits of base 2^32 end. */
function nearPower(random: Random, below: number): bigint {
  const power =
    below > 31 && random.once(2) ? random.pick([31, 32, 33, 52, 53, 54].filter((n) => n < below)) : random.below(below);
  return clamp((1n << BigInt(power)) + BigInt(random.below(9) - 4));
}

/** Dividends around multiples of the divisor, whose quotients or divisors are near powers of two; and anything. */
function choosePair(random: Random): void {
  const kind = random.below(4);
  if (kind === 0) {
    unsigned[0] = random.bits64() >> BigInt(random.below(64));
    unsigned[1] = random.bits64() >> BigInt(random.below(64));
    return;
  }
  if (kind === 1 && random.once(4)) {
    unsigned[0] = random.pick(edges.i64);
    unsigned[1] = random.pick(edges.i64);
    return;
  }
  const bits = random.below(64);
  const quotient = nearPower(random, bits + 1);
  const divisor = kind === 1 ? nearPower(random, 64 - bits) : random.bits64() >> BigInt(bits);
  const rest = random.pick([0n, 1n, -1n, divisor - 1n, divisor >> 1n]);
  unsigned[0] = clamp(quotient * divisor + rest);
  unsigned[1] = divisor;
}

test(`${PAIRS} quotients and remainders are BigInt's (seed ${SEED})`, () => {
  const random = new Random(SEED);
  const fail = (name: string): never =>
    assert.fail(`${name}(${unsigned[0]}, ${unsigned[1]}) gives ${unsigned[2]} (${signed[2]})`);
  for (let i = 0; i < PAIRS; i++) {
    choosePair(random);
    if (unsigned[1] === 0n) unsigned[1] = 1n;
    const [al, ah, bl, bh] = words as unknown as [number, number, number, number];
    const a = unsigned[0]!;
    const b = unsigned[1]!;
    joined(i64DivU(al, ah, bl, bh));
    const quotient = a / b;
    if (unsigned[2] !== quotient) fail("div_u");
    joined(i64RemU(al, ah, bl, bh));
    if (unsigned[2] !== a - quotient * b) fail("rem_u");
    const x = signed[0]!;
    const y = signed[1]!;
    joined(i64RemS(al, ah, bl, bh));
    if (signed[2] !== x % y) fail("rem_s");
    if (y === -1n && x === -(1n << 63n)) continue;
    joined(i64DivS(al, ah, bl, bh));
    if (signed[2] !== x / y) fail("div_s");
  }
});

test("bit counts are those of the digits", () => {
  const random = new Random(SEED);
  const values = [
    ...edges.i32.map(Number),
    ...Array.from({ length: 20_000 }, () => random.word() >>> random.below(32)),
  ];
  for (let shift = 0; shift < 32; shift++) values.push(2 ** shift, (-1 << shift) >>> 0, (random.word() << shift) >>> 0);
  for (const value of values) {
    const digits = value.toString(2).padStart(32, "0");
    assert.equal(i32Ctz(value | 0), value === 0 ? 32 : 31 - digits.lastIndexOf("1"), `ctz ${value}`);
    assert.equal(i32Popcnt(value | 0), digits.replaceAll("0", "").length, `popcnt ${value}`);
  }
});
