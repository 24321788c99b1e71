// A loop that was suspended goes on in the interpreter, and is compiled code again within a few turns.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

const loop = `(loop $turn (drop (call 0 (local.get 0)))
  (br_if $turn (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))`;
const texts: Readonly<Record<string, string>> = {
  "its function": `(func (export "run") (param i32) ${loop})`,
  "a function that calls its function": `(func (export "run") (param i32) (call 2 (local.get 0))) (func (param i32) ${loop})`,
  "an inner loop": `(func (export "run") (param i32) (local i32) (local.set 1 (local.get 0))
    (loop $outer (local.set 0 (i32.const 20)) ${loop}
      (br_if $outer (local.tee 1 (i32.sub (local.get 1) (i32.const 20))))))`,
};

/** Turns before the suspension, and after it. */
const HALF = 20_000;

for (const eager of [true, false]) {
  for (const [where, text] of Object.entries(texts)) {
    test(`a loop of ${where}, ${eager ? "all compiled at first" : "by tiers"}`, async () => {
      const isCompiled: boolean[] = [];
      let ticks = 0;
      const tick = (left: number): number | Promise<number> => {
        ticks++;
        if (ticks % HALF === HALF - 1) isCompiled.push(String(new Error().stack).includes("zerowasm-"));
        return ticks === HALF ? Promise.resolve(left) : left;
      };
      const runtime = new Runtime({ engine: "compiler", eager });
      const module = parse(`(module (import "env" "tick" (func (param i32) (result i32))) ${text})`);
      await runtime
        .instantiate(module, { imports: { env: { tick } } })
        .exportedFunction("run")!
        .callAsync(2 * HALF);
      assert.equal(ticks, 2 * HALF);
      assert.deepEqual(isCompiled, [true, true]);
    });
  }
}

test("a loop that writes fields of a structure may be suspended", async () => {
  const text = `(module (type $s (struct (field (mut i32)) (field (mut i32)))) (import "host" "pause" (func $pause))
    (func (export "f") (param i32) (result i32) (local $s (ref null $s))
      (local.set $s (struct.new_default $s))
      (loop $on
        (call $pause)
        (struct.set $s 1 (local.get $s) (i32.add (struct.get $s 1 (local.get $s)) (i32.const 3)))
        (br_if $on (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (struct.get $s 1 (local.get $s))))`;
  const imports = { host: { pause: () => Promise.resolve() } };
  const module = new Runtime({ engine: "compiler", eager: true }).instantiate(parse(text), { imports });
  assert.equal(await module.exportedFunction("f")!.callAsync(50), 150);
});
