// Takes memories through growth from both sides, holds their buffers to what JavaScript expects of them.
import assert from "node:assert/strict";
import { exportsOf, testInAll } from "../support/namespaces.ts";

const PAGE = 65_536;
const guest = `(module
  (memory (export "memory") 1 8)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1))))`;

testInAll("the buffer is the guest's memory, and the same object until that grows", (W) => {
  const { memory, store, load } = exportsOf(W, guest);
  const { buffer } = memory;
  assert.ok(memory.buffer === buffer);
  assert.equal(buffer.byteLength, PAGE);
  store(8, 0x01020304);
  assert.deepEqual([...new Uint8Array(buffer, 8, 4)], [4, 3, 2, 1]);
  new Int32Array(buffer)[4] = -7;
  assert.equal(load(16), -7);
});

testInAll("whoever makes a memory grow, the old buffer is detached and the new one has its bytes", (W) => {
  const { memory, store, load, grow } = exportsOf(W, guest);
  store(0, 42);
  for (const growBy of [(pages: number) => memory.grow(pages), grow]) {
    for (const pages of [0, 1, 2]) {
      const { buffer } = memory;
      const { byteLength } = buffer;
      assert.equal(growBy(pages), byteLength / PAGE);
      assert.ok(memory.buffer !== buffer);
      assert.equal(buffer.byteLength, 0);
      assert.equal(memory.buffer.byteLength, byteLength + pages * PAGE);
      assert.equal(new Int32Array(memory.buffer)[0], 42);
      assert.equal(load(0), 42);
    }
  }
});

testInAll("a memory that grew unseen has a buffer of its own length", (W) => {
  const { memory, store, grow } = exportsOf(W, guest);
  for (let i = 0; i < 4; i++) grow(1);
  store(4 * PAGE, 5);
  assert.equal(memory.buffer.byteLength, 5 * PAGE);
  store(4 * PAGE + 4, 6);
  assert.deepEqual([...new Int32Array(memory.buffer, 4 * PAGE, 2)], [5, 6]);
});

testInAll("a growth that cannot be leaves the buffer alone", (W) => {
  const { memory, grow } = exportsOf(W, guest);
  const { buffer } = memory;
  assert.throws(() => memory.grow(8), RangeError);
  assert.equal(grow(8), -1);
  assert.ok(memory.buffer === buffer);
  assert.equal(buffer.byteLength, PAGE);
});

testInAll("a memory that a guest imports is its memory, whichever made it", (W) => {
  const memory = new W.Memory({ initial: 1, maximum: 3 });
  const text = `(module
    (import "m" "memory" (memory 1))
    (export "again" (memory 0))
    (func (export "size") (result i32) (memory.size))
    (func (export "set") (param i32 i32) (i32.store8 (local.get 0) (local.get 1))))`;
  const { again, size, set } = exportsOf(W, text, { m: { memory } });
  assert.equal(again, memory);
  memory.grow(1);
  assert.equal(size(), 2);
  set(PAGE, 9);
  assert.equal(new Uint8Array(memory.buffer)[PAGE], 9);
});

testInAll("addresses of 64 bits are bigints", (W) => {
  const memory = new W.Memory({ initial: 1n, maximum: 3n, address: "i64" });
  assert.equal(memory.grow(1n), 1n);
  assert.throws(() => memory.grow(1 as never), TypeError);
  assert.throws(() => memory.grow(-1n), TypeError);
  assert.throws(() => memory.grow(1n << 64n), TypeError);
  assert.throws(() => memory.grow(2n), RangeError);
  assert.throws(() => new W.Memory({ initial: 1, address: "i64" }), TypeError);
  assert.deepEqual(memory.type(), { address: "i64", minimum: 2n, maximum: 3n, shared: false });
});

testInAll("descriptors are read in order, and held to their types", (W) => {
  const read: string[] = [];
  const descriptor = new Proxy<Record<string, number>>(
    { initial: 1, maximum: 2 },
    {
      get: (members, key) => {
        read.push(String(key));
        return members[String(key)];
      },
    },
  );
  new W.Memory(descriptor);
  assert.deepEqual(read, ["address", "initial", "maximum", "minimum", "shared"]);
  const wrong: [object, typeof TypeError | typeof RangeError][] = [
    [{}, TypeError],
    [{ initial: -1 }, TypeError],
    [{ initial: Number.NaN }, TypeError],
    [{ initial: 1, minimum: 1 }, TypeError],
    [{ initial: 1, address: "i16" }, TypeError],
    [{ initial: 1, shared: true }, TypeError],
    [{ initial: 2, maximum: 1 }, RangeError],
    [{ initial: 65_537 }, RangeError],
  ];
  for (const [members, kind] of wrong) assert.throws(() => new W.Memory(members), kind, JSON.stringify(members));
  assert.throws(() => new W.Memory({ initial: 0n, maximum: 2n ** 48n + 1n, address: "i64" }), RangeError);
  assert.equal(new W.Memory({ initial: 0n, maximum: 2n ** 48n, address: "i64" }).buffer.byteLength, 0);
  assert.equal(new W.Memory({ minimum: 2 }).buffer.byteLength, 2 * PAGE);
});

