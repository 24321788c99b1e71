// Takes small and large modules, looks after how many calls a function is compiled: what the interpreter runs is no function of JavaScript.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

/** Calls of a function, the first if nothing is said, which calls `note`, until it is compiled. */
function callsUntilCompiled(text: string, eager?: boolean, index: number = 1): number {
  const runtime = new Runtime({ engine: "compiler", eager });
  let calls = 0;
  let compiledAt = 0;
  const note = (): void => {
    calls++;
    if (compiledAt === 0 && new RegExp(`\\bw${index}\\b.*zerowasm-`).test(new Error().stack ?? "")) compiledAt = calls;
  };
  const module = runtime.instantiate(parse(text), { imports: { host: { note } } });
  module.exportedFunction("run")!.call();
  return compiledAt;
}

/** A module with as many bytes of code, in 3000 functions, if nothing is said. */
const calling = (bytes: number, functions: number = 3000): string => `(module
  (import "host" "note" (func $note))
  (func $f (call $note))
  (func (export "run") (local $n i32)
    (loop $l (call $f) (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 4000)))))
  ${`(func ${"nop ".repeat(bytes / functions)})`.repeat(functions)})`;

test("a function of a small module is compiled before its first call", () => {
  assert.equal(callsUntilCompiled(calling(1_000_000, 1000)), 1);
});

for (const [which, functions] of [
  ["short", 8000],
  ["few and huge", 1],
] as const)
  test(`a function of a large module is, too, where functions are ${which}`, () => {
    assert.equal(callsUntilCompiled(calling(3_000_000, functions)), 1);
  });

test("a function of 300 KB is, too", () => {
  const text = calling(0).replace("(func $f", `$& ${"nop ".repeat(300_000)}`);
  assert.equal(callsUntilCompiled(text), 1);
});

/** Counts are begun anew three times, and once more for each 3 MB, unless a program runs on. */
function isSome(calls: number, expected: number): void {
  assert.ok(calls > expected && calls < expected * 1.1, String(calls));
}

for (const [bytes, calls] of [
  [1_500_000, 200],
  [2_000_000, 200],
  [3_000_000, 250],
  [7_400_000, 300],
] as const)
  test(`a function of a large module of ${bytes} bytes is compiled after some ${calls} calls`, () => {
    isSome(callsUntilCompiled(calling(bytes)), calls);
  });

test("a function of a small one that is told so is compiled after some fifty calls", () => {
  isSome(callsUntilCompiled(calling(100, 1), false), 50);
});

/** The same, where some functions are called as often before. */
const after = (count: number, bytes: number): string => {
  const others = Array.from({ length: count }, (_, i) => i);
  return calling(bytes)
    .replace("(func $f", `${others.map((i) => `(func $g${i})`).join("")}(func $f`)
    .replace("(loop $l", `${others.map((i) => loopOver(`$g${i}`)).join("")}(local.set $n (i32.const 0)) (loop $l`);
};
const loopOver = (name: string): string => `(local.set $n (i32.const 0))
  (loop $k (call ${name}) (br_if $k (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 4000))))`;

for (const [bytes, others, calls] of [
  [2_100_000, 300, 50],
  [6_000_000, 100, 300],
] as const)
  test(`a function of ${bytes} bytes is compiled after some ${calls} calls, where ${others} others are hot`, () => {
    isSome(callsUntilCompiled(after(others, bytes), undefined, others + 1), calls);
  });

test("a function whose loop is compiled begins as compiled from its next call on", () => {
  const text = `(module
    (import "host" "note" (func $note))
    (func $f (local $n i32)
      (call $note)
      (loop $l (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 20000)))))
    (func (export "run") (call $f) (call $f) (call $f)))`;
  const calls = callsUntilCompiled(text, false);
  assert.equal(calls, 2);
});
