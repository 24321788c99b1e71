// Unsigned numbers in memory as V8's Maglev reads them, which has had them as long as `Object.groupBy`: the same results and traps as in the interpreter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { emitterOf, sourceOf } from "./source-of.ts";

Object.defineProperty(Object, "groupBy", { value: () => null, configurable: true });

const at = "(local.get 0)";
const byte = `(i32.load8_u ${at})`;
const twice = (offset: number): string => `(i32.load8_u offset=${offset} (i32.add ${at} ${at}))`;
const half = `(i32.load16_u ${at})`;
const next = `(i32.load8_u offset=1 ${at})`;

/** A body, and the part of its source that tells how it is read. */
const bodies: readonly (readonly [string, string])[] = [
  [byte, "(V0.getInt8(i0)&255)"],
  [half, "(V0.getInt16(i0,true)&65535)"],
  [`(i32.load8_s ${at})`, "V0.getInt8(i0))"],
  [`(i32.wrap_i64 (i64.load8_u ${at}))`, "(V0.getInt8(i0)&255)"],
  [`(i32.eq ${twice(0)} ${twice(1)})`, "V0.getInt8(i0+i0|0)==="],
  [`(i32.ne ${twice(0)} ${twice(1)})`, "V0.getInt8(i0+i0|0)!=="],
  [`(i32.eq ${byte} ${next})`, "(V0.getInt8(i0)&255)==="],
  [`(i32.eq ${byte} ${twice(1)})`, "(V0.getInt8(i0)&255)==="],
  [`(i32.ne ${twice(0)} ${byte})`, "(V0.getInt8(i0+i0|0)&255)!=="],
  [`(i32.eq ${half} (i32.load16_u offset=1 ${at}))`, "V0.getInt16(i0,true)==="],
  [`(i32.eq ${byte} ${half})`, "(V0.getInt8(i0)&255)==="],
  [`(i32.eq ${byte} (i32.load8_s ${at}))`, "(V0.getInt8(i0)&255)==="],
  [`(i32.eq ${byte} (i32.const 200))`, "(V0.getInt8(i0)&255)==="],
  [`(i32.lt_u ${byte} ${next})`, "(V0.getInt8(i0)&255)>>>0"],
  [`(i32.xor (i32.and (local.get 1) (i32.const 255)) ${twice(0)})`, "V0.getInt8(i0+i0|0))&255)"],
  [`(i32.xor (i32.and (local.get 1) (i32.const 65535)) ${byte})`, "(V0.getInt8(i0)&255))&65535)"],
  [`(if (result i32) ${byte} (then (i32.const 1)) (else (i32.const 2)))`, "V0.getInt8(i0))"],
  [`(select (i32.const 1) (i32.const 2) (i32.eqz ${byte}))`, "(!\nV0.getInt8(i0)?"],
  [`(i32.store8 offset=9 ${at} ${byte}) (i32.load offset=8 ${at})`, "V0.setInt8((i0>>>0)+9,\nV0.getInt8(i0));"],
  [`(i32.store16 offset=9 ${at} ${byte}) (i32.load offset=8 ${at})`, "(V0.getInt8(i0)&255),true)"],
];

const fields = bodies.map(([body], i) => `(func (export "${i}") (param i32 i32) (result i32) ${body})`).join("");
const text = `(module (memory (export "m") 1) ${fields})`;

for (const [body, part] of bodies) {
  test(`${body} has ${part}`, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32 i32) (result i32) ${body}))`).join("\n");
    assert.ok(source.includes(part), source);
  });
}

test("all give what the interpreter gives", () => {
  const [results, wanted] = (["compiler", "interpreter"] as const).map((engine) => {
    const instance = new Runtime({ engine }).instantiate(parse(text));
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => [0, 0, 127, 128, 128, 255, 255, 1, 200, 0, 56][i % 11]!);
    return bodies.map((_, i) => {
      const f = instance.exportedFunction(String(i))!;
      return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 65534, 65535, 65536, -1].map((place) => {
        instance.exportedMemory("m")!.write(0, bytes);
        try {
          return f.call(place, 0x12380);
        } catch (error) {
          return (error as Error).message;
        }
      });
    });
  });
  assert.deepEqual(results, wanted);
});

/** Steps of arithmetic on a local of i64, enough of them to be done on whole values. */
function mixed(local: number): string {
  let sum = `(local.get ${local})`;
  for (let i = 1; i <= 16; i++)
    sum = `(i64.add (i64.mul ${sum} (i64.const ${2 * i + 1})) (i64.rotl (local.get ${local}) (i64.const ${i})))`;
  return sum;
}

// On every V8.
const whole = `(module (memory (export "m") 1)
  (func (export "given") (param i64) (result i64) ${mixed(0)})
  (func (export "returned") (param i64) (result i64)
    (if (i64.lt_s (local.get 0) (i64.const 0)) (then (return ${mixed(0)})))
    (block (br_if 1 (i64.const 5) (i64.eqz (local.get 0))) (drop))
    (i64.xor ${mixed(0)} (i64.const 1)))
  (func (export "stored") (param i64) (local i32)
    (loop
      (local.set 0 ${mixed(0)})
      (br_if 0 (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 3))))
    (i64.store (i32.const 8) (local.get 0))))`;

test("a function of whole i64 values makes empty turns round all of it, and gives what the interpreter gives", () => {
  const source = emitterOf(whole, true).run();
  assert.match(
    source,
    /^function w0\(.*\)\{let j=0;if\(J0>0\)\{J0-=j=100\}.*for\(;;\)\{if\(j>0\)\{j--;continue\}.*return\}\s*\}\s*$/s,
  );
  const [results, wanted] = (["compiler", "interpreter"] as const).map((engine) => {
    const instance = new Runtime({ engine, eager: true }).instantiate(parse(whole));
    const [given, returned, stored] = ["given", "returned", "stored"].map((name) => instance.exportedFunction(name)!);
    const memory = instance.exportedMemory("m")!;
    const all: unknown[] = [];
    // More calls than there are such turns.
    for (let i = 0; i < 2100; i++) {
      const x = BigInt.asIntN(64, BigInt(i - 1000) * 0x9e3779b97f4a7c15n);
      stored!.call(x);
      all.push(given!.call(x), returned!.call(x), memory.readUint64(8));
    }
    return all;
  });
  assert.deepEqual(results, wanted);
});
