// Holds the UTF-8 decoder to the host's, which Node has.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { decodeUtf8 } from "#dist/util/utf8.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function model(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

test("decodes any string", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
      const bytes = new TextEncoder().encode(text);
      assert.equal(decodeUtf8(bytes, 0, bytes.length), text);
    }),
  );
});

test("decodes a range, the mark of byte order included", () => {
  const bytes = Uint8Array.of(0xff, 0xef, 0xbb, 0xbf, 0x61, 0xff);
  assert.equal(decodeUtf8(bytes, 1, 5), "\ufeffa");
  assert.equal(decodeUtf8(bytes, 2, 2), "");
});

test("decodes long strings, also where a pair falls between two parts", () => {
  for (const text of ["é".repeat(10_000), `${"a".repeat(4095)}😀`, "😀".repeat(5000), "b".repeat(4096)]) {
    const bytes = new TextEncoder().encode(text);
    assert.equal(decodeUtf8(bytes, 0, bytes.length), text);
  }
});

test("refuses what the model refuses", () => {
  const lead = fc.constantFrom(0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff);
  const next = fc.constantFrom(0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0);
  fc.assert(
    fc.property(fc.array(fc.oneof(lead, next, fc.nat(0xff)), { maxLength: 8 }), (list) => {
      const bytes = Uint8Array.from(list);
      assert.equal(decodeUtf8(bytes, 0, bytes.length), model(bytes));
    }),
    { numRuns: 5000 },
  );
});

test("agrees with the model on every sequence of two bytes and every start of three", () => {
  for (let first = 0x7f; first < 0x100; first++) {
    for (let second = 0x70; second < 0x100; second++) {
      for (const rest of [[], [0x80], [0xbf], [0x80, 0x80]]) {
        const bytes = Uint8Array.of(first, second, ...rest);
        assert.equal(decodeUtf8(bytes, 0, bytes.length), model(bytes), bytes.join());
      }
    }
  }
});
