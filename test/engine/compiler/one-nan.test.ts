// What is printed in SpiderMonkey, which has one NaN and makes objects of BigInts. This host looks like it before the compiler is loaded.
import assert from "node:assert/strict";
import { test } from "node:test";

Object.defineProperty(Float64Array.prototype, "map", {
  value(this: Float64Array, mapped: (x: number) => number) {
    return Float64Array.from(this, (x) => (Number.isNaN(x) ? Number.NaN : mapped(x)));
  },
});
// Its errors have this.
Object.defineProperty(Error.prototype, "lineNumber", { value: 0 });

const { hasWideArithmetic } = await import("#dist/engine/compiler/dense.js");
const { sourceOf } = await import("./source-of.ts");

test("no function holds whole i64 values, whatever the clock says", () => {
  assert.equal(hasWideArithmetic(), false);
});

test("a vector that is read as f64 and then holds f32 stays words: -inf came back as inf", () => {
  const source = sourceOf("(module (func (param v128) (result v128) (f32x4.demote_f64x2_zero (local.get 0))))");
  assert.doesNotMatch(source.join(""), /fromBits/);
});
