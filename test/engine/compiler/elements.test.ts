// Numbers as elements of arrays, as JavaScriptCore has them, whose errors have a line: the same results and traps as through a view.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { printChunk } from "#dist/engine/compiler/print-chunk.js";
import { Steadiness } from "#dist/engine/compiler/steady.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { sourceOf } from "./source-of.ts";

Object.defineProperty(Error.prototype, "line", { value: 0 });

const load = (type: string, rest: string): string => `(memory 1) (func (param i32) (result ${type}) (${rest}))`;
const store = (rest: string): string => `(memory 1) (func (param i32) (${rest}))`;
const calling = (table: string): string =>
  `(type $t (func)) ${table} (func (param i32) (call_indirect (type $t) (local.get 0)))`;

const printed: readonly (readonly [string, string])[] = [
  [load("i32", "i32.load8_u (local.get 0)"), "return((\nUint8_0_0[i0]??trap(4)));"],
  [load("i32", "i32.load8_s (local.get 0)"), "((\nUint8_0_0[i0]??trap(4))<<24>>24)"],
  [
    "(memory 65536 65536) (func (param i32) (result i32) (i32.load8_u (local.get 0)))",
    "Uint8_0_0[i0]??V0.getUint8((i0>>>0)+0)",
  ],
  [store("i32.store8 (local.get 0) (i32.const 1)"), "Uint8_0_0[i0]??trap(4);Uint8_0_0[i0]=1;"],
  [load("i32", "i32.load8_u offset=7 (local.get 0)"), "Uint8_0_7[i0]??trap(4)"],
  [load("i32", "i32.load16_u (local.get 0)"), "Uint16_0_0[i0>>>1|i0<<31]??V0.getUint16((i0>>>0)+0,true)"],
  [load("i32", "i32.load offset=4 (local.get 0)"), "Int32_0_4[i0>>>2|i0<<30]??V0.getInt32((i0>>>0)+4,true)"],
  [load("i32", "i32.load offset=6 (local.get 0)"), "V0.getInt32((i0>>>0)+6,true)"],
  [load("i32", "i32.load align=1 (local.get 0)"), "V0.getInt32(i0,true)"],
  [load("f64", "f64.load (local.get 0)"), "Float64_0_0[i0>>>3|i0<<29]??V0.getFloat64((i0>>>0)+0,true)"],
  [
    load("i32", "i32.load offset=4 (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 8))"),
    "Int32_0_4[i0+2|0]??V0.getInt32((((i0<<2)+8|0)>>>0)+4,true)",
  ],
  [
    load("i32", "i32.load (i32.add (i32.shl (i32.and (local.get 0) (i32.const 255)) (i32.const 2)) (i32.const 8))"),
    "Int32_0_8[i0&255]??trap(4)",
  ],
  ["(memory 1 2 shared) (func (param i32) (result i32) (i32.load8_u (local.get 0)))", "V0.getUint8("],
  [
    load("i32", "i32.load offset=1024 (i32.shl (i32.or (i32.load8_u (local.get 0)) (i32.const 3)) (i32.const 2))"),
    "|3]??trap(4)",
  ],
  [
    load(
      "i32",
      "i32.load (i32.add (i32.shl (i32.or (i32.load8_u (local.get 0)) (i32.const 3)) (i32.const 2)) (i32.const 8))",
    ),
    "|3]??trap(4)",
  ],
  [calling('(import "a" "t" (table 1 funcref))'), "C=T0[i2];"],
  [calling("(table 4097 funcref)"), "C=T0[i2];"],
  [calling("(table 4096 funcref)"), "C=C0_0[i2]??called(C0_0,i2,Y0,T0);"],
  ["(func (result f64) (local f64) (local.set 0 (f64.const 2)) (f64.mul (local.get 0) (f64.const -3)))", "(d0*(-3.))"],
  ["(func (result f64) (local f64) (f64.add (local.get 0) (f64.const 1e300)))", "let d0=0.;"],
  ["(memory i64 1) (func (param i64) (result i32) (i32.load8_u (local.get 0)))", "V0.getUint8("],
];

for (const [fields, part] of printed) {
  test(part, () =>
    assert.ok(sourceOf(`(module ${fields})`).join("\n").includes(part), sourceOf(`(module ${fields})`).join()),
  );
}

