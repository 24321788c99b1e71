// Holds the features that a module is said to use to what validation asks for: just these are enough, and each of them is needed.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { type Feature, Runtime } from "zerowasm";
import { decode } from "#dist/binary/decode.js";
import { withFoundations } from "#dist/syntax/features.js";
import { featuresUsed } from "#dist/valid/features-used.js";
import { type Instr, ModuleBuilder } from "../support/module-builder.ts";

function holds(name: string, bytes: Uint8Array): readonly Feature[] {
  const used = featuresUsed(decode(bytes));
  const compile = (features: readonly Feature[]): unknown => new Runtime({ features }).compile(bytes);
  assert.doesNotThrow(() => compile(used), `${name} uses ${used}`);
  for (const feature of used) {
    const rest = used.filter((one) => one !== feature);
    // A feature that another one stands on is on with that.
    if (rest.some((one) => withFoundations(one).includes(feature))) continue;
    assert.throws(() => compile(rest), { name: "InvalidError" }, `${name} does without ${feature}`);
  }
  return used;
}

test("of each example", () => {
  const modules = readdirSync("examples", { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".wasm"),
  );
  assert.ok(modules.length > 10);
  for (const path of modules) holds(path, readFileSync(`examples/${path}`));
});

const bodies: readonly (readonly [Feature | undefined, ...Instr[]])[] = [
  [undefined, "nop"],
  [undefined, ["i32.const", -5], "drop", ["f64.const", 0.5], "drop", ["i64.const", 1n << 40n], "drop"],
  [undefined, ["block", "i32"], ["i32.const", 1], "end", "drop"],
  [undefined, ["i32.const", 0], ["br_table", 0, 0, 0]],
  [undefined, ["i32.const", 0], ["call_indirect", 0, 0]],
  ["sign-extension", ["i32.const", 1], "i32.extend8_s", "drop"],
  ["saturating-truncation", ["f32.const", 1], "i32.trunc_sat_f32_s", "drop"],
  ["bulk-memory", ["i32.const", 0], ["i32.const", 0], ["i32.const", 0], ["memory.copy", 0, 0]],
  ["tail-calls", ["return_call", 0]],
  ["simd", ["v128.const", new Uint8Array(16)], "drop"],
  ["reference-types", ["ref.null", "extern"], "drop"],
  ["exceptions", "unreachable", "throw_ref"],
];

for (const [feature, ...body] of bodies) {
  test(`of ${JSON.stringify(body[0])}`, () => {
    const module = new ModuleBuilder();
    module.memory(1);
    module.table("funcref", 1);
    module.function({}, ...body);
    assert.deepEqual(holds(String(body[0]), module.build()), feature === undefined ? [] : [feature]);
  });
}

test("of declarations", () => {
  const cases: readonly (readonly [Feature, (module: ModuleBuilder) => void])[] = [
    ["multi-value", (module) => module.type([], ["i32", "i32"])],
    ["simd", (module) => module.type(["v128"])],
    ["reference-types", (module) => module.type(["externref"])],
    ["mutable-globals", (module) => module.global("i32", true, [["i32.const", 0]], "g")],
    ["exceptions", (module) => module.tag([])],
    ["multi-memory", (module) => [module.memory(0), module.memory(0)]],
    ["extended-const", (module) => module.global("i32", false, [["i32.const", 0], ["i32.const", 0], "i32.add"])],
  ];
  for (const [feature, add] of cases) {
    const module = new ModuleBuilder();
    add(module);
    assert.deepEqual(holds(feature, module.build()), [feature]);
  }
});

test("of locals and blocks", () => {
  const cases: readonly (readonly [Feature, string])[] = [
    ["simd", "v128"],
    ["reference-types", "externref"],
  ];
  for (const [feature, type] of cases) {
    const locals = new ModuleBuilder();
    locals.function({ locals: ["i32", type] });
    assert.deepEqual(featuresUsed(decode(locals.build())), [feature]);
    const block = new ModuleBuilder();
    block.function({}, ["block", type], "unreachable", "end", "drop");
    assert.deepEqual(featuresUsed(decode(block.build())), [feature]);
  }
});

test("of bodies that are no code", () => {
  const module = new ModuleBuilder();
  module.function({}, "nop");
  const bytes = module.build();
  for (let byte = 0; byte < 256; byte++) {
    for (const next of [0x0b, 0xff]) {
      bytes[bytes.length - 2] = byte;
      bytes[bytes.length - 1] = next;
      assert.ok(Array.isArray(featuresUsed(decode(bytes))));
    }
  }
});
