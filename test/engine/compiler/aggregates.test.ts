// Structures and arrays as the compiler prints them: what costs the host one step is one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "./source-of.ts";

const printed = (body: string): string => sourceOf(`(module ${body})`).join("\n");

test("elements of type f64 are doubles, and only what may be a NaN that was moved is put by a function", () => {
  const source = printed(`(type $a (array (mut f64)))
    (func (param (ref $a) i32 f64)
      (array.set $a (local.get 0) (local.get 1) (f64.add (array.get $a (local.get 0) (local.get 1)) (f64.const 1)))
      (array.set $a (local.get 0) (i32.const 2) (local.get 2)))`);
  assert.match(source, /(\w+)=r0\.data\[i1\]\+1;[\s\S]*\nr0\.data\[i1\]=\1;/);
  assert.match(source, /put\(r0\.data,2,d2\);/);
});

test("fields of type f64 are doubles in a list, and only what may be a NaN that was moved is asked for one", () => {
  const source = printed(`(type $s (struct (field i32) (field (mut f64)) (field (mut f64))))
    (func (param (ref $s) f64) (result (ref $s))
      (struct.set $s 2 (local.get 0) (f64.add (struct.get $s 1 (local.get 0)) (f64.const 1)))
      (struct.set $s 1 (local.get 0) (local.get 1))
      (struct.new $s (i32.const 7) (f64.sqrt (local.get 1)) (local.get 1)))`);
  assert.match(source, /=r0\.f1\[1\];/);
  assert.match(source, /(\w+)=\(typeof (\w+)==="number"\?\2:\2\[0\]\)\+1;\nr0\.f1\[2\]=\1;/);
  assert.match(source, /r0\.f1\[1\]=d1===d1\?d1:holdNaN\(d1\);/);
  assert.match(source, /new S\(Z\d+,7,\[0\.5,Math\.sqrt\(d1\),d1===d1\?d1:holdNaN\(d1\)\],0,0\)/);
});

test("a structure that takes long to make is made where limits are looked at", () => {
  const made = (count: number): string =>
    printed(`(type $s (struct ${"(field f64) ".repeat(count)})) (func (result (ref $s)) (struct.new_default $s))`);
  assert.match(made(128), /new S\(Z\d+,\[0\.5,0,/);
  assert.match(made(129), /newStruct\(Z\d+,\[\[0\.5,0,/);
});

test("entries of a structure are arguments, those without names a list from the first", () => {
  const fields = (count: number): string => `${"(field i32) ".repeat(count)}`;
  const made = (count: number): string =>
    printed(`(type $s (struct ${fields(count)}))
      (func (param i32) (result (ref $s)) (struct.new $s ${"(local.get 0) ".repeat(count)}))`);
  assert.match(made(5), /new LargeStruct\(Z\d+,(i0,?){5}\)/);
  assert.match(made(8), /new LargeStruct\(Z\d+,(i0,?){8}\)/);
  assert.match(made(11), /new LargeStruct\(Z\d+,(i0,){8}\[i0,i0,i0\]\)/);
});
