// In a function full of i64 arithmetic the values are whole, as elements of a BigUint64Array.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { hasWideArithmetic, isDense } from "#dist/engine/compiler/dense.js";
import { ModuleNames } from "#dist/engine/compiler/names.js";
import { printFunction } from "#dist/engine/compiler/print-function.js";
import { build } from "#dist/ir/build.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { sourceOf } from "./source-of.ts";

/** A function of two i64, with local 2, whose loop sets local 2 to an expression until it has done so three times. */
function repeated(expression: string): string {
  return `(module (memory 1) (data (i32.const 0) "\\01\\23\\45\\67\\89\\ab\\cd\\ef\\fe\\dc\\ba\\98")
    (func (export "run") (param i64 i64) (result i64) (local i64 i32)
      (loop (local.set 2 ${expression})
        (br_if 0 (i32.lt_u (local.tee 3 (i32.add (local.get 3) (i32.const 1))) (i32.const 3))))
      (i64.xor (local.get 2) (i64.rotl (local.get 0) (i64.const 7)))))`;
}

const [x, y, z] = ["(local.get 0)", "(local.get 1)", "(local.get 2)"];
const word = "(i64.load offset=1 (i32.and (i32.wrap_i64 (local.get 0)) (i32.const 3)))";

/** The same with enough of other arithmetic in the loop. */
function padded(expression: string): string {
  let sum = expression;
  for (let i = 1; i <= 6; i++)
    sum = `(i64.add (i64.mul ${sum} (i64.const ${2 * i + 1})) (i64.xor ${z} (i64.const ${i})))`;
  return repeated(sum);
}

function isDenseFunction(text: string): boolean {
  const module = validate(decode(parse(text)), allFeatures);
  return isDense(build(module, 0), module.facts[0]!);
}

/** Of what it does in this form, and of what it does in halves in between. */
const expressions: readonly string[] = [
  ...["add", "sub", "mul", "and", "or", "xor"].map((op) => `(i64.${op} (i64.${op} ${x} ${z}) ${y})`),
  ...["shl", "shr_u", "shr_s", "rotl", "rotr"].flatMap((op) =>
    [0, 1, 31, 32, 33, 63, 64].map((by) => `(i64.${op} (i64.add ${x} (i64.add ${y} ${z})) (i64.const ${by}))`),
  ),
  ...["shl", "shr_u", "shr_s", "rotl", "rotr"].map((op) => `(i64.${op} (i64.mul ${x} ${z}) ${y})`),
  ...["div_u", "rem_u", "div_s", "rem_s"].flatMap((op) =>
    [
      `(i64.or (i64.xor ${y} ${z}) (i64.const 1))`,
      "(i64.const 10)",
      "(i64.const 7)",
      "(i64.const -7)",
      "(i64.const 0x100000001)",
    ].map((by) => `(i64.${op} (i64.sub (i64.and ${x} (i64.const -2)) (i64.shl ${z} (i64.const 1))) ${by})`),
  ),
  `(i64.mul (i64.add ${word} ${z}) (i64.const 0x9e3779b97f4a7c15))`,
  `(i64.add (i64.extend_i32_u (i32.wrap_i64 (i64.mul ${x} ${y}))) (i64.extend_i32_s (i32.wrap_i64 (i64.sub ${x} ${z}))))`,
  `(i64.xor (i64.extend_i32_u (i64.lt_s (i64.sub ${x} ${z}) ${y})) (i64.extend_i32_u (i64.eq (i64.and ${x} ${y}) ${z})))`,
  `(select (i64.add ${x} ${z}) (i64.sub ${y} ${z}) (i64.eqz (i64.and ${x} (i64.const 1))))`,
  `(i64.mul (i64.extend_i32_s (i32.wrap_i64 ${x})) (i64.extend_i32_s (i32.wrap_i64 (i64.sub ${y} ${z}))))`,
  ...[8, 16, 32].map((bits) => `(i64.mul (i64.extend${bits}_s (i64.add ${x} ${z})) (i64.load${bits}_s (i32.const 3)))`),
  `(i64.add (i64.clz (i64.xor ${x} ${y})) (i64.load32_s (i32.const 3)))`,
  `(i64.add ${word} (i64.rem_u ${x} (i64.or ${y} (i64.const 1))))`,
  `(i64.sub (i64.const -1) (i64.mul (i64.const 0x8000000000000000) ${z}))`,
];

