// Holds the integers of variable length to a model in BigInt.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import * as leb128 from "#dist/util/leb128.js";

type Reader = (bytes: Uint8Array, pos: number, end: number) => number | bigint;

interface Kind {
  readonly name: string;
  readonly read: Reader;
  readonly bits: number;
  readonly isSigned: boolean;
}

const kinds: readonly Kind[] = [
  { name: "u32", read: leb128.readU32, bits: 32, isSigned: false },
  { name: "s32", read: leb128.readS32, bits: 32, isSigned: true },
  { name: "s33", read: leb128.readS33, bits: 33, isSigned: true },
  { name: "u64", read: leb128.readU64, bits: 64, isSigned: false },
  { name: "s64", read: leb128.readS64, bits: 64, isSigned: true },
];

const END = -1;
const TOO_LONG = -2;
const TOO_LARGE = -3;

/** The specification's reading: the value and the position after it, or why there is none. */
function model(bytes: Uint8Array, pos: number, { bits, isSigned }: Kind): { value?: bigint; end: number } {
  const most = Math.ceil(bits / 7);
  let value = 0n;
  for (let i = 0; i < most; i++) {
    if (pos + i >= bytes.length) return { end: END };
    const byte = bytes[pos + i]!;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte >= 0x80) continue;
    const read = isSigned ? BigInt.asIntN(7 * (i + 1), value) : value;
    const fits = isSigned ? BigInt.asIntN(bits, read) === read : BigInt.asUintN(bits, read) === read;
    return fits ? { value: read, end: pos + i + 1 } : { end: TOO_LARGE };
  }
  return { end: TOO_LONG };
}

/** A number in its shortest form, or with as many bytes as asked for. */
function encode(value: bigint, minBytes: number, isSigned: boolean): Uint8Array {
  const bytes: number[] = [];
  for (;;) {
    const low = Number(value & 0x7fn);
    value >>= 7n;
    const done = isSigned ? value === (low < 0x40 ? 0n : -1n) : value === 0n;
    if (done && bytes.length + 1 >= minBytes) return Uint8Array.from([...bytes, low]);
    bytes.push(low | 0x80);
  }
}

for (const kind of kinds) {
  const { name, read, bits, isSigned } = kind;
  const most = Math.ceil(bits / 7);
  const span = 2n ** BigInt(bits);
  const least = isSigned ? -span / 2n : 0n;
  const numbers = fc.oneof(
    fc.bigInt({ min: least, max: least + span - 1n }),
    fc.constantFrom(least, least + span - 1n, 0n, 63n, 64n, 127n, 128n),
  );

  test(`${name} reads what was written, also with padding`, () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: most }), fc.nat(3), (value, minBytes, before) => {
        const written = encode(value, minBytes, isSigned);
        const bytes = new Uint8Array(before + written.length + 2).fill(0xff);
        bytes.set(written, before);
        assert.equal(BigInt(read(bytes, before, bytes.length)), value);
        assert.equal(leb128.lebEnd, before + written.length);
      }),
    );
  });

  test(`${name} agrees with the model on any bytes`, () => {
    const byte = fc.oneof(
      fc.integer({ min: 0x80, max: 0xff }),
      fc.nat(0x7f),
      fc.constantFrom(0x00, 0x40, 0x70, 0x78, 0x7f, 0x80, 0xff),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), (list) => {
        const bytes = Uint8Array.from(list);
        const value = read(bytes, 0, bytes.length);
        const expected = model(bytes, 0, kind);
        assert.equal(leb128.lebEnd, expected.end);
        if (expected.value !== undefined) assert.equal(BigInt(value), expected.value);
      }),
      { numRuns: 2000 },
    );
  });

  test(`${name} stops at the end of the range`, () => {
    const bytes = encode(least === 0n ? span - 1n : least, most, isSigned);
    read(bytes, 0, most - 1);
    assert.equal(leb128.lebEnd, END);
  });
}
