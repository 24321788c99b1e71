// Many variables that are copies of others: V8 takes time by the square of them, unless control may come from elsewhere in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

/** Adds up copies of its parameter. */
const sumOf = (count: number): string =>
  `(module (func (export "f") (param i64) (result i64)
    ${"(local.get 0) ".repeat(count)} (local.set 0 (i64.const 1)) ${"i64.add ".repeat(count - 1)}))`;
const COUNT = 1000;

test("no more than some copies follow each other", () => {
  const runs = sourceOf(sumOf(COUNT)).join("\n").split("N:{break N}");
  const lengths = runs.map((run) => (run.match(/^l\d+=l0;h\d+=h0;$/gm) ?? []).length);
  assert.ok(runs.length > COUNT / 300, `${runs.length}`);
  assert.ok(Math.max(...lengths) < 300, `${lengths}`);
});

test("a function of usual length has none of that", () => {
  assert.ok(!sourceOf(sumOf(20)).join("").includes("break N"));
});

test("what such a function gives", () => {
  const f = new Runtime({ engine: "compiler", eager: true }).instantiate(parse(sumOf(COUNT))).exportedFunction("f")!;
  assert.equal(f.call(-3n), BigInt(COUNT) * -3n);
});