const values = [
  0n,
  1n,
  -1n,
  0x0123456789abcdefn,
  -0x8000000000000000n,
  0xffffffffn,
  0x100000000n,
  -0x1234567887654321n,
];

function resultOf(call: () => unknown): string {
  try {
    return String(call());
  } catch (error) {
    return String(error);
  }
}

test("the same results as in the interpreter", () => {
  const results = (engine: "compiler" | "interpreter"): unknown[] => {
    const runtime = new Runtime({ engine, eager: true });
    return expressions.flatMap((expression) => {
      const run = runtime.instantiate(parse(padded(expression))).exportedFunction("run")!;
      return values.flatMap((a) =>
        values.map((b) => `${expression} of ${a} and ${b}: ${resultOf(() => run.call(a, b))}`),
      );
    });
  };
  assert.ok(hasWideArithmetic(), "this host has no such form");
  for (const expression of expressions) assert.ok(isDenseFunction(padded(expression)), expression);
  assert.deepEqual(results("compiler"), results("interpreter"));
});

test("sums, products and rotations are done on whole values", () => {
  const source = sourceOf(repeated(`(i64.mul (i64.rotl (i64.add ${word} ${y}) (i64.const 5)) ${z})`), true);
  assert.deepEqual(source.slice(3, -8), [
    "t0=((y[0]&3)>>>0)+1;",
    "u1=z[1];",
    "tb1=u(64,u(64,u(64,BigInt(",
    "V0.getUint32(t0+4,true))<<32n)|BigInt(",
    "V0.getUint32(t0,true)))+u1);",
    "u2=z[2];",
    "z[2]=u2=u(64,u(64,u(64,tb1<<5n)|u(64,tb1>>59n))*u2);",
    "i3=i3+1|0;",
  ]);
});

test("a variable holds what a slot does until branches meet", () => {
  const source = sourceOf(
    `(module (func (param i64 i64) (local i64)
      (local.set 2 (i64.add ${x} ${y}))
      (local.set 0 ${z})
      (if (i32.eqz (i32.wrap_i64 ${z})) (then (local.set 2 (i64.add ${z} ${x}))))
      (local.set 1 (i64.sub ${z} ${x}))))`,
    true,
  );
  assert.deepEqual(source.slice(2, -2), [
    "u0=z[0];",
    "u1=z[1];",
    "z[2]=u2=u(64,u0+u1);",
    "z[0]=u0=u2;",
    "if(!y[4]){",
    "u2=z[2];",
    "u0=z[0];",
    "z[2]=u2=u(64,u2+u0);",
    "}",
    "u2=z[2];",
    "u0=z[0];",
    "z[1]=u1=u(64,u2-u0);",
  ]);
});

test("parameters are put together at once", () => {
  const [begun] = sourceOf(`(module (func (param i64) (drop (i64.mul ${x} ${x}))))`, true);
  assert.match(begun!, /;z\[0\]=u\(64,u\(64,BigInt\(h0>>>0\)<<32n\)\|BigInt\(l0>>>0\)\);/);
});

test("no variable holds a slot that was set in halves", () => {
  const source = sourceOf(
    `(module (func (param i64 i64) (local i64)
      (local.set 2 (i64.clz (i64.add ${z} ${x})))
      (local.set 1 (i64.sub ${z} ${x}))))`,
    true,
  );
  assert.deepEqual(source.slice(-6, -2), ["y[4]=t1;y[5]=0;", "u2=z[2];", "u0=z[0];", "z[1]=u1=u(64,u2-u0);"]);
});

