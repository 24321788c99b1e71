// Takes guests whose functions call themselves and then the host, holds the errors made there to the length that the host asks for.
import assert from "node:assert/strict";
import { exportsOf, testInAll } from "../support/namespaces.ts";

const errors = Error as { stackTraceLimit: number };

/** 100 calls, the last of which calls the host and then traps if it is told so. */
const text = `(module (import "m" "f" (func $f (param i32)))
  (func $down (export "down") (param $n i32) (param $traps i32)
    (if (local.get $n)
      (then (return (call $down (i32.sub (local.get $n) (i32.const 1)) (local.get $traps)))))
    (call $f (i32.const 1))
    (if (local.get $traps) (then (unreachable)))))`;

const withLimit = (limit: number, run: () => void): void => {
  const before = errors.stackTraceLimit;
  errors.stackTraceLimit = limit;
  try {
    run();
  } finally {
    errors.stackTraceLimit = before;
  }
};

const framesOf = (error: unknown): number => (error as Error).stack!.split("\n    at ").length - 1;

testInAll("an error that a host function makes has as many frames as the host asks for", (W) => {
  for (const limit of [0, 10, 300]) {
    withLimit(limit, () => {
      let inHost = -1;
      let nested = -1;
      const f = (deeper: number): void => {
        if (nested < 0) {
          nested = 0;
          exports["down"](3, 0);
          inHost = framesOf(new Error("here"));
        } else nested = framesOf(new Error("there"));
        assert.equal(deeper, 1);
      };
      const exports = exportsOf(W, text, { m: { f } });
      exports["down"](100, 0);
      assert.ok(inHost <= limit && nested <= limit, `${inHost} and ${nested} of ${limit}`);
      if (limit <= 10) assert.deepEqual([inHost, nested], [limit, limit]);
      assert.equal(errors.stackTraceLimit, limit);
    });
  }
});

testInAll("a trap after a call of the host is told with all its frames, also if the host threw before", (W) => {
  withLimit(10, () => {
    let throws = true;
    const f = (): void => {
      if (throws) throw new Error("of the host");
    };
    const { down } = exportsOf(W, text, { m: { f } });
    assert.throws(() => down(100, 1), /of the host/);
    throws = false;
    assert.throws(
      () => down(100, 1),
      (error) => framesOf(error) > 40,
    );
    assert.equal(errors.stackTraceLimit, 10);
  });
});

testInAll("the length that a host function asks for stays", (W) => {
  withLimit(10, () => {
    const f = (): void => {
      errors.stackTraceLimit = 17;
    };
    exportsOf(W, text, { m: { f } })["down"](5, 0);
    assert.equal(errors.stackTraceLimit, 17);
  });
});

testInAll("where the stack ends in a host function nothing of it stays behind", (W) => {
  let calls = 0;
  const outer = (): number => {
    if (++calls > 100_000) return 0;
    return guest["run"](1);
  };
  const guest = exportsOf(
    W,
    `(module (import "m" "f" (func $f (param i32) (result i32)))
      (func (export "run") (param i32) (result i32) (call $f (local.get 0)))
      (func $down (export "down") (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))
        (call $down (i32.sub (local.get 0) (i32.const 1)))))`,
    { m: { f: outer } },
  );
  // From places as far apart as frames are, so that it ends in what calls the host, too.
  const below = (depth: number): number => (depth === 0 ? guest["run"](1) : below(depth - 1) + depth);
  withLimit(12, () => {
    for (let depth = 0; depth < 60; depth++) {
      calls = 0;
      assert.throws(() => below(depth), RangeError);
      assert.equal(errors.stackTraceLimit, 12);
    }
    // Frames that were counted and left would be in the way here.
    assert.equal(guest["down"](90_000), 7);
  });
});
