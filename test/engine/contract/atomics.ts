// Threads within one thread: atomic accesses, waiting and notifying between suspended guests, memories that two instances share.
import assert from "node:assert/strict";
import test from "node:test";
import type { Module, Runtime, RuntimeConfig } from "zerowasm";
import { parse } from "zerowasm/text";
import { accesses, atomicGuest, atomicName } from "../../support/threads.ts";
import type { NewRuntime } from "../contract.ts";

const PAGE = 65536;
const features: RuntimeConfig = { features: ["wasm3", "threads"] };
const FOREVER = -1n;
const SECOND = 1_000_000_000n;

const call = (instance: Module, name: string, ...args: readonly (number | bigint)[]) =>
  instance.exportedFunction(name)!.call(...args);
const callAsync = (instance: Module, name: string, ...args: readonly (number | bigint)[]) =>
  instance.exportedFunction(name)!.callAsync(...args);

/** Each export reads the memory's last word before and after a host function made it grow, and throws if it is told to. */
const growing = parse(`(module
  (import "env" "memory" (memory 1 4 shared)) (import "host" "grow" (func $grow (param $throws i32)))
  (table funcref (elem $grow)) (type $f (func (param i32)))
  (func $last (result i32) (i32.load (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4))))
  (func (export "called") (result i32)
    (drop (i32.load (i32.const 0))) (call $grow (i32.const 0)) (i32.load (i32.const 65536)))
  (func (export "called by a table") (result i32)
    (drop (i32.load (i32.const 0)))
    (call_indirect (type $f) (i32.const 0) (i32.const 0)) (i32.load (i32.const 65536)))
  (func (export "called in a try") (result i32)
    (drop (i32.load (i32.const 0)))
    (block $h (try_table (catch_all $h) (call $grow (i32.const 1)))) (i32.load (i32.const 65536)))
  (func $cold (param i32) (drop (call $last)) (call $grow (i32.const 0)))
  (func (export "called by another function") (result i32) (local $n i32)
    (loop $again (result i32)
      (drop (i32.load (i32.const 0)))
      (if (i32.eq (local.get $n) (i32.const 5000)) (then (call $cold (i32.const 0)) (return (i32.load (i32.const 65536)))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br $again))))`);

/** Stands between a guest and a host function, and reads for it what it has by another memory of the same bytes. */
const between = parse(`(module
  (import "same" "memory" (memory 1 4 shared)) (import "host" "grow" (func $grow (param i32)))
  (func (export "grow") (param i32) (call $grow (local.get 0)))
  (func (export "read") (param i32) (result i32) (i32.load (local.get 0))))`);

/** Reads the word at an address by itself, and then by an import, before and after another import made the memory grow. */
const asking = parse(`(module
  (import "env" "memory" (memory 1 4 shared))
  (import "between" "read" (func $read (param i32) (result i32))) (import "host" "grow" (func $grow (param i32)))
  (func (export "called") (result i32)
    (drop (call $read (i32.const 0))) (call $grow (i32.const 0)) (call $read (i32.const 65536))))`);

/** What is left to do has been done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Two instances with one memory, which a host module got by its buffer the second time, in a runtime that is given too. */
function pair(newRuntime: NewRuntime): readonly [Module, Module, Runtime] {
  const type = { min: 1, max: 4, shared: true };
  const own = newRuntime(features);
  const first = own.hostModule("env").memory("memory", type).instantiate();
  const { buffer } = first.memory!;
  const other: Runtime = newRuntime(features);
  other
    .hostModule("env")
    .memory("memory", { ...type, buffer })
    .instantiate();
  other
    .hostModule("same")
    .memory("memory", { ...type, buffer })
    .instantiate();
  return [own.instantiate(atomicGuest("imported")), other.instantiate(atomicGuest("imported")), other];
}

