// Structures and arrays as the compiler prints them: what costs the host one step is one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "./source-of.ts";

const printed = (body: string): string => sourceOf(`(module ${body})`).join("\n");

test("an element of type f64 is read as one", () => {
  const source = printed(`(type $a (array (mut f64)))
    (func (param (ref $a) i32) (result f64) (f64.add (array.get $a (local.get 0) (local.get 1)) (f64.const 1)))`);
  assert.match(source, /double\(r0,i1\)\+1/);
});

test("entries of a structure without names are a list from the first", () => {
  const fields = (count: number): string => `${"(field i32) ".repeat(count)}`;
  const made = (count: number): string =>
    printed(`(type $s (struct ${fields(count)}))
      (func (param i32) (result (ref $s)) (struct.new $s ${"(local.get 0) ".repeat(count)}))`);
  assert.match(made(8), /new LargeStruct\(Z\d+,\[(i0,?){8}\]\)/);
  assert.match(made(11), /new LargeStruct\(Z\d+,\[(i0,?){8}\],\[i0,i0,i0\]\)/);
});
