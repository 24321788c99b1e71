// Takes small and large modules, looks after how many calls a function is compiled: what the interpreter runs is no function of JavaScript.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

const NOP = 1;

/** Calls of a function until it is compiled. The module has another function with so many bytes. */
function callsUntilCompiled(bytes: number): number {
  const binary = parse(`(module
    (import "host" "note" (func $note))
    (func $f (call $note))
    (func (export "run") (param $n i32)
      (loop $l (call $f) (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func ${"nop ".repeat(bytes)}))`);
  assert.ok(binary.length > bytes && binary.includes(NOP));
  const runtime = new Runtime({ engine: "compiler" });
  let calls = 0;
  let compiledAt = 0;
  const note = (): void => {
    calls++;
    if (compiledAt === 0 && /\bw1\b.*zerowasm-/.test(new Error().stack ?? "")) compiledAt = calls;
  };
  const module = runtime.instantiate(binary, { imports: { host: { note } } });
  module.exportedFunction("run")!.call(4000);
  return compiledAt;
}

test("a function of a small module is compiled after some forty calls", () => {
  const calls = callsUntilCompiled(100_000);
  assert.ok(calls > 40 && calls < 60, String(calls));
});

test("a function of a large module is compiled after some two thousand calls", () => {
  const calls = callsUntilCompiled(3_000_000);
  assert.ok(calls > 2000 && calls < 2100, String(calls));
});
