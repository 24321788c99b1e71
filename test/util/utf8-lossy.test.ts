// Holds text of guests to what the host's own decoder and encoder give.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { decodeUtf8Lossy, encodeUtf8 } from "#dist/util/utf8-lossy.js";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

test("any bytes read as TextDecoder reads them", () => {
  // Bytes near the borders of lead and continuation bytes are met more often than by chance.
  const byte = fc.oneof(
    fc.constantFrom(
      0x00,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
    ),
    fc.integer({ min: 0, max: 255 }),
  );
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 40 }), (values) => {
      const bytes = Uint8Array.from(values);
      assert.equal(decodeUtf8Lossy(bytes, 0, bytes.length), decoder.decode(bytes));
    }),
    { numRuns: 2000 },
  );
});

test("any text is written as TextEncoder writes it", () => {
  const unit = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 }));
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
      const text = String.fromCharCode(...units);
      assert.deepEqual(encodeUtf8(text), encoder.encode(text));
    }),
    { numRuns: 2000 },
  );
});

test("long text is read in pieces", () => {
  const text = "🙂é€x".repeat(10_000);
  const bytes = encoder.encode(text);
  assert.equal(decodeUtf8Lossy(bytes, 0, bytes.length), text);
});
