// Takes every atomic access, compares it with a model on bigints, on a memory that is shared and on one that is not; and what stands in for Atomics.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { plainAtomics } from "#dist/instance/atomics.js";
import { type Access, accesses, atomicGuest, atomicName, updates } from "../support/threads.ts";
import { Random } from "./random.ts";

const SEED = 4242;
const TURNS = 60;

type Update = (old: bigint, value: bigint) => bigint;

const models: Readonly<Record<(typeof updates)[number], Update>> = {
  add: (old, value) => old + value,
  sub: (old, value) => old - value,
  and: (old, value) => old & value,
  or: (old, value) => old | value,
  xor: (old, value) => old ^ value,
  xchg: (_, value) => value,
};

/** A value whose low bytes often repeat, so that comparisons hold. */
const operand = (random: Random): bigint => random.pick([0n, 1n, 0x80n, 0xffn, 0xffffn, 0xffffffffn, random.bits64()]);

function toHost({ type }: Access, value: bigint): number | bigint {
  return type === "i32" ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
}

for (const dispatch of ["switch", "closures"] as const) {
  for (const kind of ["shared", "unshared"] as const) {
    test(`${dispatch}, ${kind}: every access as the model does it (seed ${SEED})`, () => {
      const random = new Random(SEED);
      const instance = new Runtime({ dispatch, features: ["wasm3", "threads"] }).instantiate(atomicGuest(kind));
      const memory = instance.memory!;
      for (const access of accesses) {
        const bits = 8 * access.size;
        const wide = access.type === "i32" ? 32 : 64;
        const run = (action: string, address: number, ...values: readonly bigint[]): bigint | undefined => {
          const args = values.map((value) => toHost(access, value));
          const result = instance.exportedFunction(atomicName(access, action))!.call(address, ...args);
          return result === undefined ? undefined : BigInt.asUintN(wide, BigInt(result as number | bigint));
        };
        for (let turn = 0; turn < TURNS; turn++) {
          const address = 65536 - 64 + access.size * random.below(64 / access.size);
          const around = operand(random);
          memory.writeUint64(address & ~7, around);
          const before = BigInt.asUintN(bits, around >> BigInt(8 * (address & 7)));
          const holds = (expected: bigint, what: string): void => {
            const mask = BigInt.asUintN(64, ((1n << BigInt(bits)) - 1n) << BigInt(8 * (address & 7)));
            const want = (around & ~mask) | ((expected << BigInt(8 * (address & 7))) & mask);
            assert.equal(memory.readUint64(address & ~7), BigInt.asUintN(64, want), what);
          };
          const value = operand(random);
          assert.equal(run("load", address), before);
          for (const action of updates) {
            assert.equal(run(action, address, value), before, action);
            holds(models[action](before, value), action);
            memory.writeUint64(address & ~7, around);
          }
          // Of a narrow access only the low bits are compared.
          const expected = random.once(2)
            ? before | BigInt.asUintN(wide, operand(random) << BigInt(bits))
            : operand(random);
          assert.equal(run("cmpxchg", address, expected, value), before);
          holds(BigInt.asUintN(bits, expected) === before ? value : before, "cmpxchg");
          run("store", address, value);
          holds(value, "store");
        }
      }
    });
  }
}

test(`what stands in for the host's Atomics does the same (seed ${SEED})`, () => {
  const random = new Random(SEED);
  const names = ["load", "store", "add", "sub", "and", "or", "xor", "exchange", "compareExchange"] as const;
  for (const Integers of [Uint8Array, Uint16Array, Int32Array]) {
    const [own, host] = [new Integers(4), new Integers(4)];
    for (let turn = 0; turn < 500; turn++) {
      const name = random.pick(names);
      const index = random.below(4);
      // What is expected is wrapped to the integers.
      const isThere = name === "compareExchange" && random.once(2);
      const first = isThere
        ? host[index]! + random.below(4) * 2 ** (8 * Integers.BYTES_PER_ELEMENT)
        : random.word() | 0;
      const second = random.word() | 0;
      const result = (plainAtomics[name] as typeof Atomics.compareExchange)(own, index, first, second);
      const wanted = (Atomics[name] as typeof Atomics.compareExchange)(host, index, first, second);
      assert.equal(result, wanted, name);
      assert.deepEqual(own, host, name);
    }
  }
});
