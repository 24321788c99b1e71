// Holds a memory to what a host may do with it: every access, growth, text.
import assert from "node:assert/strict";
import test from "node:test";
import { runInNewContext } from "node:vm";
import { MemoryInstance } from "#dist/instance/memory.js";

const PAGE = 65536;

function memory(min: number, max?: number, pageSizeLog2 = 16): MemoryInstance {
  return new MemoryInstance({ limits: { min, max }, index64: false, shared: false, pageSizeLog2 });
}

test("each kind of number is written and read little-endian", () => {
  const m = memory(1);
  assert.equal(m.writeUint8(0, 0x1ff), true);
  assert.equal(m.writeUint16(2, 0xabcd), true);
  assert.equal(m.writeUint32(4, 0xdeadbeef), true);
  assert.equal(m.writeUint64(8, 2n ** 64n - 2n), true);
  assert.equal(m.writeFloat32(16, 1.5), true);
  assert.equal(m.writeFloat64(24, -0.1), true);
  assert.equal(m.readUint8(0), 0xff);
  assert.equal(m.readUint16(2), 0xabcd);
  assert.equal(m.readUint8(2), 0xcd);
  assert.equal(m.readUint32(4), 0xdeadbeef);
  assert.equal(m.readUint64(8), 2n ** 64n - 2n);
  assert.equal(m.readFloat32(16), 1.5);
  assert.equal(m.readFloat64(24), -0.1);
});

test("out of range is undefined or false, and writes nothing", () => {
  const m = memory(1);
  const sizes = { Uint8: 1, Uint16: 2, Uint32: 4, Uint64: 8, Float32: 4, Float64: 8 } as const;
  for (const [kind, size] of Object.entries(sizes) as [keyof typeof sizes, number][]) {
    for (const address of [
      PAGE - size + 1,
      PAGE,
      -1,
      -PAGE,
      2 ** 32,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      0.5,
    ]) {
      assert.equal(m[`read${kind}`](address), undefined, `${kind} ${address}`);
      const write = m[`write${kind}`].bind(m) as (address: number, value: number | bigint) => boolean;
      assert.equal(write(address, kind === "Uint64" ? 1n : 1), false, `${kind} ${address}`);
    }
    assert.notEqual(m[`read${kind}`](PAGE - size), undefined);
  }
  assert.equal(m.write(PAGE - 2, Uint8Array.of(1, 2, 3)), false);
  assert.equal(m.writeString(PAGE - 2, "€"), false);
  assert.equal(m.read(PAGE - 2, 3), undefined);
  assert.equal(m.read(0, -1), undefined);
  assert.equal(m.subarray(1, PAGE), undefined);
  assert.equal(m.readString(PAGE, 1), undefined);
  assert.ok(m.bytes.every((byte) => byte === 0));
});

test("what is no Uint8Array, or no text, is a TypeError, and writes nothing", () => {
  const m = memory(1);
  m.writeUint32(0, 0x01020304);
  const anything = m as unknown as {
    write(at: number, bytes?: unknown): void;
    writeString(at: number, text?: unknown): void;
  };
  assert.throws(() => anything.write(0, "abc"), /^TypeError: bytes are a Uint8Array, got a string$/);
  for (const bytes of [
    undefined,
    null,
    5,
    [1, 2],
    Uint16Array.of(258),
    new ArrayBuffer(2),
    new DataView(new ArrayBuffer(2)),
  ]) {
    assert.throws(() => anything.write(0, bytes), TypeError);
  }
  for (const text of [undefined, 5, Uint8Array.of(5)]) assert.throws(() => anything.writeString(0, text), TypeError);
  assert.equal(m.readUint32(0), 0x01020304);
  // Of another realm.
  assert.equal(m.write(0, runInNewContext("Uint8Array.of(9)")), true);
  assert.equal(m.readUint8(0), 9);
});

test("an empty range at the end is in range", () => {
  const m = memory(1);
  assert.deepEqual(m.read(PAGE, 0), new Uint8Array(0));
  assert.equal(m.readString(PAGE, 0), "");
  assert.equal(m.write(PAGE, new Uint8Array(0)), true);
});

test("read copies, subarray is live", () => {
  const m = memory(1);
  const copy = m.read(0, 4)!;
  const live = m.subarray(0, 4)!;
  m.writeUint8(1, 5);
  assert.deepEqual([copy[1], live[1]], [0, 5]);
  assert.equal(live.length, 4);
});

test("text crosses as UTF-8", () => {
  const m = memory(1);
  for (const text of ["", "plain", "größer €", "🙂 und\u0000Null", `${"x".repeat(20_000)}é`]) {
    const bytes = new TextEncoder().encode(text);
    assert.equal(m.writeString(7, text), true);
    assert.deepEqual(m.read(7, bytes.length), bytes);
    assert.equal(m.readString(7, bytes.length), text);
  }
});

test("growth gives the former size, and -1 beyond the maximum", () => {
  const m = memory(1, 3);
  m.writeUint32(PAGE - 4, 77);
  assert.equal(m.grow(0), 1);
  assert.equal(m.grow(1), 1);
  assert.equal(m.pages, 2);
  assert.equal(m.readUint32(PAGE - 4), 77);
  assert.equal(m.readUint32(PAGE), 0);
  for (const delta of [2, -1, 0.5, Number.NaN, 2 ** 40]) assert.equal(m.grow(delta), -1);
  assert.equal(m.byteLength, 2 * PAGE);
});

