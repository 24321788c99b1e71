// Bytes as elements of an array, as JavaScriptCore has them, whose errors have a line: the same results and traps as through a view.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { printChunk } from "#dist/engine/compiler/emitted-chunks.js";
import { Steadiness } from "#dist/engine/compiler/steady.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { sourceOf } from "./source-of.ts";

Object.defineProperty(Error.prototype, "line", { value: 0 });

const printed: readonly (readonly [string, string])[] = [
  ["(memory 1) (func (param i32) (result i32) (i32.load8_u (local.get 0)))", "B0[i0]??trap(4))"],
  ["(memory 1) (func (param i32) (result i32) (i32.load8_s (local.get 0)))", "B0[i0]??trap(4))<<24>>24)"],
  ["(memory 1) (func (param i32) (i32.store8 (local.get 0) (i32.const 1)))", "B0[i0]??trap(4);B0[i0]=1;"],
  ["(memory 1) (func (param i32) (result i32) (i32.load8_u offset=7 (local.get 0)))", "X0_7[i0]??trap(4))"],
  ["(memory 1) (func (param i32) (i32.store8 offset=7 (local.get 0) (i32.const 1)))", "X0_7[i0]??trap(4);X0_7[i0]=1;"],
  ["(memory 1) (func (param i32) (result i32) (i32.load16_u (local.get 0)))", "V0.getUint16(i0,true)"],
  ["(memory 1 2 shared) (func (param i32) (result i32) (i32.load8_u (local.get 0)))", "V0.getUint8("],
  ["(memory i64 1) (func (param i64) (result i32) (i32.load8_u (local.get 0)))", "V0.getUint8("],
];

for (const [fields, part] of printed) {
  test(part, () =>
    assert.ok(sourceOf(`(module ${fields})`).join("\n").includes(part), sourceOf(`(module ${fields})`).join()),
  );
}

const operations = `
  (func (export "unsigned") (param i32) (result i32) (i32.load8_u offset=1 (local.get 0)))
  (func (export "signed") (param i32) (result i32) (i32.load8_s (local.get 0)))
  (func (export "wide") (param i32) (result i64) (i64.load8_s offset=2 (local.get 0)))
  (func (export "store") (param i32) (i32.store8 offset=1 (local.get 0) (i32.load8_u (local.get 0))))
  (func (export "far") (param i32) (result i32) (i32.load8_u offset=64 (local.get 0)))
  (func (export "beyond") (param i32) (result i32) (i32.load8_u offset=0x7fffffff (local.get 0)))
  (func (export "low") (param i32) (i64.store8 (local.get 0) (i64.const 0x1fe)))`;
const modules: Readonly<Record<string, string>> = {
  "the view is a constant": operations,
  "the view is taken again": `(import "host" "grow" (func $grow))
    ${operations.replaceAll(/\(param i32\)( \(result i..\))?/g, "$& (call $grow)")}`,
};
const places = [0, 7, 65533, 65534, 65535, 65536, 131071, 0x7fffffff, -1, -2, -0x80000000];

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
  return ["unsigned", "signed", "wide", "store", "far", "beyond", "low"].flatMap((name) =>
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

test("hosts take a chunk with a loop and elements: no name is declared twice", () => {
  const text = `(module (memory 1) (func (param i32)
    (loop (i32.store8 (local.get 0) (i32.load8_u (local.get 0))) (br_if 0 (local.get 0)))))`;
  const module = validate(decode(parse(text)), allFeatures);
  const plan = { indices: [0], label: -1, asynchronous: false, steadiness: new Steadiness(module) };
  const { source } = printChunk(module, 1000, plan)!;
  assert.ok(source.includes("B0=X0"), source);
  assert.doesNotThrow(() => new Function("E", source), source);
});
