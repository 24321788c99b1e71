// Vectors of compiled code that are kept as the numbers that they are computed with: wherever such a value leaves its variables it has its bits.
import assert from "node:assert/strict";
import test from "node:test";
import { type Module, Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { FloatUses } from "#dist/engine/compiler/float-uses.js";
import { ModuleNames } from "#dist/engine/compiler/names.js";
import { slotKinds } from "#dist/engine/compiler/vector-kinds.js";
import { build } from "#dist/ir/build.js";
import { allFeatures } from "#dist/syntax/features.js";
import { Num } from "#dist/syntax/types.js";
import { validate } from "#dist/valid/validate.js";

const words = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const doubles = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);

/** Signalling NaNs of either width, between numbers. */
const nans32 = words(0x3f800000, 0x7fa00001, 0x40000000, -0x5fffff);
const nans64 = words(0x00000001, 0x7ff40000, 0, 0x3ff00000);

const configurations = [
  { name: "eager", eager: true },
  { name: "as it turns hot", eager: false },
] as const;

/** A function that adds 1 to each lane `n` times, after a call of `wait` each time, and gives what the lanes are multiplied by as well. */
const counting = (shape: "f32x4" | "f64x2"): string => {
  const type = shape.slice(0, 3);
  return `(module (import "host" "wait" (func $wait)) (memory (export "memory") 1)
    (func (export "count") (param $sum v128) (param $n i32) (result v128 v128) (local $product v128)
      (local.set $product (${shape}.splat (${type}.const 1)))
      (loop $again
        (call $wait)
        (local.set $sum (${shape}.add (local.get $sum) (${shape}.splat (${type}.const 1))))
        (local.set $product (${shape}.mul (local.get $product) (${shape}.splat (${type}.const -1))))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $sum) (local.get $product)))`;
};

/** A local that arithmetic reads in a loop, and that is stored, returned and chosen as it was loaded. */
const moving = (shape: "f32x4" | "f64x2"): string => `(module (memory (export "memory") 1)
  (global $kept (mut v128) (v128.const i64x2 0 0)) (export "kept" (global $kept))
  (func (export "move") (param $n i32) (result v128) (local $x v128) (local $sum v128)
    (local.set $x (v128.load (i32.const 0)))
    (loop $again
      (local.set $sum (${shape}.add (local.get $sum) (local.get $x)))
      (local.set $sum (${shape}.pmin (local.get $sum) (${shape}.mul (local.get $x) (local.get $sum))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (v128.store (i32.const 16) (local.get $x))
    (v128.store (i32.const 32) (${shape}.pmax (local.get $x) (local.get $x)))
    (v128.store (i32.const 48) (${shape}.neg (${shape}.neg (local.get $x))))
    (v128.store (i32.const 64) (${shape}.replace_lane 0 (local.get $x) (${shape}.extract_lane 0 (local.get $x))))
    (v128.store (i32.const 80) (select (local.get $x) (local.get $sum) (i32.eqz (local.get $n))))
    (global.set $kept (local.get $x))
    (local.get $x)))`;

