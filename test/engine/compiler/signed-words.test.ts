// An i64 that is a word with its sign is known to be one: products of such need no more than the words' own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

const signed = (word: string): string => `(i64.extend_i32_s ${word})`;
const [a, b] = ["(local.get 0)", "(local.get 1)"];

/** Words with their signs, of two i32 and memory. */
const words: readonly string[] = [
  signed(a),
  signed(`(i32.sub ${b} ${a})`),
  "(i64.load32_s (i32.const 4))",
  "(i64.load8_s offset=3 (i32.const 0))",
  ...[8, 16, 32].map((bits) => `(i64.extend${bits}_s (i64.shl ${signed(a)} (i64.const 3)))`),
  `(i64.shr_s (i64.shl (i64.extend_i32_u ${b}) (i64.const 32)) (i64.const 32))`,
  // Constants are last: they are known to be more than that.
  "(i64.const -5)",
  "(i64.const 5)",
];

/** A function of two i32 with i64 locals 2 and 3. */
const product = (
  left: string,
  right: string,
): string => `(module (memory 1) (data (i32.const 0) "\\ff\\7f\\80\\90\\fe\\dc\\ba\\98")
  (func (export "run") (param i32 i32) (result i64) (local i64 i64)
    (local.set 2 ${left}) (local.set 3 ${right})
    (i64.add (i64.mul (local.get 2) (local.get 3)) (i64.mul ${left} (i64.extend_i32_u ${b})))))`;

const values = [0, 1, -1, 7, -7, 0x7fffffff, -0x80000000, 0x12345678, -0x12345679, 65_535, -65_536];

for (const left of words)
  test(`products of ${left}`, () => {
    for (const right of words) {
      const binary = parse(product(left, right));
      const [expected, got] = (["interpreter", "compiler"] as const).map((engine) => {
        const run = new Runtime({ engine }).instantiate(binary).exportedFunction("run")!;
        return values.flatMap((x) => values.map((y) => run.call(x, y)));
      });
      assert.deepEqual(got, expected, right);
    }
  });

for (const word of words.slice(0, -2)) {
  const source = sourceOf(product(word, signed(b))).join("\n");
  test(`${word} in a local is multiplied as a word`, () => {
    // What is left over is one line for the second product, whose factor has no sign.
    assert.equal([...source.matchAll(/2\.3283064365386963e-10\*/g)].length, 2, source);
    assert.ok([...source.matchAll(/imul\(h\d/g)].length === 0, source);
  });
}

test("a local is no word with its sign any more after control may have come from elsewhere", () => {
  const text = `(module (func (export "run") (param i32 i64) (result i64) (local i64)
    (local.set 2 (i64.extend_i32_s (local.get 0)))
    (if (local.get 0) (then (local.set 2 (local.get 1))))
    (i64.mul (local.get 2) (local.get 2))))`;
  const run = new Runtime({ engine: "compiler" }).instantiate(parse(text)).exportedFunction("run")!;
  assert.equal(run.call(0, 0x1_0000_0003n), 0n);
  assert.equal(run.call(1, 0x1_0000_0003n), 0x6_0000_0009n);
});

test("nor after it was set to something else, or by a call", () => {
  const text = `(module (func (export "run") (param i32 i64) (result i64) (local i64)
      (local.set 2 (i64.extend_i32_s (local.get 0)))
      (local.set 2 (i64.add (local.get 2) (local.get 1)))
      (i64.mul (local.get 2) (i64.const -3)))
    (func $given (param i64) (result i64) (i64.add (local.get 0) (i64.const 0x300000000)))
    (func (export "called") (param i32) (result i64) (local i64)
      (local.set 1 (i64.extend_i32_s (local.get 0)))
      (local.set 1 (call $given (local.get 1)))
      (i64.mul (local.get 1) (local.get 1))))`;
  const module = new Runtime({ engine: "compiler" }).instantiate(parse(text));
  assert.equal(module.exportedFunction("run")!.call(2, 0x1_0000_0003n), -3n * 0x1_0000_0005n);
  assert.equal(module.exportedFunction("called")!.call(2), BigInt.asIntN(64, 0x3_0000_0002n ** 2n));
});

test("where values are whole, a word with its sign is made one at once, and shifted as one", () => {
  const source = sourceOf(
    `(module (func (param i32 i32 i64) (local.set 2 (i64.mul (i64.extend_i32_s (local.get 0)) (i64.shr_s (local.get 2) (i64.const 26))))))`,
    true,
  ).join("\n");
  assert.match(source, /u\(64,u\(64,BigInt\(i0\|0\)\)\*u\(64,N\(64,u2\)>>26n\)\)/);
});
