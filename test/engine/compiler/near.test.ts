// Bytes near each other and a structure's words in a function with a loop: elements with one index on V8. The same results and traps as in the interpreter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { prefersElements } from "#dist/engine/compiler/elements.js";
import { sourceOf } from "./source-of.ts";

const at = "(local.get 0)";
const plus = (distance: number): string => `(i32.add ${at} (i32.const ${distance}))`;

/** Accesses without and with what is written, and the part of the source that tells how each is done. */
const accesses: readonly (readonly [string, string])[] = [
  [`(i32.load8_u ${at})`, "VUint8_0_0n[i0]??"],
  [`(i32.load8_s offset=63 ${at})`, "VUint8_0_63n[i0]??"],
  [`(i32.load8_u offset=64 ${at})`, "(i0>>>0)+64"],
  [`(i32.load8_u ${plus(7255)})`, "VUint8_0_23n[i0+7232|0]??"],
  [`(i32.load8_u ${plus(-1)})`, "VUint8_0_63n[i0+-64|0]??"],
  [`(i32.load8_u offset=1 ${plus(62)})`, "VUint8_0_63n[i0]??"],
  [`(i32.load8_u offset=2 ${plus(62)})`, "+2)"],
  [`(i32.load8_u ${plus(-0x80000000)})`, "VUint8_0_0n[i0+-2147483648|0]??"],
  [`(i32.load offset=4 ${at})`, "VInt32_0_4n[i0>>>2|i0<<30]??"],
  [`(i32.load offset=252 ${at})`, "VInt32_0_252n[i0>>>2|i0<<30]??"],
  [`(i32.load offset=256 ${at})`, "(i0>>>0)+256"],
  [`(i32.load offset=6 ${at})`, "(i0>>>0)+6"],
  [`(i32.store8 ${at} ${at}) (i32.load8_u ${at})`, "]=i0;"],
  [`(i32.store8 offset=5 ${plus(3)} ${at}) (i32.load ${at})`, "VUint8_0_8n[i0]=i0;"],
  [`(i32.store8 ${plus(-3)} (i32.load8_u ${plus(-2)})) (i32.load ${at})`, "VUint8_0_61n[i0+-64|0]=t"],
  [`(i32.store offset=8 ${at} ${at}) (i32.load offset=8 ${at})`, "VInt32_0_8n[i0>>>2|i0<<30]=i0;"],
];
/** Accesses that go through the view alone, in a function with a loop and in one without. */
const viewed: readonly (readonly [string, boolean])[] = [
  [`(i32.load ${at})`, true],
  [`(i32.load offset=4 ${plus(64)})`, true],
  [`(i32.load offset=4 (i32.xor ${at} (i32.const 4)))`, true],
  [`(i32.load16_u offset=4 ${at})`, true],
  [`(i32.load8_u (i32.xor ${at} (i32.const 4)))`, true],
  [`(i32.store16 offset=4 ${at} ${at}) (i32.const 0)`, true],
  [`(i32.load8_u ${at})`, false],
  [`(i32.store8 ${at} ${at}) (i32.const 0)`, false],
  [`(i32.store offset=4 ${at} ${at}) (i32.const 0)`, false],
];
const loop = "(loop (br_if 0 (local.tee 1 (i32.and (local.get 1) (i32.const 0)))))";
const fields = [...accesses, ...viewed].map(
  ([body], i) => `(func (export "${i}") (param i32 i32) (result i32) ${loop} ${body})`,
);
const places = [
  0, 1, 2, 3, 4, 61, 62, 63, 64, 65, 65216, 65276, 65279, 65280, 65284, 65472, 65473, 65528, 65529, 65532, 65535, 65536,
  -1, -2, -3, -4, -8, -63, -64, -65, -256, -260, -7255, -7232, -7231, 58281, 58280, -0x80000000, -0x7fffffff,
  0x7fffffff,
];

for (const [body, part] of accesses) {
  test(`${body} has ${part}`, { skip: prefersElements() }, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32 i32) (result i32) ${loop} ${body}))`).join("\n");
    assert.ok(source.includes(part), source);
  });
}

for (const [body, hasLoop] of viewed) {
  test(`${body} goes through the view ${hasLoop ? "in" : "without"} a loop`, { skip: prefersElements() }, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32 i32) (result i32) ${hasLoop ? loop : ""} ${body}))`);
    assert.doesNotMatch(source.join("\n"), /nt\d+_0_\d+n\[/);
  });
}

test("a word of a structure is an element without a loop too", { skip: prefersElements() }, () => {
  const source = sourceOf(`(module (memory 1) (func (param i32) (result i32) (i32.load offset=4 ${at})))`).join("\n");
  assert.ok(source.includes("VInt32_0_4n[i0>>>2|i0<<30]??"), source);
});

test("all give what the interpreter gives, again and again", () => {
  const [results, wanted] = (["compiler", "interpreter"] as const).map((engine) => {
    const instance = new Runtime({ engine }).instantiate(parse(`(module (memory (export "m") 1) ${fields.join("")})`));
    const memory = instance.exportedMemory("m")!;
    const bytes = Uint8Array.from({ length: 65536 }, (_, i) => i * 7 + (i >> 8));
    const outcome = (name: number, place: number): unknown => {
      try {
        return instance.exportedFunction(String(name))!.call(place, 0);
      } catch (error) {
        return (error as Error).message;
      }
    };
    return fields.flatMap((_, name) =>
      [...places, ...places].map((place) => {
        memory.write(0, bytes);
        return [outcome(name, place), [...memory.read(0, 65536)!].reduce((sum, byte) => (sum * 31 + byte) | 0, 0)];
      }),
    );
  });
  assert.deepEqual(results, wanted);
});
