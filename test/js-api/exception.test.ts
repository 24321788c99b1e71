// Takes exceptions between guests and JavaScript in both directions, holds them to identity, tags and values.
import assert from "node:assert/strict";
import { exportsOf, testInAll } from "../support/namespaces.ts";

const text = `(module
  (import "m" "tag" (tag $tag (param i32 externref)))
  (import "m" "js" (tag $js (param externref)))
  (import "m" "f" (func $f))
  (func (export "throw") (param i32 externref) (throw $tag (local.get 0) (local.get 1)))
  (func (export "throwJs") (param externref) (throw $js (local.get 0)))
  (func (export "through") (call $f))
  (func (export "catchTag") (result i32 externref)
    (block $h (result i32 externref) (try_table (catch $tag $h) (call $f)) (i32.const 0) (ref.null extern)))
  (func (export "catchJs") (result externref)
    (block $h (result externref) (try_table (catch $js $h) (call $f)) (ref.null extern)))
  (func (export "catchAll") (result i32)
    (block $h (try_table (catch_all $h) (call $f)) (return (i32.const 0))) (i32.const 1))
  (func (export "again")
    (block $h (result exnref) (try_table (catch_all_ref $h) (call $f)) (return)) (throw_ref)))`;

testInAll("what a guest throws is an Exception with its values", (W) => {
  const tag = new W.Tag({ parameters: ["i32", "externref"] });
  const guest = exportsOf(W, text, { m: { tag, js: W.JSTag, f: () => {} } });
  const object = {};
  assert.throws(
    () => guest["throw"](-1, object),
    (thrown: unknown) => {
      assert.ok(thrown instanceof W.Exception);
      assert.ok(thrown.is(tag) && !thrown.is(new W.Tag({ parameters: ["i32", "externref"] })));
      assert.equal(thrown.getArg(tag, 0), -1);
      assert.equal(thrown.getArg(tag, 1), object);
      assert.equal(thrown.stack, undefined);
      assert.throws(() => thrown.getArg(tag, 2), RangeError);
      assert.throws(() => thrown.getArg(W.JSTag, 0), TypeError);
      assert.throws(() => thrown.getArg(tag, -1), TypeError);
      return true;
    },
  );
});

testInAll("guests catch what JavaScript throws, and let through what they do not", (W) => {
  const tag = new W.Tag({ parameters: ["i32", "externref"] });
  let thrown: unknown;
  const f = (): never => {
    throw thrown;
  };
  const guest = exportsOf(W, text, { m: { tag, js: W.JSTag, f } });
  const same = (run: () => void): void => assert.throws(run, (error) => Object.is(error, thrown));
  thrown = new W.Exception(tag, [7, "seven"]);
  assert.deepEqual(guest["catchTag"](), [7, "seven"]);
  assert.equal(guest["catchAll"](), 1);
  for (const name of ["through", "again", "catchJs"]) same(guest[name]);
  for (const value of [new Error("e"), "text", 0, undefined, null, Promise.resolve(1)]) {
    thrown = value;
    assert.equal(guest["catchJs"](), value);
    assert.equal(guest["catchAll"](), 1);
    for (const name of ["through", "again", "catchTag"]) same(guest[name]);
    same(() => guest["throwJs"](value));
  }
});

testInAll("structures are thrown as the objects that stand for them, and caught as structures", (W) => {
  let thrown: unknown;
  const f = (): never => {
    throw thrown;
  };
  const guest = exportsOf(
    W,
    `(module (type $s (struct (field i32)))
      (import "m" "js" (tag $js (param externref)))
      (import "m" "f" (func $f))
      (func $new (export "new") (param i32) (result externref) (extern.convert_any (struct.new $s (local.get 0))))
      (func (export "throw") (param i32) (throw $js (call $new (local.get 0))))
      (func (export "through") (call $f))
      (func (export "again")
        (block $h (result exnref) (try_table (catch_all_ref $h) (call $f)) (return)) (throw_ref))
      (func (export "read") (result i32)
        (block $h (result externref) (try_table (catch $js $h) (call $f)) (return (i32.const -1)))
        (any.convert_extern) (ref.cast (ref $s)) (struct.get $s 0)))`,
    { m: { js: W.JSTag, f } },
  );
  thrown = guest["new"](7);
  assert.equal(guest["read"](), 7);
  for (const name of ["through", "again"]) assert.throws(guest[name], (error) => error === thrown, name);
  try {
    guest["throw"](8);
    assert.fail();
  } catch (error) {
    assert.deepEqual([Object.getPrototypeOf(error), Reflect.ownKeys(error as object)], [null, []]);
    thrown = error;
  }
  assert.equal(guest["read"](), 8);
});

testInAll("a trap stays a trap, even through JavaScript", (W) => {
  const { broken } = exportsOf(W, `(module (func (export "broken") unreachable))`);
  const imports = { m: { tag: new W.Tag({ parameters: ["i32", "externref"] }), js: W.JSTag, f: () => broken() } };
  const guest = exportsOf(W, text, imports);
  for (const name of ["catchAll", "catchJs", "again", "through"]) assert.throws(guest[name], W.RuntimeError, name);
});

testInAll("exceptions are made with a tag and its values", (W) => {
  const tag = new W.Tag({ parameters: ["i32", "i64"] });
  assert.equal(new W.Exception(tag, ["3", 4n]).getArg(tag, 0), 3);
  assert.equal(typeof new W.Exception(tag, [1, 2n], { traceStack: true }).stack, "string");
  assert.deepEqual(tag.type(), { parameters: ["i32", "i64"] });
  for (const payload of [[], [1], [1, 2], [1, 2n, 3], 5]) {
    assert.throws(
      () => new W.Exception(tag, payload as never),
      TypeError,
      JSON.stringify(payload, (_, v) => String(v)),
    );
  }
  assert.throws(() => new W.Exception(W.JSTag, [1]), TypeError);
  assert.throws(() => new W.Exception({} as never, []), TypeError);
  assert.throws(() => new W.Tag({ parameters: ["i16" as never] }), TypeError);
  assert.equal(W.JSTag, W.JSTag);
});
