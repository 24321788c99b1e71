// Takes modules with hostile names, strings and numbers, holds the words of what is printed for them to a list: nothing of a binary's text is in it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { environmentNames } from "#dist/engine/compiler/environment.js";
import { printChunk } from "#dist/engine/compiler/print-chunk.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { Random } from "../../property/random.ts";

const words = new Set([
  ..."break case catch const continue default else for function if in instanceof let new null of return strict switch throw true false try typeof undefined var while".split(
    " ",
  ),
  ...environmentNames,
  ..."E Math Float64Array Int32Array imul fround use n".split(" "),
]);

/** What is read of the objects that generated code is given. */
const properties = new Set(
  "at buffer byteLength code elements globals globalWords grow id instance lanes length memories of pages payload ref references suspending tables tag tags type types u64 view words".split(
    " ",
  ),
);

/** One or two letters and a number: a variable, a function, a label. Or a letter alone. A piece of a function has two numbers. */
const NAME = /^[a-zA-Z]{1,2}\d*(?:[a-z]|_\d+)?$/;
const METHOD =
  /^(?:get|set)(?:Int|Uint|Float|BigInt|BigUint)\d+$|^(?:clz32|imul|sqrt|abs|ceil|floor|trunc|min|max|fround|asUintN|asIntN|fill|copyWithin)$/;
const FIELD = /^(?:f\d|rest|words|data|display|fields|type)$/;

/** The words of a source that are on no list, and its strings. */
function strangers(source: string): string[] {
  const strange: string[] = (source.match(/"[^"]*"|'[^']*'|`[^`]*`|\/\*|\\/g) ?? []).filter(
    (text) => text !== '"use strict"',
  );
  for (const [, before, word] of source.matchAll(/(^|[^\w$])([A-Za-z_$][\w$]*)/g)) {
    const isKnown =
      before === "."
        ? properties.has(word) || METHOD.test(word) || FIELD.test(word)
        : words.has(word) || NAME.test(word) || environmentNames.includes(word);
    if (!isKnown) strange.push(before + word);
  }
  return [...new Set(strange)];
}

/** What is printed for all functions of a module, in both forms. */
function sourcesOf(binary: Uint8Array): string[] {
  const module = validate(decode(binary), allFeatures);
  const indices = Array.from(module.functions.keys()).slice(module.importedFunctions);
  return [false, true].map(
    (asynchronous) => printChunk(module, 1000, { indices, label: -1, asynchronous })?.source ?? "",
  );
}

const pieces = [
  "constructor",
  "__proto__",
  "globalThis",
  "Function",
  "eval(",
  '"',
  "'",
  "`",
  "${",
  "*/",
  "//",
  "\\",
  "\n",
  "\u2028",
  "</script>",
  ";",
  "é",
  "\0",
];

/** A name as the text format quotes it. */
function quoted(name: string): string {
  const bytes = [...new TextEncoder().encode(name)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`);
  return `"${bytes.join("")}"`;
}

/** A module with everything that has a name, each hostile; `seed` makes the names and numbers. */
function hostile(random: Random): string {
  let count = 0;
  const name = (): string => quoted(`${random.pick(pieces)}${random.pick(pieces)}${count++}${random.pick(pieces)}`);
  const number = (): number => random.below(0x7fffffff) - 0x3fffffff;
  return `(module
    (import ${name()} ${name()} (func $i (param i32 i64 f32 f64) (result i64)))
    (import ${name()} ${name()} (global $h (mut i64)))
    (type $s (struct (field (mut i32)) (field f64)))
    (memory (export ${name()}) 1) (table (export ${name()}) 4 funcref)
    (global $g (export ${name()}) (mut f64) (f64.const ${number()}))
    (tag $t (export ${name()}) (param i32))
    (data (i32.const 8) ${name()}) (elem (i32.const 0) func $f)
    (@custom ${name()} ${name()})
    (func $${name()} (export ${name()}) (param $${name()} i32) (result i32)
      (local $${name()} i64)
      (local.set 1 (call $i (i32.const ${number()}) (i64.const ${number()}) (f32.const ${number()}) (f64.const -0x1p-1074)))
      (global.set $h (i64.add (local.get 1) (i64.load offset=${random.below(1 << 30)} (local.get 0))))
      (block $${name()} (result i32)
        (try_table (result i32) (catch $t 0) (throw $t (i32.wrap_i64 (local.get 1))))))
    (func $f (export ${name()}) (param i32) (result i32)
      (f64.store offset=${random.below(1 << 30)} (local.get 0) (f64.mul (global.get $g) (f64.const nan:0x${(1 + random.below(0xfffff)).toString(16)})))
      (i32x4.extract_lane 1 (i32x4.add (i32x4.splat (local.get 0)) (v128.const i32x4 ${number()} 2 3 ${number()})))
      (struct.get $s 0 (struct.new $s (i32.const ${number()}) (f64.const 1)))
      i32.add
      (call_indirect (param i32) (result i32) (i32.const 7) (local.get 0))
      i32.add))`;
}

test("words of printed code are on a list, whatever a module calls things", () => {
  const random = new Random(20261126);
  for (let i = 0; i < 200; i++) {
    for (const source of sourcesOf(parse(hostile(random)))) {
      assert.ok(source.length > 500);
      assert.deepEqual(strangers(source), []);
    }
  }
});

test("words of real programs' printed code are on the same list", () => {
  const kernels = readdirSync("bench/kernels").filter((path) => path.endsWith(".wasm"));
  for (const path of [...kernels.map((kernel) => `bench/kernels/${kernel}`), "examples/rust-hello/hello.wasm"]) {
    for (const source of sourcesOf(readFileSync(path))) assert.deepEqual(strangers(source), [], path);
  }
});

test("a stranger is found", () => {
  assert.deepEqual(strangers('w1(i2);globalThis.x="a"'), ['"a"', ";globalThis", ".x"]);
});
