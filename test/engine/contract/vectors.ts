// Vectors beyond their instructions: in calls of the host and of guests, globals, blocks, choices, constants of loops, suspension, and on
// memories that have no opcodes of their own.
import assert from "node:assert/strict";
import test from "node:test";
import { type Module, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

/** Sixteen bytes from `first` up. */
const bytes = (first: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => first + i);
const words = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
/** The bits of a signalling NaN in the second lane of each width of float. */
const nans = words(0x3f800000, 0x7fa00001, 0x00000001, 0x7ff40000);

/** Loads by their mnemonics: bytes that are read. */
const loads = {
  load: 16,
  ...{ load8x8_s: 8, load8x8_u: 8, load16x4_s: 8, load16x4_u: 8, load32x2_s: 8, load32x2_u: 8 },
  ...{ load8_splat: 1, load16_splat: 2, load32_splat: 4, load64_splat: 8, load32_zero: 4, load64_zero: 8 },
};

/** Functions for every access to a memory, each named by its mnemonic; an address is an i32, or cast to i64. */
function accesses(memory: string, isWide: boolean): string {
  const address = `(local.get 0)${isWide ? " i64.extend_i32_u" : ""}`;
  const plain = Object.keys(loads).map(
    (name) =>
      `(func (export "${memory}.${name}") (param i32) (result v128) ${address} v128.${name} $${memory} offset=3)`,
  );
  const lanes = [8, 16, 32, 64].flatMap((width) => {
    const lane = 128 / width - 1;
    return [
      `(func (export "${memory}.load${width}_lane") (param i32 v128) (result v128)
         ${address} (local.get 1) v128.load${width}_lane $${memory} offset=3 ${lane})`,
      `(func (export "${memory}.store${width}_lane") (param i32 v128)
         ${address} (local.get 1) v128.store${width}_lane $${memory} offset=3 ${lane})`,
    ];
  });
  const store = `(func (export "${memory}.store") (param i32 v128)
    ${address} (local.get 1) v128.store $${memory} offset=3)`;
  return [...plain, ...lanes, store].join("\n");
}

const memories = (): Uint8Array<ArrayBuffer> =>
  parse(`(module
    (memory $first 1) (memory $second 1) (memory $wide i64 1)
    (export "first" (memory $first)) (export "second" (memory $second)) (export "wide" (memory $wide))
    ${accesses("first", false)} ${accesses("second", false)} ${accesses("wide", true)})`);

const pattern = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 129) & 0xff);

