// Values that cross the border: every type, exact bits, references.
import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "zerowasm/text";
import { single } from "../../support/guests.ts";
import { ModuleBuilder } from "../../support/module-builder.ts";
import type { NewRuntime } from "../contract.ts";

const signalling32 = Uint8Array.of(0x01, 0x00, 0xa0, 0x7f); // 0x7fa00001
const signalling64 = Uint8Array.of(0x01, 0, 0, 0, 0, 0, 0xf4, 0xff); // 0xfff4000000000001

export function values(newRuntime: NewRuntime): void {
  const identity = (type: string) =>
    newRuntime()
      .instantiate(single([type], [type], ["local.get", 0]))
      .exportedFunction("run")!;

  test("numbers cross with their type's range", () => {
    assert.deepEqual(
      [0, -1, 2 ** 31, 2 ** 32 + 5, Number.NaN, -0, 1.9].map((x) => identity("i32").call(x)),
      [0, -1, -(2 ** 31), 5, 0, 0, 1],
    );
    assert.equal(identity("i64").call(2n ** 63n), -(2n ** 63n));
    assert.equal(identity("i64").call(-1n), -1n);
    assert.equal(identity("f32").call(0.1), Math.fround(0.1));
    assert.ok(Object.is(identity("f64").call(-0), -0));
    assert.equal(identity("f64").call(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
    assert.ok(Number.isNaN(identity("f32").call(Number.NaN)));
  });

  test("a number is turned by half its size where it stands", () => {
    const module = newRuntime().instantiate(
      parse(`(module
        (func (export "turned") (param i64) (result i64 i64)
          (i64.shl (local.tee 0 (i64.rotr (local.get 0) (i64.const 32))) (i64.const 1))
          (local.get 0))
        (func (export "turns") (param i64 i32) (result i64)
          (loop $next
            (local.set 0 (i64.rotl (local.get 0) (i64.const 32)))
            (br_if $next (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
          (local.get 0)))`),
    );
    assert.deepEqual(module.exportedFunction("turned")!.call(0x100000002n), [0x400000002n, 0x200000001n]);
    assert.equal(module.exportedFunction("turns")!.call(0x100000002n, 3), 0x200000001n);
  });

  test("what a comparison gives is the number 0 or 1 to the next one", () => {
    const is = (name: string): string => `(func (export "${name}") (param i64 i64) (result i32)
      (i32.eq (${name} (local.get 0) (local.get 1)) (i32.const 1)))`;
    const names = ["lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u", "eq", "ne"].map((op) => `i64.${op}`);
    const module = newRuntime().instantiate(parse(`(module ${names.map(is).join(" ")})`));
    const compare = (a: bigint, b: bigint) => names.map((name) => module.exportedFunction(name)!.call(a, b)).join("");
    assert.equal(compare(0n, 1n << 40n), "1100110001");
    assert.equal(compare(-1n, 1n), "1001100101");
    assert.equal(compare(7n, 7n), "0000111110");
  });

  test("a value or zero is chosen by a test of any type, and by a number that is not zero", () => {
    const chosen = (name: string, type: string, condition: string): string =>
      `(func (export "${name}") (param ${type} ${type} i32) (result i32)
        (i32.add (i32.const 1) (select (i32.sub (local.get 2) (i32.const 5)) (i32.const 0) ${condition})))`;
    const compared = ["i32.lt_s", "i32.lt_u", "i64.lt_s", "i64.ne", "f32.lt", "f64.ge"].map((name) =>
      chosen(name, name.slice(0, 3), `(${name} (local.get 0) (local.get 1))`),
    );
    const number = chosen("number", "i32", "(i32.and (local.get 0) (local.get 1))");
    const zero = chosen("zero", "i32", "(i32.eqz (i32.eqz (local.get 0)))");
    const module = newRuntime().instantiate(parse(`(module ${compared.join(" ")} ${number} ${zero})`));
    const choose = (name: string, a: number | bigint, b: number | bigint) =>
      module.exportedFunction(name)!.call(a, b, 14);
    assert.deepEqual([choose("i32.lt_s", -1, 1), choose("i32.lt_u", -1, 1)], [10, 1]);
    assert.deepEqual([choose("i64.lt_s", -1n, 1n), choose("i64.ne", 1n << 40n, 0n)], [10, 10]);
    assert.deepEqual([choose("f32.lt", Number.NaN, 1), choose("f64.ge", 1, 1)], [1, 10]);
    assert.deepEqual([choose("number", 6, 2), choose("number", 6, 8), choose("zero", 2, 0)], [10, 1, 10]);
  });

  test("a double of two words has both, though the second is found by way of a NaN or of another double", () => {
    const module = newRuntime().instantiate(
      parse(`(module
        (func (export "nan") (param i32 f32) (result f64)
          (f64.reinterpret_i64 (i64.or (i64.extend_i32_u (local.get 0))
            (i64.shl (i64.extend_i32_u (i32.and (i32.reinterpret_f32 (f32.sqrt (local.get 1))) (i32.const 0x400fffff))) (i64.const 32)))))
        (func (export "double") (param i32 i64) (result f64)
          (f64.reinterpret_i64 (i64.or (i64.extend_i32_u (local.get 0))
            (i64.shl
              (i64.extend_i32_u (i32.shl (f64.gt (f64.reinterpret_i64 (local.get 1)) (f64.const 1)) (i32.const 30)))
              (i64.const 32)))))
        (func (export "replaced") (param i32 i64) (result f64)
          (f64.reinterpret_i64 (i64x2.extract_lane 0
            (i32x4.replace_lane 1
              (i32x4.replace_lane 0 (v128.const i32x4 0 0 0 0) (local.get 0))
              (f64.gt (f64.reinterpret_i64 (local.get 1)) (f64.const 1))))))
        (func (export "lanes") (param v128) (result f64) (local $x v128)
          (f64.reinterpret_i64 (i64x2.extract_lane 1 (v128.bitselect
            (local.tee $x (f32x4.sqrt (local.get 0))) (v128.const i32x4 0 0 0 0x40000000)
            (f32x4.eq (local.get $x) (local.get $x)))))))`),
    );
    const bitsOf = (name: string, ...args: (number | bigint | Uint8Array)[]) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, module.exportedFunction(name)!.call(...args) as number);
      return view.getBigUint64(0).toString(16);
    };
    assert.equal(bitsOf("nan", 0x12345678, -1), "4000000012345678");
    assert.equal(bitsOf("double", 0x12345678, 0x4008_0000_0000_0001n), "4000000012345678");
    assert.equal(bitsOf("replaced", 0x12345678, 0x4008_0000_0000_0001n), "112345678");
    assert.equal(bitsOf("lanes", new Uint8Array(Float32Array.of(0, 0, 4, -1).buffer)), "4000000040000000");
  });

  test("a vector crosses as sixteen bytes of its own", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => 255 - i);
    const result = identity("v128").call(bytes);
    assert.deepEqual(result, bytes);
    assert.notEqual(result, bytes);
    assert.throws(() => identity("v128").call(new Uint8Array(15)), TypeError);
  });

  test("an externref is the very value", () => {
    const run = identity("externref");
    for (const value of [null, undefined, 1, "text", Symbol.iterator, {}, () => 1])
      assert.equal(run.call(value), value);
  });

  test("a funcref is the very function, and nothing else is one", () => {
    const run = identity("funcref");
    assert.equal(run.call(run), run);
    assert.equal(run.call(null), null);
    assert.throws(() => run.call(() => 1), /is of type funcref \(an exported function or null\), got a function/);
  });

  test("a raw call keeps the bits of NaNs", () => {
    const f32 = BigInt(0x7fa00001);
    const f64 = 0xfff4000000000001n;
    const stack = BigUint64Array.of(f32, f64, 0xffff_ffff_ffff_fff0n);
    const bytes = single(
      ["f32", "f64", "i32"],
      ["i32", "f64", "f32"],
      ["local.get", 2],
      ["local.get", 1],
      ["local.get", 0],
    );
    newRuntime().instantiate(bytes).exportedFunction("run")!.callRaw(stack);
    assert.deepEqual([...stack], [0xffff_fff0n, f64, f32]);
  });

  test("a raw call carries vectors in two slots", () => {
    const stack = BigUint64Array.of(1n, 0x1111n, 0x2222n, 0n);
    const bytes = single(["i64", "v128"], ["v128", "i64"], ["local.get", 1], ["local.get", 0]);
    newRuntime().instantiate(bytes).exportedFunction("run")!.callRaw(stack);
    assert.deepEqual([...stack], [0x1111n, 0x2222n, 1n, 0n]);
  });

  test("a raw call refuses a short stack and references", () => {
    const runtime = newRuntime();
    const pair = runtime.instantiate(single(["i32", "i32"], [], "nop")).exportedFunction("run")!;
    assert.throws(() => pair.callRaw(new BigUint64Array(1)), /needs a stack of 2 slots, got 1/);
    assert.throws(() => identity("externref").callRaw(new BigUint64Array(1)), TypeError);
    for (const stack of [undefined, null, [1n, 2n], new BigInt64Array(2), new Float64Array(2), 2n])
      assert.throws(
        () => pair.callRaw(stack as unknown as BigUint64Array),
        /^TypeError: .* is called with a BigUint64Array, got /,
      );
  });

  test("constants keep the bits of NaNs in globals and memory", () => {
    const module = new ModuleBuilder();
    module.memory(1, undefined, "memory");
    const a = module.global("f32", false, [["f32.const", signalling32]]);
    const b = module.global("f64", true, [["f64.const", signalling64]]);
    module.function(
      { export: "run" },
      ["i32.const", 0],
      ["global.get", a],
      ["f32.store"],
      ["i32.const", 8],
      ["global.get", b],
      ["f64.store"],
    );
    const instance = newRuntime().instantiate(module.build());
    instance.exportedFunction("run")!.call();
    assert.equal(instance.memory!.readUint32(0), 0x7fa00001);
    assert.equal(instance.memory!.readUint64(8), 0xfff4000000000001n);
  });

  test("globals are read and set from both sides", () => {
    const module = new ModuleBuilder();
    const types = { i32: 7, i64: -7n, f32: 0.5, f64: 0.1 } as const;
    const init = {
      i32: ["i32.const", 1],
      i64: ["i64.const", 2],
      f32: ["f32.const", 3],
      f64: ["f64.const", 4],
    } as const;
    for (const type of ["i32", "i64", "f32", "f64"] as const) {
      const at = module.global(type, true, [init[type]], type);
      module.function({ results: [type], export: `get ${type}` }, ["global.get", at]);
      module.function({ params: [type], export: `set ${type}` }, ["local.get", 0], ["global.set", at]);
    }
    const instance = newRuntime().instantiate(module.build());
    for (const [type, value] of Object.entries(types)) {
      const global = instance.exportedGlobal(type)!;
      global.set(value);
      assert.equal(instance.exportedFunction(`get ${type}`)!.call(), value);
      const other = typeof value === "bigint" ? 9n : 9;
      instance.exportedFunction(`set ${type}`)!.call(other);
      assert.equal(global.get(), other);
      assert.equal(global.valueType, type);
    }
  });
}