const { resize } = ArrayBuffer.prototype as { resize?: unknown };

testInAll("a buffer that can grow stays, and growing it is growing the memory", (W) => {
  if (resize === undefined) return; // the host has no such buffers
  const { memory, load, store, grow } = exportsOf(W, guest);
  store(0, 11);
  const first = memory.buffer;
  const buffer = memory.toResizableBuffer();
  assert.ok(memory.buffer === buffer);
  assert.ok(memory.toResizableBuffer() === buffer);
  assert.deepEqual([first.byteLength, buffer.resizable, buffer.maxByteLength], [0, true, 8 * PAGE]);
  buffer.resize(2 * PAGE);
  assert.equal(grow(1), 2);
  assert.ok(memory.buffer === buffer);
  assert.equal(buffer.byteLength, 3 * PAGE);
  for (const length of [PAGE, 3 * PAGE + 1, 9 * PAGE]) assert.throws(() => buffer.resize(length), RangeError);
  store(2 * PAGE, 12);
  const fixed = memory.toFixedLengthBuffer();
  assert.deepEqual([buffer.byteLength, fixed.resizable, fixed.byteLength], [0, false, 3 * PAGE]);
  assert.deepEqual([load(0), load(2 * PAGE), new Int32Array(fixed)[0]], [11, 12, 11]);
  assert.throws(() => new W.Memory({ initial: 1 }).toResizableBuffer!(), TypeError);
});

testInAll("the buffer of a shared memory is frozen, and grows with it", (W) => {
  const memory = new W.Memory({ initial: 1, maximum: 2, shared: true });
  const { buffer } = memory;
  assert.ok(buffer instanceof SharedArrayBuffer);
  assert.ok(Object.isFrozen(buffer));
  assert.equal(buffer.byteLength, PAGE);
  const text = `(module (import "m" "memory" (memory 1 2 shared))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func (export "load") (result i32) (i32.atomic.load (i32.const 65536))))`;
  const { grow, load } = exportsOf(W, text, { m: { memory } });
  assert.throws(load, W.RuntimeError);
  assert.equal(grow(), 1);
  assert.equal(memory.buffer.byteLength, 2 * PAGE);
  new Int32Array(memory.buffer)[PAGE / 4] = 5;
  assert.equal(load(), 5);
  assert.throws(() => memory.grow(1), RangeError);
});

testInAll("a large memory that grows takes room only for what was written", (W) => {
  const memory = new W.Memory({ initial: 8192, maximum: 8200 });
  const written = [0, 65_532, 1_000_003, 300 * 2 ** 20 - 1, 8192 * PAGE - 1];
  for (const at of written) new Uint8Array(memory.buffer)[at] = 7;
  const before = process.memoryUsage.rss();
  assert.equal(memory.grow(1), 8192);
  const bytes = new Uint8Array(memory.buffer);
  assert.ok(process.memoryUsage.rss() - before < 2 ** 27);
  assert.equal(bytes.length, 8193 * PAGE);
  for (const at of written) assert.deepEqual([bytes[at], bytes[at + 1] ?? 0], [7, 0]);
  assert.equal(bytes.indexOf(7, 1_000_004), written[3]);
});

testInAll("of a shared buffer that JavaScript makes grow, a guest has the whole pages", (W) => {
  const text = `(module (memory (export "memory") 1 4 shared)
    (func (export "size") (result i32) (memory.size))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`;
  const { memory, size, load, grow } = exportsOf(W, text);
  const buffer = memory.toResizableBuffer();
  assert.ok(buffer.growable);
  buffer.grow(2 * PAGE + 5);
  assert.equal(size(), 2);
  assert.equal(load(PAGE), 0);
  assert.throws(() => load(2 * PAGE), W.RuntimeError);
  assert.equal(grow(0), 2);
  assert.equal(grow(1), 2);
  assert.equal(memory.buffer.byteLength, 3 * PAGE);
  assert.ok(memory.toFixedLengthBuffer() === memory.buffer);
});

testInAll("only the memory's own buffer makes it grow, by the whole number of bytes that a value is", (W) => {
  const memory = new W.Memory({ initial: 1, maximum: 4 });
  const former = memory.toResizableBuffer!() as ArrayBuffer & { resize(byteLength: number): void };
  former.resize(2 * PAGE + 0.5);
  assert.equal(memory.buffer.byteLength, 2 * PAGE);
  const buffer = memory.toFixedLengthBuffer!();
  assert.throws(() => former.resize(3 * PAGE), TypeError);
  assert.ok(memory.buffer === buffer);
  assert.equal(memory.buffer.byteLength, 2 * PAGE);
});