export function atomics(newRuntime: NewRuntime): void {
  for (const access of accesses) {
    const { type, size } = access;
    const zero = type === "i64" ? 0n : 0;
    test(`${atomicName(access, "load")} and its like trap where they are not aligned, or out of range`, () => {
      const instance = newRuntime(features).instantiate(atomicGuest());
      for (const [action, values] of [
        ["load", []],
        ["store", [zero]],
        ["add", [zero]],
        ["xchg", [zero]],
        ["cmpxchg", [zero, zero]],
      ] as const) {
        const name = atomicName(access, action);
        const last = PAGE - size;
        assert.doesNotThrow(() => call(instance, name, last, ...values));
        for (const address of [PAGE, -size])
          assert.throws(() => call(instance, name, address, ...values), { code: "out of bounds memory access" });
        for (let off = 1; off < size; off++) {
          assert.throws(() => call(instance, name, last + off, ...values), { code: "unaligned atomic" });
        }
      }
    });
  }

  for (const access of accesses) {
    test(`${atomicName(access, "cmpxchg")} compares what is expected as wrapped to ${8 * access.size} bits`, () => {
      const instance = newRuntime(features).instantiate(atomicGuest());
      const isLong = access.type === "i64";
      const name = atomicName(access, "cmpxchg");
      const [expected, value] = isLong ? [0x1111_1111_1111_1111n, -1n] : [0x1111_1111, -1];
      instance.memory!.writeUint64(8, 0x1111_1111_1111_1111n);
      const before = 0x1111_1111_1111_1111n & (2n ** BigInt(8 * access.size) - 1n);
      assert.equal(call(instance, name, 8, expected, value), isLong ? before : Number(before));
      assert.equal(
        instance.memory!.readUint64(8),
        0x1111_1111_1111_1111n - before + 2n ** BigInt(8 * access.size) - 1n,
      );
    });
  }

  test("waiting on a memory that is not shared traps, notifying finds nobody", () => {
    const instance = newRuntime(features).instantiate(atomicGuest("unshared"));
    assert.throws(() => call(instance, "memory.atomic.wait32", 0, 0, 0n), { code: "expected shared memory" });
    assert.throws(() => call(instance, "memory.atomic.wait64", 0, 0n, FOREVER), { code: "expected shared memory" });
    assert.equal(call(instance, "memory.atomic.notify", 0, -1), 0);
    call(instance, "atomic.fence");
  });

  test("waiting and notifying trap where they are not aligned, or out of range", () => {
    const instance = newRuntime(features).instantiate(atomicGuest());
    assert.throws(() => call(instance, "memory.atomic.wait32", 2, 0, 0n), { code: "unaligned atomic" });
    assert.throws(() => call(instance, "memory.atomic.wait64", 4, 0n, 0n), { code: "unaligned atomic" });
    assert.throws(() => call(instance, "memory.atomic.notify", 1, 0), { code: "unaligned atomic" });
    assert.throws(() => call(instance, "memory.atomic.wait32", PAGE, 0, 0n), { code: "out of bounds memory access" });
    assert.throws(() => call(instance, "memory.atomic.wait64", -8, 0n, 0n), { code: "out of bounds memory access" });
    assert.throws(() => call(instance, "memory.atomic.notify", PAGE, 0), { code: "out of bounds memory access" });
  });

  test("a wait ends at once where the value is another, or when its time is over", async () => {
    const instance = newRuntime(features).instantiate(atomicGuest());
    call(instance, "i64.atomic.store", 8, -5n);
    assert.equal(call(instance, "memory.atomic.wait32", 8, 5, FOREVER), 1);
    assert.equal(call(instance, "memory.atomic.wait64", 8, 5n, FOREVER), 1);
    assert.equal(call(instance, "memory.atomic.wait32", 8, -5, 0n), 2);
    assert.equal(call(instance, "memory.atomic.wait64", 8, -5n, 2_000_000n), 2);
    assert.equal(await callAsync(instance, "memory.atomic.wait32", 8, 5, FOREVER), 1);
    assert.equal(await callAsync(instance, "memory.atomic.wait64", 8, -5n, 0n), 2);
    const alive = setTimeout(() => {}, 10_000);
    assert.equal(await callAsync(instance, "memory.atomic.wait32", 8, -5, 2_000_000n), 2);
    clearTimeout(alive);
  });

  test("suspended guests of one thread wait for one another, and are woken in their order", async () => {
    const [one, two] = pair(newRuntime);
    const woken: number[] = [];
    const waits = [one, two, one, two].map(async (instance, i) => {
      assert.equal(await callAsync(instance, "memory.atomic.wait32", 16, 0, FOREVER), 0);
      woken.push(i);
    });
    const other = callAsync(two, "memory.atomic.wait64", 24, 0n, 60n * SECOND);
    assert.equal(call(one, "memory.atomic.notify", 20, -1), 0);
    assert.equal(call(one, "memory.atomic.notify", 16, 3), 3);
    await settled();
    assert.deepEqual(woken, [0, 1, 2]);
    assert.equal(call(two, "memory.atomic.notify", 16, 3), 1);
    assert.equal(call(two, "memory.atomic.notify", 16, 3), 0);
    assert.equal(call(one, "memory.atomic.notify", 24, 1), 1);
    assert.equal(await other, 0);
    await Promise.all(waits);
    assert.deepEqual(woken, [0, 1, 2, 3]);
  });

  test("what another instance grew is seen by the first access", () => {
    const [one, two] = pair(newRuntime);
    assert.equal(call(two, "i32.load", PAGE - 4), 0);
    assert.equal(call(one, "grow", 1), 1);
    assert.equal(call(two, "i32.load", 2 * PAGE - 4), 0);
    assert.throws(() => call(two, "i32.load", 2 * PAGE), { code: "out of bounds memory access" });
  });

  test("two instances see what the other writes and how far it has grown", () => {
    const [one, two] = pair(newRuntime);
    assert.equal(call(one, "i32.atomic.rmw.add", 0, 40), 0);
    assert.equal(call(two, "i32.atomic.rmw.add", 0, 2), 40);
    assert.equal(call(one, "i32.load", 0), 42);
    assert.equal(call(one, "grow", 1), 1);
    assert.equal(call(two, "size"), 2);
    assert.equal(call(two, "i32.load", PAGE), 0);
    assert.equal(call(two, "grow", 2), 2);
    assert.equal(call(one, "grow", 1), -1);
    assert.equal(call(one, "i32.atomic.load", 4 * PAGE - 4), 0);
    assert.throws(() => call(one, "i32.atomic.load", 4 * PAGE), { code: "out of bounds memory access" });
  });

  for (const name of ["called", "called by a table", "called in a try", "called by another function"]) {
    test(`what another instance grew is seen after a host function, ${name}`, async () => {
      for (const way of [call, callAsync]) {
        const [one, , other] = pair(newRuntime);
        const grow = (throws: number): void => {
          assert.equal(call(one, "grow", 1), 1);
          one.memory!.writeUint32(PAGE, 7);
          if (throws) throw new Error("after it has grown");
        };
        assert.equal(await way(other.instantiate(growing, { imports: { host: { grow } } }), name), 7);
      }
    });
  }

  test("what another instance grew is seen behind a third one, and by it", async () => {
    for (const way of [call, callAsync]) {
      const [one, , other] = pair(newRuntime);
      const grow = (): void => {
        assert.equal(call(one, "grow", 1), 1);
        one.memory!.writeUint32(PAGE, 7);
      };
      const third = other.instantiate(between, { imports: { host: { grow } } });
      const host = { grow: third.exportedFunction("grow")! };
      assert.equal(await way(other.instantiate(growing, { imports: { host } }), "called"), 7);
    }
    for (const way of [call, callAsync]) {
      const [one, , other] = pair(newRuntime);
      const grow = (): void => {
        assert.equal(call(one, "grow", 1), 1);
        one.memory!.writeUint32(PAGE, 7);
      };
      const read = other.instantiate(between, { imports: { host: { grow } } }).exportedFunction("read")!;
      const imports = { between: { read }, host: { grow } };
      assert.equal(await way(other.instantiate(asking, { imports }), "called"), 7);
    }
  });
}
