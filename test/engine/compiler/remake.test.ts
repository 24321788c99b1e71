// Takes functions that make loops, compares them with those made again from their text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { remake } from "#dist/engine/compiler/remake.js";
import { switchForm } from "#dist/engine/interpreter/dispatch.js";
import { loopAgain } from "#dist/engine/interpreter/tiered-engine.js";

test("what is made again does the same", () => {
  const makeSum = (add: (a: number, b: number) => number): ((n: number) => number) => {
    return (n) => add(n, n);
  };
  const again = remake(String(makeSum)) as typeof makeSum;
  assert.equal(again((a, b) => a + b)(4), 8);
});

test("where the text is no function, the switch is used as it is", () => {
  assert.throws(() => remake(String(Math.abs)), SyntaxError);
  assert.equal(
    loopAgain(() => remake(String(Math.abs))),
    switchForm.run,
  );
  assert.notEqual(loopAgain(remake), switchForm.run);
});
