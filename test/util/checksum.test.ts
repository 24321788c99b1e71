// Takes bytes and bytes that differ a little, holds their checksums to differ.
import assert from "node:assert/strict";
import test from "node:test";
import { checksum } from "#dist/util/checksum.js";

test("each single change changes the checksum", () => {
  const seen = new Set<string>();
  for (let length = 0; length < 40; length++) {
    const bytes = new Uint8Array(length);
    seen.add(checksum(bytes));
    for (let bit = 0; bit < length * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      seen.add(checksum(bytes));
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
  }
  assert.equal(seen.size, 40 + (8 * (39 * 40)) / 2);
  for (const one of seen) assert.match(one, /^[0-9a-f]{16}$/);
});
