// Takes tags and values of the host, gives exceptions, or says why the values do not fit.
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { Exception, Runtime, type Tag } from "zerowasm";

function tagOf(...params: readonly string[]): Tag {
  return new Runtime().hostModule("env").tag("tag", { params }).instantiate().exportedTag("tag")!;
}

test("an exception gives back what it was made of, as the guest sees it", () => {
  const it = { it: 1 };
  const vector = Uint8Array.from({ length: 16 }, (_, i) => i);
  const tag = tagOf("i32", "v128", "externref", "f32", "i64", "f64");
  const exception = new Exception(tag, [2 ** 32 + 5, vector, it, 0.1, -3n, 0.1]);
  const values = tag.params.map((_, i) => exception.getArg(tag, i));
  assert.deepEqual(values, [5, vector, it, Math.fround(0.1), -3n, 0.1]);
});

test("an exception is an Error, whose message tells the tag's type", () => {
  const exception = new Exception(tagOf("i32", "externref"), [1, null]);
  assert.ok(exception instanceof Error && exception instanceof Exception);
  assert.equal(String(exception), "Exception: exception with a tag of type (i32 externref)");
  assert.match(inspect(exception), /Exception: exception with a tag of type \(i32 externref\)/);
});

const wrong: readonly [values: readonly unknown[], message: RegExp][] = [
  [[1], /^the tag takes 2 values, got 1$/],
  [[1, null, 2], /^the tag takes 2 values, got 3$/],
  [["1", null], /^value 0 of a tag \(i32 funcref\) is of type i32 \(a number\), got a string$/],
  [
    [1, () => 0],
    /^value 1 of a tag \(i32 funcref\) is of type funcref \(an exported function or null\), got a function$/,
  ],
];
for (const [values, message] of wrong) {
  test(`refused: ${message.source}`, () => {
    const tag = tagOf("i32", "funcref");
    assert.throws(() => new Exception(tag, values), { name: "TypeError", message });
  });
}

test("a tag is one of a module", () => {
  assert.throws(() => new Exception({ params: [] }, []), /^TypeError: an exception needs a tag of a module$/);
});

test("two tags of one type are two tags", () => {
  const [one, two] = [tagOf("i32"), tagOf("i32")];
  const exception = new Exception(one, [1]);
  assert.deepEqual([exception.is(one), exception.is(two)], [true, false]);
  assert.equal(exception.tag, one);
});
