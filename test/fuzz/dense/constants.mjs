// Takes a type, gives constants at the edges of what it holds, as bits (specification: 2.2.2 Integers, 2.2.3 Floating-Point).
import { constant, exact } from "./node.mjs";

const words = [
  0, 1, -1, 2, 7, 8, 24, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff,
  -0x80000000,
];
const longs = [
  0n,
  1n,
  -1n,
  31n,
  32n,
  33n,
  63n,
  64n,
  255n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x1ffffffffn,
  -0x80000000n,
  -0x100000000n,
  0x7fffffffffffffffn,
  -0x8000000000000000n,
  0x8000000080000000n,
  0x20000000000000n,
  0x123456789abcdefn,
];
const singles = [
  0, 0x80000000, 0x3f800000, 0xbf800000, 0x40400000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7fa00000,
  0x7fc12345, 0xff812345, 1, 0x807fffff, 0x7f7fffff, 0x4effffff, 0x4f000000, 0xcf000000, 0x4f800000, 0x5f000000,
  0x3f000000, 0x4b800001,
];
const doubles = [
  0n,
  0x8000000000000000n,
  0x3ff0000000000000n,
  0xbff0000000000000n,
  0x4008000000000000n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x7ff8000000000000n,
  0xfff8000000000000n,
  0x7ff4000000000000n,
  0x7ff8000012345678n,
  0xfff0000000000001n,
  1n,
  0x800fffffffffffffn,
  0x7fefffffffffffffn,
  0x41dfffffffc00000n,
  0x41e0000000000000n,
  0xc1e0000000000000n,
  0x41f0000000000000n,
  0x43e0000000000000n,
  0x43f0000000000000n,
  0x3fe0000000000000n,
  0x3ff199999999999an,
  0x36a0000000000000n,
];

/** Counts of shifts. */
const counts = [0, 1, 7, 8, 16, 24, 31, 32, 32, 33, 40, 48, 56, 63, 64];

/** Bits of a value. */
export function bitsFor(type, dice) {
  const random64 = () => (BigInt(dice.word()) << 32n) | BigInt(dice.word());
  const isEdge = !dice.once(4);
  switch (exact(type)) {
    case "i":
      return BigInt.asUintN(32, BigInt(isEdge ? dice.pick(words) : dice.word()));
    case "l":
      return BigInt.asUintN(64, isEdge ? dice.pick(longs) : random64());
    case "f":
      return BigInt(isEdge ? dice.pick(singles) : dice.word());
    case "d":
      return isEdge ? dice.pick(doubles) : random64();
    default:
      return vectorBits(dice, random64);
  }
}

function vectorBits(dice, random64) {
  const lane = dice.pick(["i", "l", "f", "d", ""]);
  if (lane === "") return (random64() << 64n) | random64();
  const width = lane === "i" || lane === "f" ? 32n : 64n;
  let bits = 0n;
  for (let at = 0n; at < 128n; at += width) bits |= bitsFor(lane, dice) << at;
  return bits;
}

export const anyConstant = (type, dice) => constant(type, bitsFor(type, dice));

/** A constant to shift by. */
export const count = (type, dice) => constant(type, dice.once(3) ? dice.below(65) : dice.pick(counts));

/** A divisor that is neither zero nor minus one. */
export function divisor(type, dice) {
  for (;;) {
    const bits = bitsFor(type, dice);
    if (bits !== 0n && bits !== (type === "i" ? 0xffffffffn : 0xffffffffffffffffn)) return constant(type, bits);
  }
}

/** The NaN that stands for all that an engine may choose. */
const nans = {
  F: 0x7fc00000n,
  D: 0x7ff8000000000000n,
  V: 0x7fc000007fc000007fc000007fc00000n,
  W: 0x7ff80000000000007ff8000000000000n,
};

/** The opcodes of a comparison with itself, and of what chooses by it. */
const choices = {
  F: [0x5b, 0x1b],
  D: [0x61, 0x1b],
  V: [0xfd, 0x41, 0xfd, 0x52],
  W: [0xfd, 0x47, 0xfd, 0x52],
};

/** A value without a NaN that an engine chose: through a local of its own. */
export function settled(value, local) {
  const loose = value.type;
  const nan = constant(loose, nans[loose]).bytes;
  const bytes = [0x22, ...local, ...nan, 0x20, ...local, 0x20, ...local, ...choices[loose]];
  return { type: exact(loose), kids: [value], bytes };
}
