// Takes functions that store an f64, tells which stores take care of a signalling NaN: V8's Maglev makes it quiet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { copiesBits } from "#dist/engine/compiler/bit-copies.js";
import { precompileModule } from "#dist/engine/compiler/precompile.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { sourceOf } from "./source-of.ts";

const moduleOf = (value: string): string =>
  `(module (memory (export "m") 1) (func (export "f") (param i32 f64 v128) (local f64 v128) (local.set 3 (f64.add (local.get 1) (f64.const 1)))
    ${value}))`;

const moved = [
  "(f64.store (local.get 0) (local.get 1))",
  "(f64.store offset=8 (local.get 0) (f64.neg (local.get 1)))",
  "(f64.store (i32.load (local.get 0)) (select (local.get 1) (f64.load (local.get 0)) (local.get 0)))",
  "(v128.store (local.get 0) (f64x2.pmin (local.get 2) (f64x2.splat (local.get 1))))",
];
const made = [
  "(f64.store (local.get 0) (f64.mul (local.get 1) (local.get 1)))",
  "(f64.store (local.get 0) (local.get 3))",
  "(f64.store (local.get 0) (f64.neg (local.get 3)))",
  "(f64.store (local.get 0) (f64.const 1.5))",
  "(f64.store (local.get 0) (f64.load offset=8 (local.get 0)))",
  "(v128.store (local.get 0) (f64x2.mul (local.get 2) (f64x2.splat (local.get 1))))",
];

test("what is only moved is written again if it is a NaN, where the host may make it quiet", () => {
  for (const body of moved) assert.equal(/rewrite\(/.test(sourceOf(moduleOf(body)).join("")), !copiesBits, body);
});

test("a result of arithmetic, a number and what goes by words are written once", () => {
  for (const body of made) assert.doesNotMatch(sourceOf(moduleOf(body)).join(""), /rewrite\(/, body);
});

test("what is made ahead of time may run on any host", () => {
  for (const body of moved) {
    const { source } = precompileModule(validate(decode(parse(moduleOf(body))), allFeatures));
    assert.match(source, /if\(\w+!==\w+\)rewrite\(/, body);
  }
});

test("a store keeps the bits of each NaN, cold and optimised", () => {
  const instance = new Runtime({ engine: "compiler" }).instantiate(
    parse(`(module (memory (export "m") 1) (global $g (mut f64) (f64.const 0))
      (func $two (param f64) (result f64 f64) (local.get 0) (local.get 0))
      (func $call (param i32 f64) (f64.store offset=16 (local.get 0) (local.get 1)))
      (func (export "f") (param i32) (local f64)
        (local.set 1 (f64.load (local.get 0)))
        (f64.store offset=8 (local.get 0) (local.get 1))
        (call $call (local.get 0) (local.get 1))
        (global.set $g (local.get 1))
        (f64.store offset=24 (local.get 0) (global.get $g))
        (i64.store offset=32 (local.get 0) (i64.reinterpret_f64 (local.get 1)))
        (call $two (local.get 1)) (drop) (local.set 1)
        (f64.store offset=40 (local.get 0) (local.get 1))
        (v128.store offset=48 (local.get 0) (f64x2.pmax (v128.load (local.get 0)) (f64x2.splat (local.get 1))))))`),
  );
  const memory = instance.exportedMemory("m")!;
  const f = instance.exportedFunction("f")!;
  for (let i = 0; i < 20_000; i++) {
    const [low, high] = [i & 3, [0x7ff00001, 0xfff00001, 0x7ff40001, 0x7ff80001][i & 3]!];
    memory.writeUint32(1024, low);
    memory.writeUint32(1028, high);
    f.call(1024);
    for (let at = 8; at < 64; at += 8)
      assert.deepEqual([memory.readUint32(1024 + at), memory.readUint32(1028 + at)], [low, high], `${at} after ${i}`);
  }
});
