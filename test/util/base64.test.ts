// Takes bytes through base64 and back; Node's own is the oracle.
import assert from "node:assert/strict";
import test from "node:test";
import { decodeBase64, encodeBase64 } from "#dist/util/base64.js";

test("base64 is what Node writes, and is read back", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length * 11) & 255);
    const text = encodeBase64(bytes);
    assert.equal(text, Buffer.from(bytes).toString("base64"));
    assert.deepEqual(decodeBase64(text), bytes);
  }
});

test("what is no base64 is refused", () => {
  for (const text of ["A", "AAA", "AA A", "AAA\u{100}", "A===", "AA%=", "AAAA=AAA"]) {
    assert.equal(decodeBase64(text), undefined, text);
  }
});
