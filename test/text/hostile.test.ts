// Deep, large and broken sources: whatever comes of them, it is a module or a TextError, in time that grows with the source.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse, print, TextError } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";

const DEPTH = 100_000;

const nested: Readonly<Record<string, string>> = {
  "folded blocks": `(func ${"(block ".repeat(DEPTH)}${")".repeat(DEPTH)})`,
  "plain blocks": `(func ${"block ".repeat(DEPTH)}${"end ".repeat(DEPTH)})`,
  "folded operands": `(func ${"(i32.eqz ".repeat(DEPTH)}${")".repeat(DEPTH)})`,
  "folded ifs": `(func ${"(if (then ".repeat(DEPTH)}${"))".repeat(DEPTH)})`,
  conditions: `(func ${"(if ".repeat(DEPTH)}${"(then))".repeat(DEPTH)})`,
  comments: `${"(;".repeat(DEPTH)}${";)".repeat(DEPTH)}`,
  annotations: `${"(@a ".repeat(DEPTH)}${")".repeat(DEPTH)}`,
  "branches to the outermost label": `(func block $0 ${"block $a br $0 ".repeat(DEPTH)}${"end ".repeat(DEPTH)}end)`,
};

for (const [what, source] of Object.entries(nested)) {
  test(`${DEPTH} nested ${what}`, () => {
    decode(parse(source));
    // Without the last parenthesis, nothing is closed.
    assert.throws(() => parse(source.slice(0, source.length >> 1)), TextError);
  });
}

test("a parenthesis that nothing closes, many times over", () => {
  assert.throws(() => parse("(".repeat(DEPTH)), TextError);
  assert.throws(() => parse("(func".repeat(DEPTH)), TextError);
});

test("integers of a million digits", () => {
  const digits = 1_000_000;
  const constant = (number: string): string => `(func (drop (i32.const ${number})) (drop (i64.const ${number})))`;
  const zeros = "0".repeat(digits);
  const shortest = parse(constant("7"));
  for (const seven of [`${zeros}7`, `0${"_0".repeat(digits)}7`, `0x${zeros}7`])
    assert.deepEqual(parse(constant(seven)), shortest);
  for (const number of [
    "9".repeat(digits),
    `-${"9".repeat(digits)}`,
    `0x${"f".repeat(digits)}`,
    `1${"_0".repeat(digits)}`,
  ])
    for (const type of ["i32", "i64"])
      assert.throws(() => parse(`(func (drop (${type}.const ${number})))`), /^TextError: \w+ constant out of range/);
});

test("types that each name the one before twice", () => {
  const types = Array.from({ length: 60 }, (_, i) => `(type (func (param (ref ${i}) (ref ${i}))))`);
  const text = `(module (type (func)) ${types.join("")} (import "m" "f" (func (type 60))))`;
  const printed = print(parse(text));
  assert.deepEqual(parse(printed), parse(text));
  const runtime = new Runtime();
  runtime
    .hostModule("m")
    .function("f", {}, () => {})
    .instantiate();
  // A type in full would be two to the power of sixty words.
  assert.throws(() => runtime.instantiate(parse(text)), /^LinkError: .{1,200}$/);
});

const seeds: readonly string[] = [
  `(module $m (type $t (sub (struct (field $x (mut i8)) (field i64)))) (rec (type $a (array (ref null $t))) (type (func)))
    (import "a" "b\\u{7f}" (func $f (param i32) (result f64))) (memory $mem i64 1 0x10) (table $tab 1 2 (ref null $a))
    (elem $e declare func $f) (data $d (memory $mem) (offset (i64.const 0)) "a\\00\\n") (export "f" (func $f)) (start $g)
    (func $g (local $l f32) (local.set $l (f32.const -0x1.8p-3)) (block $b (result i32) (br_if $b (i32.const 0x7f_ff)
      (i32.const 1)) (drop) (call_indirect (type 2)) (i64.store offset=8 align=4 (i64.const 0) (i64.const nan))))
    (@custom "c" (after func) "x") (; ( ;) (global $gl (export "g") (mut v128) (v128.const i32x4 1 2 3 4)))`,
  `(func (param i32) (result i32) local.get 0 if (result i32) i32.const 1 else i32.const 2 end) ;; plain
   (tag $e (param i32)) (func (try_table (catch $e 0) (catch_all 0) (throw $e (i32.const 0))) try catch $e end
   (br_on_cast 0 anyref (ref i31) (ref.null any)) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
   (@metadata.code.branch_hint "\\01") (if (i32.const 0) (then) (else)) (v128.load8_lane offset=1 3))`,
];

/** The same numbers each time. */
function generator(seed: number): (limit: number) => number {
  return (limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
}

const pieces = [
  "(",
  ")",
  '"',
  " ",
  "$",
  "$x",
  "0",
  "-1",
  "0x",
  "(;",
  ";)",
  ";;",
  "\n",
  "(@",
  "end",
  "(func",
  "\\",
  "é",
];

function mutate(source: string, random: (limit: number) => number): string {
  const tokens = source.split(/(?<=[\s()])|(?=[\s()])/);
  for (let count = 1 + random(3); count > 0; count--) {
    const at = random(tokens.length);
    switch (random(4)) {
      case 0:
        tokens.splice(at, 1);
        break;
      case 1:
        tokens.splice(at, 0, pieces[random(pieces.length)]!);
        break;
      case 2:
        tokens.splice(at, 0, tokens[random(tokens.length)]!);
        break;
      default: {
        const token = tokens[at]!;
        const cut = random(token.length + 1);
        tokens[at] = token.slice(0, cut) + pieces[random(pieces.length)]! + token.slice(cut + 1);
      }
    }
  }
  return tokens.join("");
}

test("10,000 mutants of two modules", () => {
  const random = generator(20261126);
  let parsed = 0;
  for (let i = 0; i < 10_000; i++) {
    const mutant = mutate(seeds[i % seeds.length]!, random);
    try {
      parse(mutant);
      parsed++;
    } catch (error) {
      assert.ok(error instanceof TextError, `${mutant}\n${error instanceof Error ? error.stack : String(error)}`);
      assert.ok(error.line >= 1 && error.column >= 1 && error.offset <= mutant.length);
    }
  }
  assert.ok(parsed > 250, `only ${parsed} mutants were modules`);
});
