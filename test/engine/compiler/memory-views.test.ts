// Where a call may have made a memory grow, its view is taken again before what uses it next, whichever way control comes there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

const grow = "(call $grow)";
/** Stores into the last word of the memory, and would trap if it had grown since the view was taken. */
const use = "(i32.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) (i32.const 1))";
const isFirst = "(i32.eqz (local.get 0))";
const turn = "(local.tee 1 (i32.add (local.get 1) (i32.const 1)))";
const module = (body: string): string => `(module (memory 1) (tag $e)
  (func (export "f") (param i32) (local i32) ${body} ${use})
  (func $grow (drop (memory.grow (i32.const 1)))))`;

const ways: readonly (readonly [string, string])[] = [
  ["a call before it", `${use} ${grow}`],
  ["one branch of an if calls", `(if ${isFirst} (then ${grow}))`],
  ["the other branch calls", `(if ${isFirst} (then ${use}) (else ${grow}))`],
  ["one branch calls and uses", `(if ${isFirst} (then ${grow} ${use}) (else ${grow}))`],
  ["one branch calls and leaves", `(block (if ${isFirst} (then ${grow} (br 1))) ${use})`],
  ["a block is left after a call", `(block ${grow} (br_if 0 ${isFirst}) ${use})`],
  ["a block is left by a table after a call", `(block (block ${grow} (br_table 0 1 (local.get 0))) ${use})`],
  ["a call before a loop", `${grow} (loop ${use} (br_if 0 (i32.lt_u ${turn} (i32.const 3))))`],
  ["a call at the end of a turn", `(loop ${use} ${grow} (br_if 0 (i32.lt_u ${turn} (i32.const 3))))`],
  [
    "a call and a jump to the next turn",
    `(loop ${use} (if (i32.lt_u ${turn} (i32.const 3)) (then ${grow} (br 1))) ${use})`,
  ],
  [
    "a loop is left after a call",
    `(block (loop ${use} ${grow} (br_if 1 ${isFirst}) ${use} (br_if 0 (i32.lt_u ${turn} (i32.const 3)))))`,
  ],
  [
    "an exception after a call",
    `(block $b (try_table (catch_all $b) ${use} ${grow} (if ${isFirst} (then (throw $e)))))`,
  ],
  ["a long chain of blocks is left after calls", chain(70)],
];

/** Blocks around a jump by a table, with a call or a use behind each. */
function chain(count: number): string {
  const labels = Array.from({ length: count }, (_, i) => count - 1 - i);
  const behind = labels.map((i) => `) ${i % 3 === 0 ? grow : use}`);
  return `${"(block ".repeat(count)} ${grow} (br_table ${labels.join(" ")} (local.get 0)) ${behind.join("")}`;
}

for (const eager of [true, false]) {
  for (const [name, body] of ways) {
    test(`${name} (${eager ? "eager" : "tiers"})`, () => {
      const f = new Runtime({ engine: "compiler", eager }).instantiate(parse(module(body))).exportedFunction("f")!;
      for (let i = 0; i < 150; i++) f.call(i % 3);
    });
  }
}

const takes = (body: string): number => sourceOf(module(body)).join("").split("V0=M0.view;").length - 2;

test("it is taken again once for calls one after another", () => assert.equal(takes(`${grow} ${grow} ${grow}`), 1));
test("it is not taken again where nothing uses it", () =>
  assert.equal(takes(`(if ${isFirst} (then ${grow} (return)))`), 0));
