// Loads whose address is a known multiple, and those of words at a distance from a pointer: elements of constant arrays on V8 too. The same results and traps as in the interpreter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { prefersElements } from "#dist/engine/compiler/elements.js";
import { unsignedNumber } from "#dist/engine/compiler/maglev.js";
import { sourceOf } from "./source-of.ts";

const low = "(i32.and (local.get 0) (i32.const 255))";
const times = (by: number, factor = low): string => `(i32.shl ${factor} (i32.const ${by}))`;
const plus = (distance: number, of: string): string => `(i32.add ${of} (i32.const ${distance}))`;

/** A load, and the part of its source that tells how it is done. */
const loads: readonly (readonly [string, string])[] = [
  [`i32.load offset=1024 ${times(2)}`, "Int32_0_1024[i0&255]??trap(4);\nreturn(t0);"],
  [`i32.load ${plus(8, times(2))}`, "Int32_0_8[i0&255]??trap(4)"],
  [`i32.load offset=65528 ${plus(4, times(2))}`, "Int32_0_65532[i0&255]??trap(4)"],
  [`i32.load offset=0x7ffffffc ${plus(0x7ffffffc, times(2))}`, "Int32_0_4294967288[i0&255]??trap(4)"],
  [`i32.load16_s ${times(1)}`, "Int16_0_0[i0&255]??trap(4)"],
  [`i32.load16_u offset=65000 ${times(1)}`, "Uint16_0_65000[i0&255]??trap(4)"],
  [`i32.load8_u ${plus(65408, low)}`, "Uint8_0_65408[i0&255]??trap(4)"],
  [`i32.load8_s ${plus(128, low)}`, "(t0<<24>>24)"],
  [`i32.load ${plus(-8, times(2))}`, "V0.getInt32("],
  [`i32.load ${plus(6, times(2))}`, "V0.getInt32("],
  [`i32.load offset=2 ${times(2)}`, "V0.getInt32("],
  [`i32.load ${times(1)}`, "V0.getInt32("],
  [`i32.load ${times(2, "(local.get 0)")}`, "V0.getInt32("],
  [`i32.load ${times(2, "(i32.and (local.get 0) (i32.const 0x3fffffff))")}`, "V0.getInt32("],
  ["i32.load offset=8 (local.get 0)", "VInt32_0_8n[i0>>>2|i0<<30]??V0.getInt32((i0>>>0)+8,true)"],
  ["i32.load offset=6 (local.get 0)", "V0.getInt32("],
  ["i32.load offset=8 align=2 (local.get 0)", "V0.getInt32("],
  ["i32.load8_u (i32.const 1024)", unsignedNumber("V0", "getUint8", "(1024)")],
  ["i32.load8_u (local.get 0)", unsignedNumber("V0", "getUint8", "(i0)")],
];
const fields = loads.map(([load], i) => `(func (export "${i}") (param i32) (result i32) (${load}))`).join("");
const places = [
  0, 1, 2, 3, 127, 128, 255, 256, 65535, 65536, 0x3fffffff, 0x40000000, 0x7fffffff, -1, -8, -5, -256, -0x80000000,
];

for (const [load, part] of loads) {
  test(`${load} is ${part}`, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32) (result i32) (${load})))`).join("\n");
    assert.ok(source.includes(part), source);
  });
}

test("a function has a name of its own for an array", { skip: prefersElements() }, () => {
  const source = sourceOf(`(module (memory 1) (func (param i32) (result i32) (i32.load8_u offset=7 ${low})))`).join(
    "\n",
  );
  assert.match(source, /^let .*const VUint8_0_7=Uint8_0_7;$/m);
  assert.match(source, /VUint8_0_7\[i0&255\]/);
});

test("where the view is no constant it is the one that is read", () => {
  const text = `(module (import "host" "grow" (func $grow)) (memory 1)
    (func (param i32) (result i32) (call $grow) (${loads[0]![0]})))`;
  assert.ok(sourceOf(text).join("").includes("V0.getInt32("), sourceOf(text).join("\n"));
});

/** What each load gives at each place, before and after the memory has grown, or the trap with its offset. */
function outcomes(engine: "compiler" | "interpreter"): unknown[] {
  const instance = new Runtime({ engine, eager: true }).instantiate(
    parse(`(module (memory (export "m") 1 2) ${fields})`),
  );
  const memory = instance.exportedMemory("m")!;
  const fill = (from: number): boolean =>
    memory.write(
      from,
      Uint8Array.from({ length: 65536 }, (_, i) => (i + from) * 7),
    );
  const all = (): unknown[] =>
    loads.flatMap((_, i) =>
      places.map((place) => {
        try {
          return instance.exportedFunction(String(i))!.call(place);
        } catch (error) {
          const { message, wasmStack } = error as Error & { wasmStack: readonly { offset: number }[] };
          return [message, wasmStack.map(({ offset }) => offset)];
        }
      }),
    );
  fill(0);
  const before = all();
  memory.grow(1);
  fill(65536);
  return [before, all()];
}

test("the same as in the interpreter", () => {
  assert.deepEqual(outcomes("compiler"), outcomes("interpreter"));
});