const dense = `(i64.mul (i64.add ${x} ${z}) (i64.xor ${y} ${z}))`;
const functions: readonly (readonly [string, boolean, string])[] = [
  ["a loop of full-width arithmetic", true, `(func (param i64 i64) (local i64) (loop (local.set 2 ${dense})))`],
  ["no arithmetic", false, "(func (loop (br 0)))"],
  ["little without a loop", false, `(func (param i64 i64) (local i64) (local.set 2 ${dense}))`],
  ["much without a loop", true, `(func (param i64 i64) (local i64) ${`(local.set 2 ${dense})`.repeat(6)})`],
  ["a call in it", false, `(func $f (param i64 i64) (local i64) (loop (local.set 2 ${dense}) (call $f ${x} ${y})))`],
  ["comparisons", false, `(func (param i64 i64) (local i64) (loop (br_if 0 (i64.lt_u (i64.add ${x} ${z}) ${y}))))`],
  [
    "little of it",
    false,
    `(func (param i64 i64) (local i64 i32) (loop (local.set 2 (i64.add ${x} ${z}))
    (local.set 3 (i32.add (i32.mul (local.get 3) (i32.xor (local.get 3) (i32.shl (local.get 3) (i32.const 1)))) (i32.const 3)))))`,
  ],
];

for (const [name, expected, text] of functions) {
  test(`${name}: ${expected ? "whole" : "halves"}`, () => {
    assert.equal(isDenseFunction(`(module ${text})`), expected);
  });
}

test("a loop that is entered from the interpreter takes its values over", () => {
  const text = padded(`(i64.add (i64.mul ${x} ${z}) ${y})`).replace("(i32.const 3)", "(i32.const 50000)");
  const result = (engine: "compiler" | "interpreter"): unknown =>
    new Runtime({ engine, eager: false })
      .instantiate(parse(text))
      .exportedFunction("run")!
      .call(0x0123456789abcdefn, -77n);
  assert.equal(result("compiler"), result("interpreter"));
});

test("a comparison that is a number has no branches", () => {
  const compared = (op: string): string => `(i64.${op} ${x} ${y})`;
  const source = sourceOf(`(module (func (param i64 i64) (result i32)
    (if (result i32) ${compared("le_s")} (then ${compared("lt_u")}) (else ${compared("ne")}))))`);
  assert.deepEqual(source.slice(2, -3), [
    "if(h0<h1||h0===h1&&l0>>>0<=l1>>>0){",
    "i3=(h0>>>0<h1>>>0)|(h0===h1)&(l0>>>0<l1>>>0)|0;",
    "}else{",
    "i3=(l0!==l1)|(h0!==h1)|0;",
  ]);
});

test("carries make a function that is too long for its bytecode to be optimised", () => {
  for (let count = 800; count <= 1200; count += 20) {
    const sums = `(local.set 0 (i64.add ${x} ${y}))`.repeat(count);
    const module = validate(decode(parse(`(module (func (param i64 i64) ${sums}))`)), allFeatures);
    const names = new ModuleNames(module, 1000, new Set([0]), false);
    const { main } = printFunction(names, build(module, 0), 0, { positions: false, label: -1 });
    // V8 makes 1.28 bytes of a character, and 1.33 where there are comparisons too.
    assert.ok(main.length <= 46_000, `${count}: ${main.length}`);
  }
});

test("the source of whole values is short enough to be optimised, or of halves", () => {
  const length = (count: number, wide: boolean): readonly [number, boolean] => {
    const text = repeated(
      `(i64.xor ${"(i64.rotl (i64.add ".repeat(count)}${x}${` ${y}) (i64.const 13))`.repeat(count)} ${z})`,
    );
    const module = validate(decode(parse(text)), allFeatures);
    const names = new ModuleNames(module, 1000, new Set([0]), false);
    const { main } = printFunction(names, build(module, 0), 0, { positions: false, label: -1, wide });
    return [main.length, main.includes("u(64,")];
  };
  assert.deepEqual(length(300, true)[1], true);
  // V8 makes 2.3 bytes of a character, and optimises no more than 61,440.
  for (let count = 300; count <= 700; count += 20) {
    const [characters, isWhole] = length(count, true);
    assert.ok(!isWhole || characters <= 26_000, `${count}: ${characters}`);
  }
  assert.equal(length(700, true)[1], false);
});
