// Takes functions that make loops, compares them with those made again from their text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unoptimized } from "#dist/engine/compiler/unoptimized.js";
import { switchForm } from "#dist/engine/interpreter/dispatch.js";
import { loopAgain } from "#dist/engine/interpreter/tiered-engine.js";

test("what is made again does the same, with more text", () => {
  function makeSum({ add }: { add: (a: number, b: number) => number }): (n: number) => number {
    return (n) => {
      let q = 0;
      for (;;) {
        if (n === 0) return q;
        q = add(q, n--);
      }
    };
  }
  const again = unoptimized(makeSum);
  const environment = { add: (a: number, b: number): number => a + b };
  assert.equal(again(environment)(4), 10);
  assert.ok(String(again(environment)).length > String(makeSum(environment)).length + 10_000);
});

test("where the text is no function, the switch is used as it is", () => {
  assert.throws(() => unoptimized(Math.abs), SyntaxError);
  assert.equal(
    loopAgain(() => unoptimized(Math.abs) as never),
    switchForm.run,
  );
  assert.notEqual(loopAgain(unoptimized), switchForm.run);
});
