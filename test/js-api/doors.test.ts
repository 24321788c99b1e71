// Takes the doors of the namespace, looks what each can do: the same, by the engines that it has.
import assert from "node:assert/strict";
import test from "node:test";
import * as main from "zerowasm/js-api";
import * as interpreter from "zerowasm/js-api/interpreter";
import * as interpreterFile from "zerowasm/js-api/interpreter/min";
import * as jitless from "zerowasm/js-api/jitless";
import * as mainFile from "zerowasm/js-api/min";
import { parse } from "zerowasm/text";

const binary = parse(`(module
  (func (export "f") (param i32) (result i32)
    (i8x16.extract_lane_u 3 (i8x16.add (i8x16.splat (local.get 0)) (i8x16.splat (i32.const 3))))))`);
const doors = {
  "js-api": main,
  "js-api/min": mainFile,
  "js-api/interpreter": interpreter,
  "js-api/interpreter/min": interpreterFile,
  "js-api/jitless": jitless,
};

for (const [name, { WebAssembly, createWebAssembly }] of Object.entries(doors)) {
  const engines = /^js-api(?:\/min)?$/.test(name) ? ["auto", "interpreter", "compiler"] : ["auto", "interpreter"];
  for (const engine of engines as ("auto" | "interpreter" | "compiler")[]) {
    test(`${name} runs a guest by ${engine}`, () => {
      const own = createWebAssembly({ engine });
      const { f } = new own.Instance(new own.Module(binary)).exports as { f: (n: number) => number };
      for (let i = 0; i < 3000; i++) assert.equal(f(i), (i + 3) & 255);
    });
  }
  test(`${name} has a namespace of its own`, () => {
    assert.notEqual(createWebAssembly(), WebAssembly);
    assert.ok(WebAssembly.validate(binary));
  });
}

test("closures are where the door has them", () => {
  const run = ({ createWebAssembly }: typeof jitless) => {
    const own = createWebAssembly({ engine: "interpreter", dispatch: "closures" });
    const { f } = new own.Instance(new own.Module(binary)).exports as { f: (n: number) => number };
    return f(4);
  };
  assert.equal(run(jitless), 7);
  for (const door of [main, interpreter]) assert.throws(() => run(door), /dispatch "switch" or "auto"/);
});
