// Takes a memory and a module to another thread: both see one memory, waits are woken, growth is seen.
import assert from "node:assert/strict";
import test from "node:test";
import { Worker } from "node:worker_threads";
import { fromMessage, toMessage, WebAssembly } from "zerowasm/js-api";
import { parse } from "zerowasm/text";
import { exportsOf, testInAll } from "../support/namespaces.ts";

const TIMES = 2000;

const binary = parse(`(module
  (import "env" "memory" (memory 1 4 shared))
  (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
  (func (export "count") (param i32)
    (loop
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "await") (result i32)
    (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
  (func (export "wake") (result i32)
    (i32.atomic.store (i32.const 8) (i32.const 1))
    (memory.atomic.notify (i32.const 8) (i32.const 9)))
  (func (export "length") (param externref) (result i32) (call $length (local.get 0))))`);

/** Counts, waits until it is woken, tells the size that it then sees. */
const thread = `
  const { parentPort, workerData } = require("node:worker_threads");
  import("zerowasm/js-api").then(({ WebAssembly, fromMessage }) => {
    const memory = fromMessage(workerData.memory, WebAssembly);
    const module = fromMessage(workerData.module, WebAssembly);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    exports.count(${TIMES});
    parentPort.postMessage("waiting");
    const woken = exports.await();
    parentPort.postMessage({ woken, pages: memory.grow(0), length: exports.length("four"), isMemory: memory instanceof WebAssembly.Memory });
  });`;

test("threads share a memory and have a module each", { timeout: 60_000 }, async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
  const module = new WebAssembly.Module(binary, { builtins: ["js-string"] });
  const workerData = { memory: toMessage(memory), module: toMessage(module) };
  const worker = new Worker(thread, { eval: true, workerData });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const guest = exports as { count(times: number): void; wake(): number };
  try {
    const waiting = next(worker);
    guest.count(TIMES);
    assert.equal(await waiting, "waiting");
    const words = new Int32Array(memory.buffer);
    assert.equal(words[0], 2 * TIMES);
    assert.equal(memory.grow(2), 1);
    const answer = next(worker);
    guest.wake();
    const { woken, ...rest } = (await answer) as { woken: number };
    // It may not have been waiting yet; then it finds another value.
    assert.ok(woken === 0 || woken === 1, `${woken}`);
    assert.deepEqual(rest, { pages: 3, length: 4, isMemory: true });
  } finally {
    await worker.terminate();
  }
});

test("only shared memories and modules can be posted", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  for (const value of [memory, new WebAssembly.Table({ element: "funcref", initial: 1 }), {}, null, undefined]) {
    assert.throws(() => toMessage(value as never), TypeError);
  }
  assert.throws(() => fromMessage({} as never, WebAssembly), TypeError);
});

testInAll("a module that is posted as it is does not arrive empty: it cannot be cloned", (W) => {
  class Derived extends W.Module {}
  for (const module of [new W.Module(binary, { builtins: ["js-string"] }), new Derived(parse("(module)"))]) {
    assert.throws(() => structuredClone(module), { name: "DataCloneError" });
    assert.deepEqual(Reflect.ownKeys(module), []);
    assert.ok(module instanceof W.Module);
  }
});

testInAll("a wait where the host lets no thread wait is a trap, also through JavaScript", (W) => {
  const { wait } = Atomics;
  (Atomics as { wait: unknown }).wait = () => {
    throw new TypeError("not here");
  };
  try {
    const { wait: waits } = exportsOf(
      W,
      `(module (memory 1 1 shared) (func (export "wait") (result i32)
        (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))`,
    );
    assert.throws(() => waits(), { constructor: W.RuntimeError, message: /promising/ });
    const { all } = exportsOf(
      W,
      `(module (import "m" "f" (func $f)) (func (export "all")
        (block $caught (try_table (catch_all $caught) (call $f)))))`,
      { m: { f: () => waits() } },
    );
    assert.throws(() => all(), W.RuntimeError);
  } finally {
    (Atomics as { wait: unknown }).wait = wait;
  }
});

function next(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
