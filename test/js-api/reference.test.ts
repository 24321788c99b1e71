// Takes references across the border, through tables, globals and functions: identity, defaults and casts.
import assert from "node:assert/strict";
import { exportsOf, testInAll } from "../support/namespaces.ts";

testInAll("structures and arrays are opaque, and the same object each time", (W) => {
  const text = `(module (type $s (struct (field (mut i32)))) (type $a (array i32))
    (global $kept (mut (ref null $s)) (ref.null $s))
    (func (export "struct") (result (ref $s)) (global.set $kept (struct.new $s (i32.const 7))) (ref.as_non_null (global.get $kept)))
    (func (export "again") (result anyref) (global.get $kept))
    (func (export "extern") (result externref) (extern.convert_any (global.get $kept)))
    (func (export "array") (result (ref $a)) (array.new $a (i32.const 1) (i32.const 2)))
    (func (export "read") (param (ref $s)) (result i32) (struct.get $s 0 (local.get 0)))
    (func (export "isStruct") (param anyref) (result i32) (ref.test structref (local.get 0)))
    (func (export "through") (param externref) (result i32) (ref.test structref (any.convert_extern (local.get 0)))))`;
  const g = exportsOf(W, text);
  const struct = g["struct"]();
  assert.ok(struct === g["again"]() && struct === g["extern"]());
  assert.notEqual(g["array"](), g["array"]());
  assert.equal(g["read"](struct), 7);
  assert.deepEqual([g["isStruct"](struct), g["isStruct"](g["array"]()), g["through"](struct)], [1, 0, 1]);
  assert.throws(() => g["read"](g["array"]()), TypeError);
  assert.throws(() => g["read"]({}), TypeError);
  for (const object of [struct, g["array"]()]) {
    assert.deepEqual([Object.getPrototypeOf(object), Reflect.ownKeys(object), object.field], [null, [], undefined]);
    assert.ok(!Object.isExtensible(object));
    for (const act of [
      () => (object.field = 1),
      () => delete object.field,
      () => Object.setPrototypeOf(object, {}),
      () => Object.defineProperty(object, "field", { value: 1 }),
      () => Object.freeze(object),
    ]) {
      assert.throws(act, TypeError);
    }
    assert.equal(new W.Global({ value: "externref" }, object).value, object);
  }
});

testInAll("small whole numbers are i31s, everything else is the host's", (W) => {
  const g = exportsOf(
    W,
    `(module (func (export "same") (param anyref) (result anyref) (local.get 0))
      (func (export "isI31") (param anyref) (result i32) (ref.test i31ref (local.get 0)))
      (func (export "value") (param i31ref) (result i32) (i31.get_s (local.get 0)))
      (func (export "eq") (param eqref) (result eqref) (local.get 0)))`,
  );
  const cases: [unknown, number][] = [
    [0, 1],
    [2 ** 30 - 1, 1],
    [-(2 ** 30), 1],
    [2 ** 30, 0],
    [-(2 ** 30) - 1, 0],
    [0.5, 0],
    [1n, 0],
    ["1", 0],
    [undefined, 0],
    [Symbol.iterator, 0],
    [null, 1], // of the nullable type that is tested
  ];
  for (const [value, isI31] of cases) {
    assert.equal(g["same"](value), value);
    assert.equal(g["isI31"](value), isI31);
  }
  assert.ok(Object.is(g["same"](-0), 0));
  assert.equal(g["value"](-5), -5);
  for (const wrong of [0.5, "1", {}, undefined]) {
    assert.throws(() => g["value"](wrong), TypeError);
    assert.throws(() => g["eq"](wrong), TypeError);
  }
});

testInAll("globals have values of their types, and defaults", (W) => {
  const defaults: ["i32" | "i64" | "f64" | "externref" | "anyfunc", unknown][] = [
    ["i32", 0],
    ["i64", 0n],
    ["f64", 0],
    ["externref", undefined],
    ["anyfunc", null],
  ];
  for (const [value, initial] of defaults) assert.equal(new W.Global({ value }).value, initial, value);
  const global = new W.Global({ value: "i32", mutable: true }, "7");
  assert.equal(global.valueOf(), 7);
  global.value = { valueOf: () => 8 } as never;
  assert.equal(global.value, 8);
  assert.throws(() => (global.value = 1n as never), TypeError);
  assert.deepEqual(global.type(), { mutable: true, value: "i32" });
  const g = exportsOf(
    W,
    `(module (import "m" "x" (global $x (mut i32))) (func (export "add") (global.set $x (i32.add (global.get $x) (i32.const 1)))))`,
    { m: { x: global } },
  );
  g["add"]();
  assert.equal(global.value, 9);
  assert.throws(() => new W.Global({ value: "v128" }), TypeError);
  assert.throws(() => new W.Global({ value: "i16" as never }), TypeError);
  assert.throws(() => exportsOf(W, `(module (global (export "v") v128 (v128.const i64x2 0 0)))`)["v"].value, TypeError);
});

testInAll("tables hold exported functions and values", (W) => {
  const { f } = exportsOf(W, `(module (func (export "f")))`);
  const table = new W.Table({ element: "anyfunc", initial: 2, maximum: 4 }, f);
  assert.deepEqual([table.length, table.get(0), table.get(1)], [2, f, f]);
  table.set(0);
  assert.equal(table.get(0), null);
  assert.equal(table.grow(1), 2);
  assert.equal(table.grow(1, f), 3);
  assert.deepEqual([table.get(2), table.get(3)], [null, f]);
  assert.throws(() => table.grow(1), RangeError);
  for (const wrong of [() => {}, {}, 1, undefined]) assert.throws(() => table.set(0, wrong), TypeError);
  for (const at of [-1, Number.NaN, 2 ** 32, "x"]) assert.throws(() => table.get(at as never), TypeError);
  assert.throws(() => table.get(4), RangeError);
  assert.throws(() => table.set(4), RangeError);
  const values = new W.Table({ element: "externref", initial: 1n, address: "i64" });
  assert.equal(values.get(0n), undefined);
  assert.equal(values.grow(1n, "text"), 1n);
  assert.deepEqual([values.length, values.get(1n)], [2n, "text"]);
  assert.throws(() => values.get(1 as never), TypeError);
  assert.throws(() => new W.Table({ element: "i32" as never, initial: 1 }), TypeError);
  assert.throws(() => new W.Table({ element: "anyfunc", initial: 10_000_001 }), RangeError);
  assert.throws(() => new W.Table({ element: "anyfunc", initial: 2, maximum: 1 }), RangeError);
});