const bodies: Readonly<Record<string, string>> = {
  unsigned: "(result i32) (i32.load8_u offset=1 (local.get 0))",
  signed: "(result i32) (i32.load8_s (local.get 0))",
  wide: "(result i64) (i64.load8_s offset=2 (local.get 0))",
  store: "(i32.store8 offset=1 (local.get 0) (i32.load8_u (local.get 0)))",
  far: "(result i32) (i32.load8_u offset=64 (local.get 0))",
  beyond: "(result i32) (i32.load8_u offset=0x7fffffff (local.get 0))",
  low: "(i64.store8 (local.get 0) (i64.const 0x1fe))",
  half: "(result i32) (i32.load16_s offset=2 (local.get 0))",
  word: "(result i32) (i32.load offset=4 (local.get 0))",
  odd: "(result i32) (i32.load offset=3 align=1 (local.get 0))",
  float: "(result f32) (f32.add (f32.load (local.get 0)) (f32.const 1))",
  double: "(result f64) (f64.load offset=8 (local.get 0))",
  setHalf: "(i32.store16 (local.get 0) (i32.const 0x12345))",
  setWord: "(i32.store offset=4 (local.get 0) (i32.load (local.get 0)))",
  setFloat: "(f32.store (local.get 0) (f32.mul (f32.const 0.1) (f32.const 3)))",
  setDouble: "(f64.store (local.get 0) (f64.const 0.1))",
  constant: "(i64.store offset=8 (local.get 0) (i64.const 0x123456789abcdef))",
  product: "(result i32) (i32.load offset=4 (i32.shl (local.get 0) (i32.const 2)))",
  sum: "(result i32) (i32.load (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 8)))",
  difference: "(result i32) (i32.load (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const -8)))",
  packed: "(result i32) (i32.load (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 6)))",
  natural:
    "(result i32) (i32.load (i32.add (i32.shl (i32.and (local.get 0) (i32.const 0x3fffffff)) (i32.const 2)) (i32.const 8)))",
  place: "(result i32) (i32.load offset=8 (i32.const 65524))",
  unaligned: "(result i32) (i32.load offset=8 (i32.const 65523))",
};
const operations = Object.entries(bodies)
  .map(([name, body]) => `(func (export "${name}") (param i32) ${body})`)
  .join("");
const modules: Readonly<Record<string, string>> = {
  "the view is a constant": operations,
  "the view is taken again": `(import "host" "grow" (func $grow))
    ${operations.replaceAll(/\(param i32\)( \(result ...\))?/g, "$& (call $grow)")}`,
};
const places = [
  0, 1, 2, 4, 7, 8, 16383, 16384, 65528, 65532, 65533, 65534, 65535, 65536, 131071, 0x3ffffffe, 0x40000000, 0x7fffffff,
  -1, -2, -4, -8, -0x40000000, -0x80000000,
];

/** What a call gives, or the trap with its offset; and the memory's bytes that were touched. */
function outcomes(engine: "compiler" | "interpreter", fields: string): unknown[] {
  const runtime = new Runtime({ engine, eager: true });
  let grow = (): void => {};
  runtime
    .hostModule("host")
    .function("grow", { params: [], results: [] }, () => grow())
    .instantiate();
  const instance = runtime.instantiate(parse(`(module ${fields} (memory (export "m") 1))`));
  const memory = instance.exportedMemory("m")!;
  grow = () => void (memory.byteLength < 0x30000 && memory.grow(1));
  memory.write(
    0,
    Uint8Array.from({ length: 65536 }, (_, i) => i * 7),
  );
  return Object.keys(bodies).flatMap((name) =>
    places.map((place) => {
      try {
        return [name, place, instance.exportedFunction(name)!.call(place), memory.read(0, 16), memory.read(65528, 8)];
      } catch (error) {
        const { message, wasmStack } = error as Error & { wasmStack: readonly { offset: number }[] };
        return [name, place, message, wasmStack.map(({ offset }) => offset), memory.read(65528, 8)];
      }
    }),
  );
}

for (const [name, fields] of Object.entries(modules)) {
  test(`the same as in the interpreter: ${name}`, () => {
    assert.deepEqual(outcomes("compiler", fields), outcomes("interpreter", fields));
  });
}

test("a vector that is read as f64 and then holds f32 stays words", () => {
  const source = sourceOf("(module (func (param v128) (result v128) (f32x4.demote_f64x2_zero (local.get 0))))").join(
    "",
  );
  assert.ok(!source.includes("fromBits"), source);
});

test("no function is at a negative index of a table", () => {
  const text = `(module (type $t (func)) (table 1 funcref) (elem (i32.const 0) $f) (func $f)
    (func (export "call") (param i32) (call_indirect (type $t) (local.get 0))))`;
  const call = new Runtime({ engine: "compiler" }).instantiate(parse(text)).exportedFunction("call")!;
  call.call(0);
  for (const index of [1, -1, -0x80000000]) assert.throws(() => call.call(index), /undefined element/);
});

test("hosts take a chunk with a loop and elements: no name is declared twice", () => {
  const text = `(module (memory 1) (func (param i32)
    (loop (i32.store8 (local.get 0) (i32.load8_u (local.get 0))) (br_if 0 (local.get 0)))))`;
  const module = validate(decode(parse(text)), allFeatures);
  const plan = { indices: [0], label: -1, asynchronous: false, steadiness: new Steadiness(module) };
  const { source } = printChunk(module, 1000, plan)!;
  assert.ok(source.includes("const Uint8_0_0="), source);
  assert.doesNotThrow(() => new Function("E", source), source);
});