for (const { name, eager } of configurations) {
  const instance = (text: string, wait?: () => unknown): Module => {
    const runtime = new Runtime({ engine: "compiler", eager });
    if (wait !== undefined) runtime.hostModule("host").function("wait", {}, wait).instantiate();
    return runtime.instantiate(parse(text));
  };

  test(`${name}: vectors are written down where a call is suspended, and go on`, async () => {
    for (const [shape, start, sum, product] of [
      ["f32x4", floats(1, 2, 0.5, -1), floats(401, 402, 400.5, 399), floats(1, 1, 1, 1)],
      ["f64x2", doubles(1, 0.25), doubles(401, 400.25), doubles(1, 1)],
    ] as const) {
      let calls = 0;
      const module = instance(counting(shape), () => (++calls % 100 === 0 ? Promise.resolve() : undefined));
      assert.deepEqual(await module.exportedFunction("count")!.callAsync(start, 400), [sum, product]);
    }
  });

  test(`${name}: moves keep the bits of NaNs`, () => {
    for (const [shape, nans] of [
      ["f32x4", nans32],
      ["f64x2", nans64],
    ] as const) {
      for (const turns of [1, 20_000]) {
        const module = instance(moving(shape));
        module.memory!.write(0, nans);
        assert.deepEqual(module.exportedFunction("move")!.call(turns), nans);
        for (const at of [16, 32, 48, 64, 80]) assert.deepEqual(module.memory!.read(at, 16), nans, `${shape} at ${at}`);
        assert.deepEqual(module.exportedGlobal("kept")!.get(), nans);
      }
    }
  });

  test(`${name}: all of a vector is read before any of it is written`, () => {
    const module = instance(`(module (memory (export "memory") 1)
      (func (export "shift") (param i32)
        (loop $again
          (v128.store (i32.const 4) (v128.load (i32.const 0)))
          (v128.store (i32.const 24) (i32x4.add (v128.load (i32.const 20)) (v128.load (i32.const 28))))
          (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);
    module.memory!.write(0, words(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    module.exportedFunction("shift")!.call(1);
    assert.deepEqual(module.memory!.read(0, 44), words(1, 1, 2, 3, 4, 6, 14, 16, 18, 20, 11));
  });

  test(`${name}: lanes that nothing reads are loaded all the same`, () => {
    const module = instance(`(module (memory 1)
      (func (export "extract") (param i32) (result f64) (f64x2.extract_lane 0 (v128.load (local.get 0))))
      (func (export "extend") (param i32) (result v128) (i16x8.extend_low_i8x16_s (v128.load (local.get 0))))
      (func (export "shuffle") (param i32) (result v128)
        (i8x16.shuffle 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3 (v128.load (local.get 0)) (v128.const i64x2 0 0)))
      (func (export "replace") (param i32) (result v128)
        (v128.load64_lane 1 (i32.const 0) (v128.load (local.get 0))))
      (func (export "drop") (param i32) (drop (v128.load (local.get 0)))))`);
    for (const f of ["extract", "extend", "shuffle", "replace", "drop"]) {
      assert.doesNotThrow(() => module.exportedFunction(f)!.call(65520), f);
      assert.throws(() => module.exportedFunction(f)!.call(65521), /out of bounds memory access/, f);
    }
  });
}

test("a local that only arithmetic reads needs no signalling NaNs", () => {
  const isExact = (use: string): boolean => {
    const text = `(module (memory 1) (func (param v128) (local v128)
      (local.set 1 (v128.load (i32.const 0)))
      (local.set 0 (f32x4.add (local.get 1) (local.get 1))) ${use}))`;
    const module = validate(decode(parse(text)), allFeatures);
    const names = new ModuleNames(module, 1000, new Set([0]), false);
    return new FloatUses(build(module, 0).body, names, []).isSeen(2, Num.V128);
  };
  assert.ok(!isExact("(drop (f32x4.lt (local.get 1) (local.get 0)))"));
  for (const use of [
    "(v128.store (i32.const 0) (local.get 1))",
    "(local.set 0 (local.get 1)) (v128.store (i32.const 0) (local.get 0))",
    "(v128.store (i32.const 0) (f32x4.pmin (local.get 1) (local.get 0)))",
    "(v128.store (i32.const 0) (f32x4.abs (local.get 1)))",
    "(v128.store (i32.const 0) (i32x4.add (local.get 1) (local.get 1)))",
  ])
    assert.ok(isExact(use), use);
});

test("a slot is kept in the form that its loop computes with", () => {
  const kindsOf = (shape: string, op: string): readonly unknown[] => {
    const text = `(module (func (param v128 i32) (local v128)
      (loop
        (local.set 2 (${shape}.${op} (local.get 2) (local.get 0)))
        (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))))`;
    const kinds = slotKinds(build(validate(decode(parse(text)), allFeatures), 0).body);
    return [kinds.get(0), kinds.get(3)];
  };
  assert.deepEqual(kindsOf("f32x4", "add"), [Num.F32, Num.F32]);
  assert.deepEqual(kindsOf("f64x2", "max"), [Num.F64, Num.F64]);
  assert.deepEqual(kindsOf("i32x4", "add"), [Num.I32, Num.I32]);
  assert.deepEqual(kindsOf("f32x4", "lt"), [Num.F32, Num.I32]);
});

const chosen: readonly string[] = [
  "(select (f32x4.add (local.get 2) (local.get 2)) (i32x4.splat (local.get 0)) (local.get 1))",
  "(select (f32x4.splat (f32.const 1)) (i32x4.add (i32x4.splat (local.get 0)) (local.get 2)) (local.get 1))",
];

for (const op of ["i8x16.add", "i8x16.sub_sat_u", "i32x4.add", "i64x2.sub", "v128.xor"]) {
  test(`${op} takes a signalling NaN that could have been the result of f32 arithmetic`, () => {
    for (const vector of chosen) {
      const sum = `(${op} ${vector} (local.get 2))`;
      const text = `(module (func (export "f") (param i32 i32) (result i32) (local v128) (i32x4.extract_lane 0 ${sum})))`;
      const f = new Runtime({ engine: "compiler", eager: true }).instantiate(parse(text)).exportedFunction("f")!;
      assert.equal(f.call(0x7f800001, 0), 0x7f800001);
    }
  });
}

test("a word that is computed of constants is not taken for the first of them", () => {
  const word = "(i32x4.extract_lane 0 (i8x16.neg (v128.const i32x4 0x33db9d59 0 0 0)))";
  for (const splat of ["i8x16.splat", "i16x8.splat"]) {
    const text = `(module (func (export "f") (result i32) (i32x4.extract_lane 1 (${splat} ${word}))))`;
    const f = new Runtime({ engine: "compiler", eager: true }).instantiate(parse(text)).exportedFunction("f")!;
    assert.equal(f.call(), splat === "i8x16.splat" ? 0xa7a7a7a7 | 0 : 0x63a763a7);
  }
});
