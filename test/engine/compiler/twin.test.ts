// A small function that calls itself is printed twice, each calling the other, and looks like one from outside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime, type Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { printChunk } from "#dist/engine/compiler/print-chunk.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";

/** Counts down, and traps at zero. */
const countdown = `(module (func (export "f") (param i32) (result i32)
  (if (i32.eqz (local.get 0)) (then (unreachable)))
  (i32.add (call 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 1))))`;

const padding = "(drop (i32.popcnt (local.get 0)))".repeat(40);

function printed(text: string, asynchronous = false): string {
  const module = validate(decode(parse(text)), allFeatures);
  return printChunk(module, 1000, { indices: [0], label: -1, asynchronous })!.source;
}

for (const asynchronous of [false, true]) {
  test(`each calls the other${asynchronous ? ", where it may be suspended too" : ""}`, () => {
    const source = printed(countdown, asynchronous);
    assert.match(source, /function w0\(i0,n\).*=x0\(.*function x0\(i0,n\).*=w0\(/s);
  });
}

test("a loop in it has no empty turns before it", () => {
  const looping = (callee: string): string =>
    printed(
      `(module (func (param i32) (loop (call ${callee} (local.get 0)) (br_if 0 (local.get 0)))) (func (param i32)))`,
    );
  assert.doesNotMatch(looping("0"), /J0/);
  assert.match(looping("1"), /while\(J0>0\)J0--;/);
});

test("a function with a loop begins with empty turns at its first call, a very long one with none", () => {
  const work = "(local.set 0 (i32.mul (local.get 0) (local.get 0)))";
  const looping = (times: number): string =>
    printed(`(module (func (param i32) ${work.repeat(times)} (loop (br_if 0 (local.get 0)))))`);
  assert.match(looping(1), /var J0=[1-9]/);
  assert.match(looping(1200), /var J0=0;/);
});

for (const [what, source] of [
  ["a function that calls another", printed('(module (func (call 1)) (func (export "g")))')],
  ["a long function", printed(`(module (func (param i32) ${padding} (call 0 (local.get 0))))`)],
]) {
  test(`${what}: once`, () => assert.doesNotMatch(source!, /\bx0\b/));
}

test("the frames of a trap are all of one function, each at its call", () => {
  const instance = new Runtime({ engine: "compiler", eager: true }).instantiate(parse(countdown));
  assert.throws(
    () => instance.exportedFunction("f")!.call(4),
    (error: Trap) => {
      assert.deepEqual(
        error.wasmStack.map(({ functionIndex }) => functionIndex),
        [0, 0, 0, 0, 0],
      );
      const [trapped, ...calls] = error.wasmStack.map(({ offset }) => offset);
      assert.equal(new Set(calls).size, 1);
      assert.ok(trapped! < calls[0]!);
      return true;
    },
  );
});

test("a suspended call of it goes on in both", async () => {
  const text = `(module (import "env" "wait" (func (param i32) (result i32)))
    (func (export "sum") (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (call 0 (i32.const 7)))))
      (i32.add (local.get 0) (call 1 (i32.sub (local.get 0) (i32.const 1))))))`;
  for (const wait of [(x: number) => x, async (x: number) => x]) {
    const runtime = new Runtime({ engine: "compiler", eager: true });
    const instance = runtime.instantiate(parse(text), { imports: { env: { wait } } });
    assert.equal(await instance.exportedFunction("sum")!.callAsync(100), 5057);
  }
});