test("views never reach beyond the memory's size", () => {
  const m = memory(4);
  m.grow(1);
  assert.equal(m.bytes.length, 5 * PAGE);
  assert.equal(m.view.byteLength, 5 * PAGE);
  assert.throws(() => m.view.getUint8(5 * PAGE), RangeError);
});

test("what growth adds is zero, also where room was taken before", () => {
  const m = memory(4);
  for (let pages = 4; pages < 12; pages++) {
    assert.equal(m.grow(1), pages);
    assert.ok(m.read(pages * PAGE, PAGE)!.every((byte) => byte === 0));
    m.bytes.fill(0xff);
  }
});

test("with capacityFromMax growing does not copy", () => {
  const type = { limits: { min: 1, max: 8 }, index64: false, shared: false, pageSizeLog2: 16 };
  const m = new MemoryInstance(type, { pages: 4, capacityFromMax: true, elements: 0 });
  const { buffer } = m.bytes;
  assert.equal(m.grow(3), 1);
  assert.equal(m.bytes.buffer, buffer);
  assert.equal(buffer.byteLength, 4 * PAGE);
  assert.equal(m.grow(1), -1);
});

test("65536 pages are the most, and a limit may be lower", () => {
  const type = { limits: { min: 3, max: undefined }, index64: false, shared: false, pageSizeLog2: 16 };
  assert.throws(() => new MemoryInstance(type, { pages: 2, capacityFromMax: false, elements: 0 }), {
    name: "LinkError",
    message: "a memory of 3 pages is over the limit of 2",
  });
  assert.equal(memory(1).grow(65536), -1);
  const huge = { ...type, index64: true, limits: { min: 2 ** 40, max: undefined } };
  assert.throws(() => new MemoryInstance(huge), { name: "LinkError" });
});

test("a memory of 65536 pages is usable to its last byte, where the host has room", (t) => {
  let m: MemoryInstance;
  try {
    m = memory(65536);
  } catch (error) {
    t.skip(String(error));
    return;
  }
  assert.equal(m.byteLength, 2 ** 32);
  assert.equal(m.writeUint32(2 ** 32 - 4, 1), true);
  assert.equal(m.readUint32(2 ** 32 - 4), 1);
  assert.equal(m.writeUint32(2 ** 32 - 3, 1), false);
});

test("small pages count bytes", () => {
  const m = memory(10, 20, 0);
  assert.equal(m.byteLength, 10);
  assert.equal(m.grow(5), 10);
  assert.equal(m.byteLength, 15);
  assert.equal(m.grow(6), -1);
});

test("a page of one byte: the size is in bytes, at most 2^32 - 1 of them", () => {
  const m = memory(3, undefined, 0);
  assert.equal(m.grow(5), 3);
  assert.equal(m.byteLength, 8);
  assert.equal(m.pages, 8);
  assert.equal(m.writeUint32(4, 1), true);
  assert.equal(m.writeUint32(5, 1), false);
  assert.equal(m.grow(2 ** 32 - 8), -1);
});

const sharedType = { limits: { min: 1, max: 5 }, index64: false, shared: true, pageSizeLog2: 16 };

test("a shared memory made from the buffer of another is the same memory", () => {
  const one = new MemoryInstance(sharedType);
  const two = new MemoryInstance(sharedType, undefined, one.buffer);
  one.writeUint32(100, 7);
  assert.equal(two.readUint32(100), 7);
  assert.equal(one.grow(2), 1);
  assert.equal(two.pages, 3);
  assert.equal(two.writeUint8(3 * PAGE - 1, 9), true);
  assert.equal(two.writeUint8(3 * PAGE, 9), false);
  assert.equal(two.grow(2), 3);
  assert.equal(one.grow(1), -1);
  assert.equal(one.readUint8(3 * PAGE - 1), 9);
  assert.equal(one.byteLength, 5 * PAGE);
  assert.equal(memory(1).buffer, undefined);
});

test("the buffer of a shared memory is held to the type", () => {
  const { buffer } = new MemoryInstance(sharedType);
  const make = (min: number, max: number) => () =>
    new MemoryInstance({ ...sharedType, limits: { min, max } }, undefined, buffer);
  assert.doesNotThrow(make(0, 5));
  assert.throws(make(2, 5), { name: "LinkError", message: /a memory of 1 page, not one of 2 to 5/ });
  assert.throws(make(0, 0), { name: "LinkError" });
  const none = new SharedArrayBuffer(12);
  assert.throws(() => new MemoryInstance(sharedType, undefined, none), { name: "TypeError" });
});

test("a shared memory that cannot grow has a buffer of just its size", () => {
  for (const pages of [0, 1, 3]) {
    const type = { ...sharedType, limits: { min: pages, max: pages } };
    const one = new MemoryInstance(type);
    assert.equal(one.buffer!.byteLength, pages * PAGE);
    const two = new MemoryInstance(type, undefined, one.buffer);
    assert.deepEqual([two.pages, two.grow(0), two.grow(1)], [pages, pages, -1]);
    assert.equal(two.write(pages * PAGE - 1, Uint8Array.of(7)), pages > 0);
    assert.equal(one.readUint8(pages * PAGE - 1), pages > 0 ? 7 : undefined);
  }
});

test("a limit of the runtime bounds a shared memory, whoever made it", () => {
  const one = new MemoryInstance(sharedType);
  const two = new MemoryInstance(sharedType, { pages: 2, capacityFromMax: false, elements: 0 }, one.buffer);
  assert.equal(two.grow(2), -1);
  assert.equal(two.grow(1), 1);
  assert.equal(one.grow(1), 2);
  assert.equal(two.pages, 3);
});
