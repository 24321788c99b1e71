// Takes errors as hosts make them where their stack ends, and such as say other things.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isStackOverflow } from "#dist/instance/host-call.js";

class InternalError extends Error {
  override name = "InternalError";
}

const errors: [string, unknown, boolean][] = [
  ["V8, JavaScriptCore, Hermes", new RangeError("Maximum call stack size exceeded"), true],
  ["XS", new RangeError("native stack overflow"), true],
  ["SpiderMonkey", new InternalError("too much recursion"), true],
  ["QuickJS", new InternalError("stack overflow"), true],
  ["QuickJS without memory", new InternalError("out of memory"), false],
  ["a view's bounds", new RangeError("Offset is outside the bounds of the DataView"), false],
  ["a program's own", new Error("call stack"), false],
  ["no error", { name: "InternalError", message: "stack overflow" }, false],
];

for (const [name, error, expected] of errors) {
  test(`${name}: ${String(error)} is ${expected ? "the end of the stack" : "something else"}`, () => {
    assert.equal(isStackOverflow(error), expected);
  });
}
