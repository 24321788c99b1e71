// Frames of a guest's stack: the offset is found once, when it is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stackFrame } from "#dist/instance/stack-frame.js";

test("an offset is found when it is read, and once", () => {
  let found = 0;
  const frame = stackFrame("m", 3, "f", () => 40 + ++found);
  assert.equal(found, 0);
  assert.equal(frame.offset, 41);
  assert.deepEqual({ ...frame }, { module: "m", functionIndex: 3, functionName: "f", offset: 41 });
  assert.equal(JSON.stringify(frame), '{"module":"m","functionIndex":3,"functionName":"f","offset":41}');
});
