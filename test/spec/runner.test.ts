// Takes small scripts with mistakes, holds the runner to finding each, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Report, runSource } from "./runner.ts";

function run(source: string): Report {
  return runSource(source, { engine: "interpreter", features: "wasm3" });
}

const module = `(module
  (func (export "i32") (result i32) (i32.const -1))
  (func (export "f32") (param i32) (result f32) (f32.reinterpret_i32 (local.get 0)))
  (func (export "f64") (param f64) (result f64) (local.get 0))
  (func (export "v128") (param v128) (result v128) (local.get 0))
  (func (export "ref") (param externref) (result externref) (local.get 0))
  (func (export "i31") (result (ref i31)) (ref.i31 (i32.const 5)))
  (func (export "two") (result i32 i64) (i32.const 1) (i64.const 2))
  (func (export "trap") unreachable)
  (tag $e) (func (export "throw") (throw $e))
  (func $loop (export "loop") (call $loop))
  (global (export "g") i64 (i64.const 7)))
`;

const right: readonly string[] = [
  '(assert_return (invoke "i32") (i32.const 0xffffffff))',
  '(assert_return (invoke "f32" (i32.const 0x7fc00000)) (f32.const nan:canonical))',
  '(assert_return (invoke "f32" (i32.const 0xffc00001)) (f32.const nan:arithmetic))',
  '(assert_return (invoke "f32" (i32.const 0x7fa00000)) (f32.const nan:0x200000))',
  '(assert_return (invoke "f64" (f64.const -nan:0x4000000000001)) (f64.const -nan:0x4000000000001))',
  '(assert_return (invoke "v128" (v128.const f32x4 nan 1 2 nan:0x1)) (v128.const f32x4 nan:canonical 1 2 nan:0x1))',
  '(assert_return (invoke "ref" (ref.extern 1)) (ref.extern 1))',
  '(assert_return (invoke "ref" (ref.null extern)) (ref.null))',
  '(assert_return (invoke "i31") (ref.i31))',
  '(assert_return (invoke "two") (i32.const 1) (either (i64.const 1) (i64.const 2)))',
  '(assert_return (get "g") (i64.const 7))',
  '(assert_trap (invoke "trap") "unreachable")',
  '(assert_exception (invoke "throw"))',
  '(assert_exhaustion (invoke "loop") "call stack exhausted")',
  '(assert_malformed (module quote "(func (nope))") "unknown operator")',
  '(assert_invalid (module (func (result i32))) "type mismatch")',
  '(assert_unlinkable (module (import "no" "no" (func))) "unknown import")',
  '(assert_trap (module (func $s unreachable) (start $s)) "unreachable")',
];

test("what scripts say of a module is found right", () => {
  assert.deepEqual(run(module + right.join("\n")).failures, []);
});

const wrong: readonly string[] = [
  '(assert_return (invoke "i32") (i32.const 1))',
  '(assert_return (invoke "i32") (i64.const -1))',
  '(assert_return (invoke "i32"))',
  '(assert_return (invoke "i32" (i32.const 1)) (i32.const -1))',
  '(assert_return (invoke "f32" (i32.const 0x7fc00001)) (f32.const nan:canonical))',
  '(assert_return (invoke "f32" (i32.const 0x7fa00000)) (f32.const nan:arithmetic))',
  '(assert_return (invoke "f32" (i32.const 0x80000000)) (f32.const 0))',
  '(assert_return (invoke "v128" (v128.const f32x4 nan 1 2 3)) (v128.const f32x4 nan 1 2 nan:canonical))',
  '(assert_return (invoke "v128" (v128.const i32x4 1 2 3 4)) (v128.const i32x4 1 2 3 5))',
  '(assert_return (invoke "ref" (ref.extern 1)) (ref.extern 2))',
  '(assert_return (invoke "ref" (ref.null extern)) (ref.extern))',
  '(assert_return (invoke "i31") (ref.struct))',
  '(assert_return (invoke "two") (i32.const 1) (either (i64.const 1) (i64.const 3)))',
  '(assert_return (get "g") (i64.const 8))',
  '(assert_return (get "no") (i64.const 8))',
  '(assert_return (invoke "trap"))',
  '(assert_trap (invoke "trap") "integer overflow")',
  '(assert_trap (invoke "i32") "unreachable")',
  '(assert_trap (invoke "throw") "unreachable")',
  '(assert_exception (invoke "trap"))',
  '(assert_exception (invoke "i32"))',
  '(assert_exhaustion (invoke "i32") "call stack exhausted")',
  '(assert_malformed (module quote "(func)") "unknown operator")',
  '(assert_malformed (module (func (result i32))) "type mismatch")',
  '(assert_invalid (module quote "(func (nope))") "unknown operator")',
  '(assert_unlinkable (module (func)) "unknown import")',
  '(assert_trap (module (func)) "unreachable")',
  '(invoke $nothing "i32")',
  "(module (func (nope)))",
];

test("what they say wrong is a failure, each in its line", () => {
  // A module that fails leaves none: it comes last.
  const { failures, commands } = run(module + wrong.join("\n"));
  const first = module.split("\n").length;
  assert.equal(commands, wrong.length + 1);
  assert.deepEqual(
    wrong.filter((_, i) => !failures.some(({ line }) => line === first + i)),
    [],
  );
  assert.equal(failures.length, wrong.length);
});

test("another wording of the right error is counted, and no failure", () => {
  const { failures, wordings } = run('(assert_invalid (module (func (result i32))) "something else")');
  assert.deepEqual(failures, []);
  assert.equal(wordings.length, 1);
});

test("modules import from those registered; definitions make instances of their own", () => {
  const { failures } = run(`(module $a (global (export "g") i32 (i32.const 3))) (register "a" $a)
    (module definition $d (import "a" "g" (global i32)) (global $v (mut i32) (i32.const 0))
      (func (export "next") (result i32) (global.set $v (i32.add (global.get $v) (global.get 0))) (global.get $v)))
    (module instance $one $d) (module instance $two $d)
    (assert_return (invoke $one "next") (i32.const 3)) (assert_return (invoke $one "next") (i32.const 6))
    (assert_return (invoke $two "next") (i32.const 3))`);
  assert.deepEqual(failures, []);
});