export function vectors(newRuntime: NewRuntime): void {
  const instance = (text: string): Module => newRuntime().instantiate(parse(text));

  test("any lane of a constant is stored", () => {
    const stores = [8, 16, 32, 64].map((width) => {
      const lane = 64 / width;
      return `(v128.store${width}_lane offset=${width} ${lane} (local.get 0) (v128.const i64x2 -2 0x0102030405060708))`;
    });
    const module = instance(
      `(module (memory (export "memory") 1) (func (export "run") (param i32) ${stores.join(" ")}))`,
    );
    module.exportedFunction("run")!.call(0);
    const read = (address: number, length: number): number[] => [...module.memory!.read(address, length)!];
    assert.deepEqual(read(8, 2), [8, 0]);
    assert.deepEqual(read(16, 3), [8, 7, 0]);
    assert.deepEqual(read(32, 5), [8, 7, 6, 5, 0]);
    assert.deepEqual(read(64, 8), [8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test("vectors go to functions of the host and of guests and come back, among others", () => {
    const runtime = newRuntime();
    const seen: unknown[] = [];
    runtime
      .hostModule("env")
      .function("swap", { params: ["i32", "v128", "f32", "v128"], results: ["v128", "i64", "v128"] }, (a, b, c, d) => {
        seen.push(a, b, c, d);
        return [d as Uint8Array, 7n, b as Uint8Array];
      })
      .instantiate();
    const module = runtime.instantiate(
      parse(`(module
        (import "env" "swap" (func $swap (param i32 v128 f32 v128) (result v128 i64 v128)))
        (func $through (param i32 v128 f32 v128) (result v128 i64 v128)
          (call $swap (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
        (func (export "run") (param v128 v128) (result v128 i64 v128)
          (call $through (i32.const 1) (local.get 0) (f32.const 0.5) (local.get 1))))`),
    );
    assert.deepEqual(module.exportedFunction("run")!.call(bytes(0), nans), [nans, 7n, bytes(0)]);
    assert.deepEqual(seen, [1, bytes(0), 0.5, nans]);
  });

  test("globals hold vectors, their own, imported and of the host", () => {
    const runtime = newRuntime();
    const host = runtime.hostModule("env").global("g", { type: "v128", mutable: true }, bytes(1)).instantiate();
    const global = host.exportedGlobal("g")!;
    const module = runtime.instantiate(
      parse(`(module
        (import "env" "g" (global $imported (mut v128)))
        (global $own (export "own") (mut v128) (v128.const i32x4 1 0x7fa00001 3 4))
        (func (export "exchange") (local v128)
          (local.set 0 (global.get $own))
          (global.set $own (global.get $imported))
          (global.set $imported (local.get 0))))`),
    );
    module.exportedFunction("exchange")!.call();
    assert.deepEqual(global.get(), words(1, 0x7fa00001, 3, 4));
    assert.deepEqual(module.exportedGlobal("own")!.get(), bytes(1));
    assert.throws(() => global.set(new Uint8Array(15)), TypeError);
  });

  test("blocks, branches, loops and choices carry vectors, whatever stands below them", () => {
    const module = instance(`(module
      (func (export "choose") (param v128 v128 i32) (result v128)
        (select (local.get 0) (local.get 1) (local.get 2)))
      (func (export "branch") (param v128 v128 i32) (result v128 i32)
        (i64.const 5)
        (block $out (result v128 i32)
          (i32.const 6)
          (local.get 0) (i32.const 1)
          (br_if $out (local.get 2))
          (drop) (drop) (drop)
          (local.get 1) (i32.const 2))
        (drop) (i32.const 3) (br 0))
      (func (export "table") (param v128 v128 i32) (result v128)
        (block $a (result v128)
          (i32.const 9)
          (block $b (result v128)
            (local.get 0) (br_table $b $a (local.get 2)))
          (i8x16.add (local.get 1)) (br $a)))
      (func (export "loop") (param v128 v128 i32) (result v128)
        (local.get 0)
        (loop $again (param v128) (result v128)
          (i32x4.add (v128.const i32x4 1 2 3 4))
          (i32x4.sub (v128.const i32x4 0 1 1 0))
          (br_if $again (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
        (i32x4.add (local.get 1))))`);
    const run = (name: string, c: number) => module.exportedFunction(name)!.call(nans, bytes(3), c);
    assert.deepEqual([run("choose", 1), run("choose", 0)], [nans, bytes(3)]);
    assert.deepEqual(
      [run("branch", 1), run("branch", 0)],
      [
        [nans, 3],
        [bytes(3), 3],
      ],
    );
    const sum = nans.map((byte, i) => byte + 3 + i);
    assert.deepEqual([run("table", 0), run("table", 1)], [sum, nans]);
    const turns = module.exportedFunction("loop")!.call(words(0, 0, 0, 0), words(10, 20, 30, 40), 5);
    assert.deepEqual(turns, words(15, 25, 40, 60));
  });

  test("locals begin as zeros, and calls do not share them", () => {
    const module = instance(`(module
      (func $f (param i32) (result v128) (local v128)
        (local.set 1 (i32x4.add (local.get 1) (i32x4.splat (local.get 0))))
        (if (local.get 0) (then (drop (call $f (i32.sub (local.get 0) (i32.const 1))))))
        (local.get 1))
      (export "run" (func $f)))`);
    assert.deepEqual(module.exportedFunction("run")!.call(3), words(3, 3, 3, 3));
  });

  test("a waiting guest keeps its vectors", async () => {
    const runtime = newRuntime();
    runtime
      .hostModule("env")
      .function("wait", { params: ["v128"], results: ["v128"] }, (x) =>
        Promise.resolve((x as Uint8Array).map((b) => b + 1)),
      )
      .instantiate();
    const module = runtime.instantiate(
      parse(`(module
        (import "env" "wait" (func $wait (param v128) (result v128)))
        (func (export "run") (param v128) (result v128 v128) (local v128)
          (local.set 1 (i8x16.neg (local.get 0)))
          (call $wait (local.get 0))
          (i8x16.add (local.get 1) (local.get 0))))`),
    );
    const run = module.exportedFunction("run")!;
    const results = await Promise.all([run.callAsync(bytes(0)), run.callAsync(bytes(100))]);
    assert.deepEqual(results, [
      [bytes(1), new Uint8Array(16)],
      [bytes(101), new Uint8Array(16)],
    ]);
  });

  test("loads read the same of a first, a second and a 64-bit memory, up to the last byte", () => {
    const module = newRuntime().instantiate(memories());
    const end = 65536 - 3;
    const lanes = { load8_lane: 1, load16_lane: 2, load32_lane: 4, load64_lane: 8 };
    for (const memory of ["first", "second", "wide"]) {
      module.exportedMemory(memory)!.write(8, pattern);
      module.exportedMemory(memory)!.write(65536 - 64, pattern);
    }
    for (const [name, size] of Object.entries({ ...loads, ...lanes })) {
      const load = (memory: string, address: number) =>
        module
          .exportedFunction(`${memory}.${name}`)!
          .call(...(size in lanes || /_lane/.test(name) ? [address, bytes(50)] : [address]));
      for (const address of [5, 6, 11, 21, end - size]) {
        const wanted = load("first", address);
        assert.deepEqual([load("second", address), load("wide", address)], [wanted, wanted], `${name} at ${address}`);
      }
      for (const memory of ["first", "second", "wide"])
        for (const address of [end - size + 1, 0xffffffff | 0])
          assert.throws(() => load(memory, address), Trap, `${memory}.${name} at ${address}`);
    }
  });

  test("stores write the same to a first, a second and a 64-bit memory, and out of bounds nothing", () => {
    const stores = { store: 16, store8_lane: 1, store16_lane: 2, store32_lane: 4, store64_lane: 8 };
    const module = newRuntime().instantiate(memories());
    const end = 65536 - 3;
    for (const memory of ["first", "second", "wide"]) {
      const bytesOf = module.exportedMemory(memory)!;
      for (const [name, size] of Object.entries(stores)) {
        const store = (address: number) => module.exportedFunction(`${memory}.${name}`)!.call(address, nans);
        for (const address of [5, 6, 11, end - size]) {
          store(address);
          const wanted = nans.slice(16 - size);
          assert.deepEqual(bytesOf.read(address + 3, size), wanted, `${memory}.${name} at ${address}`);
          bytesOf.write(address + 3, new Uint8Array(size));
        }
        assert.throws(() => store(end - size + 1), Trap);
        assert.deepEqual(bytesOf.read(65536 - 16, 16), new Uint8Array(16), `${memory}.${name}`);
      }
    }
  });

  test("a trap among vectors tells its place", () => {
    const module = instance(`(module (memory 1)
      (func (export "run") (param i32) (result v128)
        (i8x16.add (v128.load (i32.const 0)) (v128.load32_zero (local.get 0)))))`);
    const run = module.exportedFunction("run")!;
    assert.deepEqual(run.call(0), new Uint8Array(16));
    assert.throws(
      () => run.call(65533),
      (error) => error instanceof Trap && error.code === "out of bounds memory access" && error.wasmStack.length === 1,
    );
  });

  test("a lane is loaded though it does not decide what lanes are not equal", () => {
    const module = instance(`(module (memory 1)
      (func (export "run") (param i32) (result i32)
        (i64x2.extract_lane 0 (i64x2.ne
          (v128.load32_lane 1 (local.get 0) (v128.const i32x4 1 2 3 4))
          (v128.load32x2_u (i32.const 8))))
        i32.wrap_i64))`);
    const run = module.exportedFunction("run")!;
    assert.equal(run.call(0), -1);
    assert.throws(() => run.call(65533), /out of bounds memory access/);
  });

  test("a lane that is computed by way of a float's bits leaves the others", () => {
    const greater = "(f32.gt (f32.reinterpret_i32 (local.get 0)) (f32.const 0))";
    const module = instance(`(module
      (func (export "doubles") (param i32) (result i64)
        (i64x2.extract_lane 0 (f64x2.add (v128.const i32x4 0 0 0 0)
          (i16x8.replace_lane 5 (v128.const i32x4 1 0x3ff00000 0 0) ${greater}))))
      (func (export "swizzle") (param i32) (result i64)
        (i64x2.extract_lane 0 (i8x16.swizzle
          (i32x4.replace_lane 1 (v128.const i32x4 5 6 7 8) ${greater})
          (v128.const i8x16 0 1 2 3 4 16 17 -1 0 0 0 0 0 0 0 0))))
      (func (export "words") (param i32) (result i64)
        (i64x2.extract_lane 0 (f64x2.replace_lane 1 (f64x2.splat (f64.const 3))
          (f64.promote_f32 (f32.add (f32.reinterpret_i32 (local.get 0)) (f32.const 1))))))
      (func (export "bits") (param i32 f32) (result i64)
        (i64x2.extract_lane 0 (f64x2.add (v128.const i32x4 0 0 0 0)
          (i32x4.replace_lane 3 (v128.const i32x4 1 0x3ff00000 0 0) (i32.reinterpret_f32 (f32.sqrt (local.get 1))))))))`);
    const run = (name: string, ...args: number[]) => module.exportedFunction(name)!.call(...args);
    assert.equal(run("doubles", 0x3f800000), 0x3ff0000000000001n);
    assert.equal(run("swizzle", 0x3f800000), 0x100000005n);
    assert.equal(run("words", 0x3f800000), 0x4008000000000000n);
    assert.equal(run("bits", 0, 4), 0x3ff0000000000001n);
  });
}
