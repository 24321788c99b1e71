// Lists of the code of a table's functions: what is in them holds, and there is room for so many.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Module, Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { TableCodes } from "#dist/engine/compiler/table-codes.js";
import { TableInstance } from "#dist/instance/table.js";

const type = (min: number): ConstructorParameters<typeof TableInstance>[0] => ({
  element: 65,
  index64: false,
  limits: { min, max: undefined },
});

test("a table and a type have one list, as long as the table", () => {
  const codes = new TableCodes();
  const table = new TableInstance(type(3), null);
  const list = codes.of(0, table, 7);
  assert.deepEqual(list, [undefined, undefined, undefined]);
  assert.equal(codes.of(0, table, 7), list);
  assert.notEqual(codes.of(0, table, 8), list);
  assert.notEqual(codes.of(1, new TableInstance(type(3), null), 7), list);
});

test("code that was replaced is taken out at each place, of its type", () => {
  const codes = new TableCodes();
  const table = new TableInstance(type(3), null);
  const [list, other] = [codes.of(5, table, 7), codes.of(5, table, 8)];
  const [old, kept] = [() => 1, () => 2];
  for (const each of [list, other]) each.splice(0, 3, old, kept, old);
  codes.remove(7, old);
  assert.deepEqual(list, [undefined, kept, undefined]);
  assert.deepEqual(other, [old, kept, old]);
});

test("what is written to a table is taken out of its lists", () => {
  const table = new TableInstance(type(2), null);
  const list = new TableCodes().of(0, table, 7);
  list.fill(() => 1);
  table.growBy(2, null);
  table.put(3, null);
  assert.equal(list.length, 2);
  table.put(1, null);
  assert.deepEqual(
    list.map((code) => typeof code),
    ["function", "undefined"],
  );
  table.forget();
  assert.equal(list.length, 0);
});

test("an instance has no more than so many lists", () => {
  const codes = new TableCodes();
  const table = new TableInstance(type(1), null);
  for (let i = 0; i < 1000; i++) codes.of(0, table, i);
  assert.equal(table.codes.length, 512);
  assert.deepEqual(codes.of(0, table, 999), []);
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
