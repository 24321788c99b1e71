// Takes modules in text, holds them to what they do, and mistakes to where they are.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { parse, TextError } from "zerowasm/text";

function run(wat: string, ...args: readonly unknown[]): unknown {
  const module = new Runtime().instantiate(parse(wat));
  return module.exportedFunction("run")!.call(...args);
}

const results: readonly [wat: string, args: readonly unknown[], result: unknown][] = [
  ['(module (func (export "run") (result i32) i32.const 7))', [], 7],
  ['(func (export "run") (param $x i32) (result i32) (i32.add (local.get $x) (i32.const 1)))', [41], 42],
  [
    '(func (export "run") (param i32) (result i32) (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))',
    [0],
    2,
  ],
  ['(func (export "run") (result i32) (block $a (result i32) (br $a (i32.const 3))))', [], 3],
  ['(memory (data "abc" "\\64")) (func (export "run") (result i32) (i32.load8_u offset=3 (i32.const 0)))', [], 100],
  [
    '(table funcref (elem $f)) (func $f (result i32) (i32.const 5)) (func (export "run") (result i32) (call_indirect (result i32) (i32.const 0)))',
    [],
    5,
  ],
  [
    '(global $g (export "g") (mut i64) (i64.const -0x8000_0000_0000_0000)) (func (export "run") (result i64) global.get $g)',
    [],
    -(2n ** 63n),
  ],
  ['(func $"a b" (result f32) f32.const 0x1.8p-1) (export "run" (func $"a b"))', [], 0.75],
];

for (const [wat, args, result] of results) test(wat, () => assert.deepEqual(run(wat, ...args), result));

const mistakes: readonly [wat: string, message: string, line: number, column: number][] = [
  ["(module\n  (func (i32.foo)))", "unknown operator i32.foo", 2, 10],
  ["(func) (func (br $l))", "unknown label $l", 1, 18],
  ["(func $f) (func $f)", "duplicate func $f", 1, 17],
  ["(func (i32.const 0x1_0000_0000))", "i32 constant out of range", 1, 18],
  ["(memory 1)\n(func (drop (i32.load align=3 (i32.const 0))))", "alignment must be a power of two", 2, 23],
  ["(func block end $l)", "mismatching label", 1, 17],
  ["(type $t (func)) (func (type $t) (result i32))", "inline function type does not match its type", 1, 34],
  ['(func) (import "a" "b" (func))', "import after function", 1, 9],
  ["(func\r\n(;", "unclosed comment", 2, 1],
  ["(func", "unexpected token: the text ends", 1, 6],
  ["(func $f) (elem declare funcref $f)", "unexpected token", 1, 33],
  ["(table 1 funcref) (func $f) (elem (table 0) (i32.const 0) $f)", "unexpected token", 1, 59],
  ["(func (i32.eqz nop))", "unexpected token", 1, 16],
  ["(type $t (func (param i32))) (func (type $t) (result i32) (param i32))", "unexpected token", 1, 59],
  ['(module (@name "a") (@name "b"))', "@name annotation: multiple module", 1, 21],
];

for (const [wat, message, line, column] of mistakes) {
  test(`${JSON.stringify(wat)}: ${message}`, () => {
    assert.throws(
      () => parse(wat),
      (error) => {
        assert.ok(error instanceof TextError);
        assert.equal(error.message.split("\n")[0], `${message} at ${line}:${column}`);
        assert.deepEqual([error.line, error.column], [line, column]);
        return true;
      },
    );
  });
}

test("the excerpt shows the line with a caret below the mistake, whatever its tabs", () => {
  assert.throws(() => parse("(func\n\t(nope))"), { message: "unknown operator nope at 2:3\n  \t(nope))\n  \t ^" });
});
