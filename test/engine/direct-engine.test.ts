// Takes guests whose functions are compiled before their calls, looks for the loop, which takes longer to make than most of them.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

const source = parse(`(module
  (func $next (import "host" "next") (param i32) (result i32))
  (tag $odd)
  (func (export "twice") (param i32) (result i32) (call $next (call $next (local.get 0))))
  (func (export "pair") (result i64 f64) (i64.const 5) (f64.const 0.5))
  (func (export "trap") unreachable)
  (func (export "throw") (throw $odd)))`);

/** How many loops are made while something is done. */
async function loopsDuring(work: () => Promise<void>): Promise<number> {
  const { Function: made } = globalThis;
  let loops = 0;
  globalThis.Function = new Proxy(made, {
    construct(target, texts: string[]) {
      if (texts.some((text) => text.includes("runLoop"))) loops++;
      return new target(...texts);
    },
  });
  try {
    await work();
  } finally {
    globalThis.Function = made;
  }
  return loops;
}

function callerOf(next: (n: number) => number | Promise<number>) {
  const runtime = new Runtime({ engine: "compiler" });
  const type = { params: ["i32"], results: ["i32"] } as const;
  runtime.hostModule("host").function("next", type, next).instantiate();
  const guest = runtime.instantiate(source);
  return (name: string, ...args: number[]) => guest.exportedFunction(name)!.callAsync(...args);
}

test("a call that may be suspended and is not makes no loop", async () => {
  const loops = await loopsDuring(async () => {
    const call = callerOf((n) => n + 1);
    for (const n of [1, 5]) assert.equal(await call("twice", n), n + 2);
    assert.deepEqual(await call("pair"), [5n, 0.5]);
    await assert.rejects(call("trap"), { name: "Trap", message: /unreachable/ });
    await assert.rejects(call("throw"), { name: "Exception" });
    assert.equal(await call("twice", 7), 9);
  });
  assert.equal(loops, 0);
});

test("one that is suspended goes on in the loop", async () => {
  const loops = await loopsDuring(async () => {
    const call = callerOf(async (n) => n + 1);
    for (const n of [1, 5]) assert.equal(await call("twice", n), n + 2);
  });
  assert.equal(loops, 1);
});
