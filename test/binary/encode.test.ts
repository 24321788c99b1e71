// Takes numbers and names, holds what the writer writes to what the reader reads.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Writer } from "#dist/binary/encode.js";
import { Reader } from "#dist/binary/reader.js";
import { instructions } from "#dist/syntax/instructions.js";

function readerOf(write: (out: Writer) => void): Reader {
  const out = new Writer(1);
  write(out);
  const bytes = out.finish();
  return new Reader(bytes, 0, bytes.length);
}

function roundTrip<T>(
  values: fc.Arbitrary<T>,
  write: (out: Writer, value: T) => void,
  read: (reader: Reader) => T,
): void {
  fc.assert(
    fc.property(values, (value) => {
      const reader = readerOf((out) => write(out, value));
      assert.equal(read(reader), value);
      assert.equal(reader.pos, reader.end);
    }),
  );
}

const u32 = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const s32 = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer());
const u64 = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 64n - 1n));
const s64 = fc.oneof(fc.bigInt(-300n, 300n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));

test("unsigned integers", () => {
  roundTrip(
    u32,
    (out, value) => out.u32(value),
    (reader) => reader.u32(),
  );
  roundTrip(
    u64,
    (out, value) => out.u64(value),
    (reader) => reader.u64(),
  );
});

test("signed integers", () => {
  roundTrip(
    s32,
    (out, value) => out.s32(value),
    (reader) => reader.s32(),
  );
  roundTrip(
    s64,
    (out, value) => out.s64(value),
    (reader) => reader.s64(),
  );
});

test("type indices, where a negative number could stand", () => {
  roundTrip(
    u32,
    (out, value) => out.typeIndex(value),
    (reader) => reader.s33(),
  );
});

test("names", () => {
  roundTrip(
    fc.string({ unit: "grapheme" }),
    (out, value) => out.name(value),
    (reader) => reader.name(),
  );
});

test("opcodes", () => {
  for (const [name, [op]] of Object.entries(instructions as unknown as Record<string, [number]>)) {
    assert.equal(readerOf((out) => out.opcode(op)).opcode(), op, name);
  }
});
