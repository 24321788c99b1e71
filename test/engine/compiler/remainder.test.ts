// Unsigned remainders by constants are what is left of a quotient: JavaScriptCore has no quick remainder of numbers from 2^31 on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

const divisors = [1, 2, 3, 7, 10, 11, 641, 65535, 65537, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe];
const near = (x: number): number[] => [x - 1, x, x + 1];
const numbers = [...divisors.flatMap((divisor) => [...near(divisor), ...near(divisor * 3)]), 0xffffffff]
  .map((x) => x >>> 0)
  .concat(Array.from({ length: 200 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 0));

for (const divisor of divisors) {
  test(`by ${divisor}`, () => {
    const operation = (op: string): string =>
      `(func (export "${op}") (param i32) (result i32) (i32.${op} (local.get 0) (i32.const ${divisor})))`;
    const text = `(module ${operation("rem_u")} ${operation("div_u")})`;
    assert.ok(sourceOf(text).join("").includes(`i0-Math.imul((i0>>>0)/${divisor}|0,`), sourceOf(text).join("\n"));
    const instance = new Runtime({ engine: "compiler", eager: true }).instantiate(parse(text));
    for (const x of numbers) {
      assert.equal(instance.exportedFunction("rem_u")!.call(x | 0), (x % divisor) | 0);
      assert.equal(instance.exportedFunction("div_u")!.call(x | 0), Math.floor(x / divisor) | 0);
    }
  });
}
