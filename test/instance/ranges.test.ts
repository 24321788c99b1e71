// Holds copies and fills of a memory to what the bytes are afterwards, whatever their length and however they overlap.
import assert from "node:assert/strict";
import test from "node:test";
import { Trap } from "#dist/api/errors.js";
import { MemoryInstance } from "#dist/instance/memory.js";
import { copyMemory, fillMemory } from "#dist/instance/ranges.js";

const PAGE = 65536;

function filled(): MemoryInstance {
  const m = new MemoryInstance({ limits: { min: 1, max: 1 }, index64: false, shared: false, pageSizeLog2: 16 });
  m.bytes.forEach((_, i) => {
    m.bytes[i] = i * 37 + (i >> 8);
  });
  return m;
}

test("up to forty bytes are copied as if they were read before any is written", () => {
  const m = filled();
  const before = m.bytes.slice(0, 200);
  for (let count = 0; count <= 40; count++) {
    for (let distance = -20; distance <= 20; distance++) {
      // Bytes that were copied before may be all the same.
      m.bytes.set(before);
      copyMemory(m, m, 100 + distance, 100, count);
      const expected = before.slice();
      expected.set(before.subarray(100, 100 + count), 100 + distance);
      assert.deepEqual(m.bytes.subarray(0, 200), expected, `${count} bytes by ${distance}`);
    }
  }
});

test("a few bytes are copied up to the memory's end, and beyond it none", () => {
  const m = filled();
  copyMemory(m, m, PAGE - 9, 0, 9);
  assert.deepEqual(m.bytes.subarray(PAGE - 9), m.bytes.subarray(0, 9));
  const before = Uint8Array.from(m.bytes);
  for (const [target, source] of [
    [PAGE - 8, 0],
    [0, PAGE - 8],
    [2 ** 32 - 4, 0],
    [0, 2 ** 32 - 4],
  ] as const) {
    assert.throws(() => copyMemory(m, m, target, source, 9), Trap);
  }
  assert.deepEqual(m.bytes, before);
});

test("bytes are set, few or many, up to the memory's end, and beyond it none", () => {
  const m = filled();
  for (const count of [0, 1, 15, 16, 17, 5000]) {
    for (const start of [0, 3, PAGE - count]) {
      for (const value of [0, 255, 0x1ff, 2 ** 32 - 1]) {
        const expected = Uint8Array.from(m.bytes).fill(value, start, start + count);
        fillMemory(m, start, value, count);
        assert.deepEqual(m.bytes, expected, `${count} times ${value} from ${start}`);
      }
    }
    const before = Uint8Array.from(m.bytes);
    for (const start of [PAGE - count + 1, 2 ** 32 - 1]) assert.throws(() => fillMemory(m, start, 1, count), Trap);
    assert.deepEqual(m.bytes, before);
  }
});
