// Takes a number type, gives the bit patterns at its edges, and arbitrary ones for fast-check.
import fc from "fast-check";
import type { Random } from "./random.ts";

/** The types whose values are bits. */
export type NumberType = "i32" | "i64" | "f32" | "f64" | "v128";

/** A value of any type as its bits, unsigned. */
export type Bits = bigint;

const view = new DataView(new ArrayBuffer(8));

export function bitsOfF64(value: number): Bits {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

export function bitsOfF32(value: number): Bits {
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
}

export function f64OfBits(bits: Bits): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

export function f32OfBits(bits: Bits): number {
  view.setUint32(0, Number(bits));
  return view.getFloat32(0);
}

export function widthOf(type: NumberType): 32 | 64 | 128 {
  if (type === "v128") return 128;
  return type === "i32" || type === "f32" ? 32 : 64;
}

const ints = (width: 32 | 64, values: readonly bigint[]) => values.map((value) => BigInt.asUintN(width, value));

const i32 = ints(
  32,
  [0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7ffffffe].map(BigInt),
).concat([0x7fffffffn, 0x80000000n, 0x80000001n, 0x40000000n, 0x55555555n, 0xdeadbeefn]);

const two = (n: number) => 1n << BigInt(n);
const i64 = ints(64, [
  ...[0n, 1n, -1n, 2n, -3n, 10n, 31n, 32n, 33n, 63n, 64n, 0x80n, 0x8000n],
  ...[31, 32, 33, 52, 53, 54, 62, 63].flatMap((n) => [two(n) - 1n, two(n), two(n) + 1n]),
  ...[-two(31), -two(31) - 1n, -two(32), -two(53) - 1n, two(64) - two(32), 0x123456789abcdef0n, 0x8000000080000000n],
  // Just off the middle between two f32, by less than an f64 can hold.
  ...[two(62) + two(38) + 1n, two(62) + 3n * two(38) - 1n, -two(62) - two(38) - 1n, two(63) + two(39) + 1n],
]);

const floats = [0, 1, 1.5, 0.5, 2.5, 3.5, 0.49999999999999994, 100, 1e10, 1e20, 2 ** 23 + 1, 2 ** 24 + 2, 2 ** 31];
const f64 = [
  ...[
    ...floats,
    2 ** 31 - 1,
    2 ** 31 - 0.5,
    2 ** 31 + 1,
    2 ** 32 - 1,
    2 ** 32 - 0.5,
    2 ** 32,
    2 ** 52 - 0.5,
    2 ** 52 + 1,
  ],
  ...[2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 2 ** 63, 2 ** 63 - 1024, 2 ** 63 + 2048, 2 ** 64, 2 ** 64 - 2048, 0.1],
  ...[Number.MIN_VALUE, 2 ** -1022, 2 ** -1022 - 2 ** -1074, Number.MAX_VALUE, Infinity, 2 ** -149, 2 ** 128],
]
  .flatMap((value) => [bitsOfF64(value), bitsOfF64(-value)])
  .concat([0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff0000000000001n, 0xfff4000000000123n, 0x7ffdeadbeefcafe1n]);

const f32 = [
  ...[
    ...floats.map(Math.fround),
    2 ** 31 - 128,
    2 ** 32,
    2 ** 32 - 256,
    2 ** 63,
    2 ** 63 - 2 ** 39,
    2 ** 64,
    2 ** 64 - 2 ** 40,
  ],
  ...[2 ** -149, 2 ** -126, 2 ** -126 - 2 ** -149, 2 ** 128 - 2 ** 104, Infinity, Math.fround(0.1)],
]
  .flatMap((value) => [bitsOfF32(value), bitsOfF32(-value)])
  .concat([0x7fc00000n, 0xffc00000n, 0x7f800001n, 0xffa00123n, 0x7fedcba9n]);

/** Lanes of one width as a vector. */
const vector = (lanes: readonly Bits[], width: number): Bits =>
  lanes.reduce((bits, lane, i) => bits | (BigInt.asUintN(width, lane) << BigInt(width * i)), 0n);
const cycled = (values: readonly Bits[], width: number, from: number): Bits =>
  vector(
    Array.from({ length: 128 / width }, (_, i) => values[(from + i) % values.length]!),
    width,
  );
const bytes = [0, 1, 2, 15, 16, 31, 127, 128, 129, 200, 254, 255].map(BigInt);
const halves = [0, 1, 127, 128, 129, 255, 256, 32767, 32768, 32769, 65407, 65408, 65534, 65535].map(BigInt);

/** Vectors of lanes that are edges of each width. */
const v128 = [
  ...[0n, two(128) - 1n, two(127), cycled(bytes, 8, 0), cycled(bytes, 8, 5)],
  ...[0, 3, 6].map((from) => cycled(halves, 16, from)),
  ...[0, 4, 9, 17].map((from) => cycled(i32, 32, from)),
  ...[0, 7, 15, 30].map((from) => cycled(i64, 64, from)),
  ...[0, 9, 14, f32.length - 4].map((from) => cycled(f32, 32, from)),
  ...[0, 11, 30, f64.length - 2].map((from) => cycled(f64, 64, from)),
];

/** The edges of each type: zeros, ends, neighbours of powers of two, denormals, infinities, quiet and signalling NaNs. */
export const edges: Readonly<Record<NumberType, readonly Bits[]>> = { i32, i64, f32, f64, v128 };

const numbers = {
  i32: fc.oneof(fc.constantFrom(...i32), fc.bigInt(0n, two(32) - 1n)),
  i64: fc.oneof(
    fc.constantFrom(...i64),
    fc.bigInt(0n, two(64) - 1n),
    fc.tuple(fc.bigInt(0n, two(64) - 1n), fc.integer({ min: 0, max: 63 })).map(([bits, by]) => bits >> BigInt(by)),
  ),
  f32: fc.oneof(
    fc.constantFrom(...f32),
    fc.bigInt(0n, two(32) - 1n),
    fc.integer().map((n) => bitsOfF32(n / 8)),
  ),
  f64: fc.oneof(
    fc.constantFrom(...f64),
    fc.bigInt(0n, two(64) - 1n),
    fc.integer().map((n) => bitsOfF64(n / 16)),
  ),
};

/** Any value of some type in each lane, lanes alike more often than chance would have them. */
const lanes = (lane: fc.Arbitrary<Bits>, width: number): fc.Arbitrary<Bits> => {
  const count = 128 / width;
  return fc.array(lane, { minLength: count, maxLength: count }).map((all) => vector(all, width));
};

/** Any value: an edge, an even choice of bits, or, for a float, a number near whole ones. */
export const arbitrary: Readonly<Record<NumberType, fc.Arbitrary<Bits>>> = {
  ...numbers,
  v128: fc.oneof(
    fc.constantFrom(...v128),
    fc.bigInt(0n, two(128) - 1n),
    lanes(fc.oneof(fc.constantFrom(...bytes), fc.bigInt(0n, 255n)), 8),
    lanes(fc.oneof(fc.constantFrom(...halves), fc.bigInt(0n, 65535n)), 16),
    ...[numbers.i32, numbers.f32].map((lane) => lanes(lane, 32)),
    ...[numbers.i64, numbers.f64].map((lane) => lanes(lane, 64)),
  ),
};

/** The same mixture from a `Random`, where fast-check would take too long. */
export function randomBits(type: NumberType, random: Random): Bits {
  if (random.once(3)) return random.pick(edges[type]);
  if (type === "v128") {
    const width = random.pick([8, 16, 32, 64]);
    const lane = (): Bits => (width === 8 ? random.pick(bytes) : width === 16 ? random.pick(halves) : random.bits64());
    return vector(Array.from({ length: 128 / width }, lane), width);
  }
  if (type === "i32") return random.once(2) ? BigInt(random.below(256)) : BigInt(random.word());
  if (type === "i64") return random.bits64() >> BigInt(random.pick([0, 0, 1, 20, 31, 32, 40, 60]));
  const near = (random.word() | 0) / 2 ** random.below(32);
  if (type === "f32") return random.once(4) ? BigInt(random.word()) : bitsOfF32(near);
  return random.once(4) ? random.bits64() : bitsOfF64(near);
}
