// Takes functions of JavaScript's into guests, holds them to what they get, what becomes of what they give and throw.
import assert from "node:assert/strict";
import { exportsOf, testInAll } from "../support/namespaces.ts";

/** A guest's function that calls an imported one with the same types. */
const calling = (params: readonly string[], results: readonly string[]): string => {
  const type = `(param ${params.join(" ")}) (result ${results.join(" ")})`;
  return `(module (import "m" "f" (func $f ${type}))
    (func (export "call") ${type} ${params.map((_, i) => `(local.get ${i})`).join(" ")} (call $f)))`;
};

testInAll("arguments and results cross in each number of parameters", (W) => {
  const types = ["i32", "f64", "i64", "externref", "f32", "i32"];
  const values = [1, 2.5, 3n, { four: 4 }, 5.5, 6];
  for (let count = 0; count <= types.length; count++) {
    const params = types.slice(0, count);
    const given = values.slice(0, count);
    let got: unknown[] = [];
    const f = (...args: unknown[]): unknown => {
      got = args;
      return args.at(-1);
    };
    const { call } = exportsOf(W, calling(params, params.slice(-1)), { m: { f } });
    assert.equal(call(...given), given.at(-1));
    assert.deepEqual(got, given);
  }
});

testInAll("this is undefined", (W) => {
  let that: unknown = 0;
  const f = function (this: unknown): void {
    that = this;
  };
  exportsOf(W, calling([], []), { m: { f } })["call"]();
  assert.equal(that, undefined);
});

testInAll("one result is converted, none is ignored, promises are values", (W) => {
  const result = (type: string, value: unknown): unknown =>
    exportsOf(W, calling([], [type]), { m: { f: () => value } })["call"]();
  assert.deepEqual(
    [result("i32", "7"), result("i32", undefined), result("i64", "8"), result("f64", null)],
    [7, 0, 8n, 0],
  );
  const promise = Promise.resolve(1);
  assert.equal(result("externref", promise), promise);
  assert.throws(() => result("i64", 1), TypeError);
  assert.throws(() => result("funcref", () => {}), TypeError);
  assert.equal(exportsOf(W, calling([], []), { m: { f: async () => 1 } })["call"](), undefined);
});

testInAll("several results are whatever can be iterated", (W) => {
  const results = (value: unknown): unknown =>
    exportsOf(W, calling([], ["i32", "f64"]), { m: { f: () => value } })["call"]();
  assert.deepEqual(results([1, 2.5]), [1, 2.5]);
  assert.deepEqual(results(new Set(["3", 4])), [3, 4]);
  assert.deepEqual(results("56"), [5, 6]);
  for (const wrong of [[1], [1, 2, 3], 1, null, undefined, {}]) assert.throws(() => results(wrong), TypeError);
});

testInAll("an exported function that is imported is called without JavaScript between", (W) => {
  const { f } = exportsOf(W, `(module (func (export "f") (param v128) (result v128) (local.get 0)))`);
  const text = `(module (import "m" "f" (func $f (param v128) (result v128)))
    (func (export "g") (result i32) (i32x4.extract_lane 2 (call $f (v128.const i32x4 1 2 3 4)))))`;
  assert.equal(exportsOf(W, text, { m: { f } })["g"](), 3);
});

testInAll("a host function that is exported again is named by its place among imported functions", (W) => {
  const text = `(module (import "m" "a" (global i32)) (import "m" "f" (func)) (import "m" "g" (func (param i32) (result i32)))
    (export "f" (func 0)) (export "g" (func 1)))`;
  const own = (x: number): number => x + 1;
  const { f, g } = exportsOf(W, text, { m: { a: 1, f: () => {}, g: own } });
  assert.deepEqual([f.name, f.length, g.name, g.length], ["0", 0, "1", 1]);
  assert.notEqual(g, own);
  assert.equal(g("4"), 5);
});

testInAll("floats of 32 bits arrive rounded, however they were computed", (W) => {
  const seen: unknown[] = [];
  const guest = exportsOf(
    W,
    `(module (import "m" "f" (func $f (param f32))) (import "m" "g" (func $g (param f32 i32 f32) (result f32)))
      (func (export "run") (param i32 f64 f32) (result f32) (local f32)
        (call $f (f32.div (local.get 2) (f32.const 3)))
        (call $f (f32.convert_i32_s (local.get 0)))
        (call $f (f32.demote_f64 (local.get 1)))
        (call $f (f32.add (f32.mul (local.get 2) (f32.const 0.1)) (f32.convert_i32_u (local.get 0))))
        (call $f (f32.sqrt (f32.neg (local.get 2))))
        (local.set 3 (f32.mul (local.get 2) (f32.convert_i32_s (local.get 0))))
        (call $g (local.get 3) (i32.reinterpret_f32 (local.get 3)) (f32.sub (f32.const 0) (f32.const 0)))))`,
    { m: { f: (x: number) => seen.push(x), g: (...values: number[]) => seen.push(...values) && 0.1 } },
  );
  assert.equal(guest["run"](16_777_217, 0.1, 1.1), Math.fround(0.1));
  const [a, b] = [Math.fround(1.1), Math.fround(16_777_217)];
  const sum = Math.fround(Math.fround(a * Math.fround(0.1)) + b);
  const product = Math.fround(a * b);
  const bits = new Int32Array(Float32Array.of(product).buffer)[0];
  assert.deepEqual(seen, [Math.fround(a / 3), b, Math.fround(0.1), sum, Number.NaN, product, bits, 0]);
});
