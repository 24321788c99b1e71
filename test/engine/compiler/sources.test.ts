// Takes modules, prints their functions in processes that number types differently, holds the sources to be the same.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { parse } from "zerowasm/text";

const modules: Readonly<Record<string, string>> = {
  "calls through tables": `(module
    (type $f (func (param i32 i64) (result f32))) (type $g (func))
    (table 4 funcref)
    (func (param i32) (call_indirect (type $g) (local.get 0)))
    (func (param i32) (result f32) (call_indirect (type $f) (i32.const 1) (i64.const 2) (local.get 0))))`,
  "typed references": `(module
    (type $f (func (param i32) (result i32)))
    (elem declare func $double)
    (func $double (type $f) (i32.mul (local.get 0) (i32.const 2)))
    (func (param (ref null $f)) (result i32) (call_ref $f (i32.const 7) (local.get 0)))
    (func (result (ref $f)) (ref.func $double)))`,
  "tables, memories and globals": `(module
    (table 2 externref) (memory 1 2) (global $g (mut externref) (ref.null extern))
    (func (param i32 externref) (table.set (local.get 0) (local.get 1)) (global.set $g (table.get (local.get 0))))
    (func (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (result i32) (memory.grow (i32.const 1))))`,
  aggregates: `(module
    (type $s (struct (field i32) (field (mut i64)))) (type $a (array (mut i8)))
    (func (param anyref) (result i32) (ref.test (ref null $s) (local.get 0)))
    (func (param anyref) (result i32) (struct.get $s 0 (ref.cast (ref $s) (local.get 0))))
    (func (result (ref $s)) (struct.new $s (i32.const 1) (i64.const 2)))
    (func (param (ref $a) (ref $a))
      (array.copy $a $a (local.get 0) (i32.const 0) (local.get 1) (i32.const 0) (i32.const 1))))`,
};

/** Prints each module's chunk as JSON: the first argument says how many types are there before, the second is the modules. */
const PRINT = `
  import { decode } from "#dist/binary/decode.js";
  import { printChunk } from "#dist/engine/compiler/print-chunk.js";
  import { allFeatures } from "#dist/syntax/features.js";
  import { funcType } from "#dist/syntax/types.js";
  import { validate } from "#dist/valid/validate.js";
  for (let i = 0; i < Number(process.argv[1]); i++) funcType(new Array(i).fill(1), []);
  const printed = JSON.parse(process.argv[2]).map((binary) => {
    const module = validate(decode(Uint8Array.from(binary)), allFeatures);
    const indices = Array.from(module.functions.keys()).slice(module.importedFunctions);
    return [false, true].map((asynchronous) => {
      const chunk = printChunk(module, 1000, { indices, label: -1, asynchronous });
      return chunk && [chunk.source, chunk.functions];
    });
  });
  console.log(JSON.stringify(printed));
`;

function printedAfter(types: number): unknown[] {
  const binaries = Object.values(modules).map((text) => [...parse(text)]);
  const args = ["--input-type=module", "--eval", PRINT, "--", String(types), JSON.stringify(binaries)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

const first = printedAfter(0);
const second = printedAfter(57);

for (const [i, name] of Object.keys(modules).entries()) {
  test(`the source outlives the process: ${name}`, () => {
    assert.ok(first[i], "nothing was printed");
    assert.deepEqual(second[i], first[i]);
  });
}
