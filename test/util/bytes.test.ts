// Holds views of bytes to one exact class.
import assert from "node:assert/strict";
import test from "node:test";
import { plainBytes } from "#dist/util/bytes.js";

test("a plain view stays itself", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  assert.equal(plainBytes(bytes), bytes);
});

test("a Buffer becomes a plain view of the same bytes", () => {
  const buffer = Buffer.from([0, 1, 2, 3]).subarray(1, 3);
  const bytes = plainBytes(buffer);
  assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
  assert.deepEqual([...bytes], [1, 2]);
  buffer[0] = 9;
  assert.equal(bytes[0], 9);
});
