// On JavaScriptCore, whose errors have a line, a call through a table looks for a property that only functions of its type have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Module, Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { typedCode } from "#dist/engine/compiler/typed-code.js";
import { defType, funcType } from "#dist/syntax/types.js";
import { sourceOf } from "./source-of.ts";

Object.defineProperty(Error.prototype, "line", { value: 0 });

const callOf = (type: string, args: string): string =>
  sourceOf(`(module ${type} (table 1 funcref) (func (param i32) (call_indirect (type $t) ${args}(local.get 0))))`).join(
    "",
  );

test("what is printed", () => {
  const plain = "C=T0[i4]?.t14_??callee(i4,Y0,T0);C(";
  assert.ok(callOf("(type $t (func (param i32 f64)))", "(i32.const 1) (f64.const 2) ").includes(plain));
  const others = [
    callOf("(type $t (sub (func)))", ""),
    callOf("(rec (type $t (func)) (type (func)))", ""),
    callOf("(type $s (struct)) (type $t (func (param (ref null $s))))", "(ref.null $s) "),
    callOf(`(type $t (func (param ${"i32 ".repeat(30)})))`, "(i32.const 1) ".repeat(30)),
  ];
  for (const source of others) assert.ok(source.includes(".type!==Y") && !source.includes("callee("), source);
});

test("a name is made of a type's numbers, and no two types have one name", () => {
  const names = [
    [[], []],
    [[1], []],
    [[], [1]],
    [[1, 1], []],
    [[1], [1]],
  ].map(([params, results]) => typedCode(defType(funcType(params!, results!))));
  assert.deepEqual(names, ["t_", "t1_", "t_1", "t11_", "t1_1"]);
});

const text = `(module $m
  (type $unary (func (param i32) (result i32))) (type $binary (func (param i32 i32) (result i32)))
  (type $open (sub (func (result i32)))) (type $below (sub $open (func (result i32))))
  (import "host" "double" (func $double (type $unary)))
  (table (export "table") 6 funcref)
  (elem (i32.const 0) $half $sum $double) (elem (i32.const 4) func $six)
  (func $half (export "half") (type $unary) (i32.shr_s (local.get 0) (i32.const 1)))
  (func $sum (export "sum") (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $six (type $below) (i32.const 6))
  (func (export "unary") (param i32 i32) (result i32) (call_indirect (type $unary) (local.get 1) (local.get 0)))
  (func (export "binary") (param i32 i32) (result i32)
    (call_indirect (type $binary) (local.get 1) (local.get 1) (local.get 0)))
  (func (export "open") (param i32) (result i32) (call_indirect (type $open) (local.get 0)))
  (func (export "copy") (param i32 i32) (table.copy (local.get 0) (local.get 1) (i32.const 1))))`;

function instantiate(eager: boolean): {
  readonly module: Module;
  readonly call: (name: string, ...args: number[]) => unknown;
} {
  const runtime = new Runtime({ engine: "compiler", eager });
  runtime
    .hostModule("host")
    .function("double", { params: ["i32"], results: ["i32"] }, (x: number) => 2 * x)
    .instantiate();
  const module = runtime.instantiate(parse(text));
  return { module, call: (name, ...args) => module.exportedFunction(name)!.call(...args) };
}

for (const eager of [false, true]) {
  test(`calls through a table${eager ? "" : " of functions that are interpreted at first"}`, () => {
    const { module, call } = instantiate(eager);
    for (let i = 0; i < 6000; i++) {
      assert.equal(call("unary", 0, i), i >> 1);
      assert.equal(call("binary", 1, i), 2 * i);
      assert.equal(call("unary", 2, i), 2 * i);
      if (i % 100 === 0) assert.equal(call("half", i), i >> 1);
    }
    assert.throws(() => call("unary", 1, 1), /indirect call type mismatch/);
    assert.throws(() => call("binary", 0, 1), /indirect call type mismatch/);
    assert.throws(() => call("unary", 3, 1), /uninitialized element/);
    for (const index of [6, -1, -0x80000000]) assert.throws(() => call("unary", index, 1), /undefined element/);
    for (let i = 0; i < 3; i++) assert.equal(call("open", 4), 6);
    call("copy", 0, 1);
    assert.throws(() => call("unary", 0, 1), /indirect call type mismatch/);
    assert.equal(call("binary", 0, 5), 10);
    module.exportedTable("table")!.set(0, module.exportedFunction("half")!);
    assert.equal(call("unary", 0, 9), 4);
    module.exportedTable("table")!.set(0, null);
    assert.throws(() => call("unary", 0, 1), /uninitialized element/);
  });
}

test("a function of another instance", () => {
  const [one, other] = [instantiate(true), instantiate(true)];
  one.module.exportedTable("table")!.set(5, other.module.exportedFunction("half")!);
  for (let i = 0; i < 3; i++) assert.equal(one.call("unary", 5, 8), 4);
  assert.throws(() => one.call("binary", 5, 8), /indirect call type mismatch/);
});
