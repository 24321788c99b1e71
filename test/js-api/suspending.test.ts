// Takes guests that wait for promises of JavaScript's, holds them to what they go on with and to who else runs meanwhile.
import assert from "node:assert/strict";
import { exportsOf, testInAll } from "../support/namespaces.ts";

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(value)));

const text = `(module
  (import "m" "f" (func $f (param i32 externref) (result i64)))
  (import "m" "through" (func $through (param i32) (result i64)))
  (global $calls (export "calls") (mut i32) (i32.const 0))
  (func (export "twice") (param i32 externref) (result i64)
    (i64.add (call $f (local.get 0) (local.get 1)) (call $f (local.get 0) (local.get 1))))
  (func (export "throughJs") (param i32) (result i64) (call $through (local.get 0)))
  (func (export "caught") (param i32) (result i32)
    (block $h (try_table (catch_all $h) (drop (call $f (local.get 0) (ref.null extern)))) (return (i32.const 0))) (i32.const 1)))`;

testInAll("a guest goes on with what a promise gives, converted", async (W) => {
  const object = {};
  const got: unknown[] = [];
  const f = new W.Suspending(async (...args: unknown[]) => {
    got.push(args);
    return later("20");
  });
  const guest = exportsOf(W, text, { m: { f, through: () => 0n } });
  const twice = W.promising(guest["twice"]);
  assert.deepEqual([twice.length, twice.name], [2, "2"]);
  assert.deepEqual(await Promise.all([twice("1", object), twice(2, "two")]), [40n, 40n]);
  assert.deepEqual(got, [
    [1, object],
    [2, "two"],
    [1, object],
    [2, "two"],
  ]);
  assert.equal(await W.promising(exportsOf(W, `(module (func (export "g") (result i32) (i32.const 3)))`)["g"])(), 3);
});

testInAll("what a promise is rejected with is thrown", async (W) => {
  const own = new Error("own");
  const f = new W.Suspending(() => Promise.reject(own));
  const guest = exportsOf(W, text, { m: { f, through: () => 0n } });
  await assert.rejects(W.promising(guest["twice"])(1), (error) => error === own);
  assert.equal(await W.promising(guest["caught"])(1), 1);
  const wrong = exportsOf(W, text, { m: { f: new W.Suspending(async () => 1), through: () => 0n } });
  await assert.rejects(W.promising(wrong["twice"])(1), TypeError);
  await assert.rejects(W.promising(guest["twice"])(1n), TypeError);
});

testInAll("a guest that was not called for a promise cannot wait, nor can JavaScript between", async (W) => {
  const f = new W.Suspending(() => later(1n));
  const guest = exportsOf(W, text, { m: { f, through: (x: number) => guest["twice"](x) } });
  assert.throws(() => guest["twice"](1), W.SuspendError);
  await assert.rejects(W.promising(guest["throughJs"])(1), W.SuspendError);
  for (const wrong of [undefined, {}, () => {}]) assert.throws(() => W.promising(wrong), TypeError);
  assert.throws(() => new W.Suspending({} as never), TypeError);
});

testInAll("a promise takes one turn of JavaScript's, as natively, and a call that meets none takes none", async (W) => {
  const gives: (() => unknown)[] = [
    () => 1n,
    () => Promise.resolve(1n),
    // biome-ignore lint/suspicious/noThenProperty: any object with one is waited for
    () => ({ then: (done: (value: bigint) => void) => done(1n) }),
    () => Promise.reject(new Error("own")),
    () => {
      throw new Error("own");
    },
  ];
  const turns: number[] = [];
  for (const give of gives) {
    const guest = exportsOf(W, text, { m: { f: new W.Suspending(give), through: () => 0n } });
    for (const name of ["twice", "caught"]) {
      let turn = 0;
      const count = async (): Promise<void> => {
        for (; turn < 20; turn++) await null;
      };
      const over = W.promising(guest[name])(1).then(
        () => turns.push(turn),
        () => turns.push(turn),
      );
      await Promise.all([over, count()]);
    }
  }
  assert.deepEqual(turns, [2, 1, 2, 1, 4, 2, 1, 1, 0, 0]);
});

testInAll("what always waits is not called by who cannot, and no function of a guest's is one", async (W) => {
  let calls = 0;
  const f = new W.Suspending(() => BigInt(++calls));
  const guest = exportsOf(
    W,
    `(module (import "m" "f" (func (result i64))) (export "f" (func 0))
    (func (export "g") (result i64) (call 0)))`,
    { m: { f } },
  );
  assert.throws(() => guest["f"](), W.SuspendError);
  assert.throws(() => guest["g"](), W.SuspendError);
  assert.equal(calls, 0);
  assert.equal(await W.promising(guest["f"])(), 1n);
  assert.equal(await W.promising(guest["g"])(), 2n);
  assert.throws(() => new W.Suspending(guest["g"]), TypeError);
  assert.equal(Object.getPrototypeOf(W.promising(guest["g"])), Function.prototype);
});
