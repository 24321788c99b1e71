// callAsync: a promise of a host function suspends the guest, with all its frames, and nothing else.
import assert from "node:assert/strict";
import test from "node:test";
import { type Module, type Runtime, SuspendError, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { caller } from "../../support/guests.ts";
import { ModuleBuilder } from "../../support/module-builder.ts";
import type { NewRuntime } from "../contract.ts";

interface Deferred {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  readonly promise: Promise<unknown>;
}

function deferred(): Deferred {
  let resolve!: (value: unknown) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

/** `run(depth, seed)` recurses, waits at the bottom for `env.wait(seed)`, and adds what each frame kept across the wait. */
function nested(): Uint8Array {
  const module = new ModuleBuilder();
  const wait = module.importFunction("env", "wait", { params: ["i32"], results: ["i64"] });
  const keep = module.global("i32", true, [["i32.const", 0]], "resumed");
  module.function(
    { params: ["i32", "i32"], results: ["i64"], locals: ["i64", "f64"], export: "run" },
    ["local.get", 0],
    "i64.extend_i32_s",
    ["local.set", 2],
    ["local.get", 1],
    "f64.convert_i32_s",
    ["local.set", 3],
    ["local.get", 0],
    "i32.eqz",
    ["if", "i64"],
    ["local.get", 1],
    ["call", wait],
    ["global.get", keep],
    ["i32.const", 1],
    "i32.add",
    ["global.set", keep],
    "else",
    ["local.get", 0],
    ["i32.const", 1],
    "i32.sub",
    ["local.get", 1],
    ["call", 1],
    "end",
    ["local.get", 2],
    "i64.add",
    ["local.get", 3],
    "i64.trunc_f64_s",
    "i64.add",
  );
  return module.build();
}

/** What `nested` gives for a depth, a seed and the value waited for. */
function expected(depth: number, seed: number, value: bigint): bigint {
  return value + BigInt((depth * (depth + 1)) / 2) + BigInt((depth + 1) * seed);
}

/** The numbers below `count` in an order of their own, the same at each run. */
function shuffled(count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  let state = 12345;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const j = state % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

export function suspension(newRuntime: NewRuntime): void {
  test("a guest waits for a promise and goes on with its value", async () => {
    const f = async (x: number) => x * 2;
    const run = newRuntime()
      .instantiate(caller(), { imports: { env: { f } } })
      .exportedFunction("run")!;
    assert.equal(await run.callAsync(20), 41);
  });

  test("a thousand guests wait in nested calls and go on in any order", async () => {
    const runtime = newRuntime();
    const compiled = runtime.compile(nested());
    const waits = new Map<number, Deferred>();
    runtime
      .hostModule("env")
      .function("wait", { params: ["i32"], results: ["i64"] }, (seed) => {
        const wait = deferred();
        waits.set(seed, wait);
        return wait.promise as Promise<bigint>;
      })
      .instantiate();
    const count = 1000;
    const instances = Array.from({ length: count }, () => runtime.instantiate(compiled));
    const results = instances.map((instance, i) => instance.exportedFunction("run")!.callAsync(i % 50, i));
    assert.equal(waits.size, count);
    for (const [turn, i] of shuffled(count).entries()) {
      waits.get(i)!.resolve(BigInt(i) * 1_000_000_007n);
      // Now and then guests run while others are still suspended.
      if (turn % 100 === 0) assert.equal(await results[i], expected(i % 50, i, BigInt(i) * 1_000_000_007n));
    }
    for (const [i, result] of (await Promise.all(results)).entries()) {
      assert.equal(result, expected(i % 50, i, BigInt(i) * 1_000_000_007n), `guest ${i}`);
    }
    assert.ok(instances.every((instance) => instance.exportedGlobal("resumed")!.get() === 1));
  });

  test("a guest that waits is ended by close, whether its promise settles or not", { timeout: 10_000 }, async () => {
    const ends: ((runtime: Runtime, module: Module) => void)[] = [
      (_, module) => module.close(3),
      (runtime) => runtime.close(3),
    ];
    for (const end of ends) {
      const runtime = newRuntime();
      const waits: Deferred[] = [];
      const wait = () => {
        waits.push(deferred());
        return waits.at(-1)!.promise;
      };
      const module = runtime.instantiate(nested(), { imports: { env: { wait } } });
      const other = runtime.instantiate(nested(), { imports: { env: { wait: async () => 1n } } });
      const run = module.exportedFunction("run")!;
      const results = [run.callAsync(0, 1), run.callAsync(9, 2)];
      end(runtime, module);
      for (const result of results) await assert.rejects(result, { name: "ExitError", exitCode: 3 });
      waits[0]!.resolve(1n);
      waits[1]!.reject(new Error("late"));
      await new Promise((resolve) => setTimeout(resolve));
      if (!other.closed) assert.equal(await other.exportedFunction("run")!.callAsync(0, 0), 1n);
    }
  });

  test("a guest that waits is ended by the close of an instance that called it", { timeout: 10_000 }, async () => {
    for (const depth of [0, 9]) {
      const runtime = newRuntime();
      const wait = deferred();
      const inner = runtime.instantiate(nested(), { name: "inner", imports: { env: { wait: () => wait.promise } } });
      const outer = runtime.instantiate(
        parse(`(module (import "inner" "run" (func $run (param i32 i32) (result i64)))
          (func (export "run") (param i32 i32) (result i64)
            (block (try_table (catch_all 0) (return (call $run (local.get 0) (local.get 1)))))
            (i64.const 5)))`),
      );
      const result = outer.exportedFunction("run")!.callAsync(depth, 1);
      outer.close(4);
      await assert.rejects(result, { name: "ExitError", exitCode: 4 });
      wait.resolve(1n);
      await new Promise((resolve) => setTimeout(resolve));
      assert.equal(inner.exportedGlobal("resumed")!.get(), 0);
      assert.equal(inner.closed, false);
    }
  });

  test("calls of one instance wait at the same time", async () => {
    const waits: Deferred[] = [];
    const wait = () => {
      waits.push(deferred());
      return waits.at(-1)!.promise;
    };
    const instance = newRuntime().instantiate(nested(), { imports: { env: { wait } } });
    const run = instance.exportedFunction("run")!;
    const results = [run.callAsync(3, 1), run.callAsync(30, 2), run.callAsync(0, 3)];
    waits[1]!.resolve(1n);
    assert.equal(await results[1], expected(30, 2, 1n));
    waits[2]!.resolve(2n);
    waits[0]!.resolve(3n);
    assert.deepEqual(await Promise.all(results), [expected(3, 1, 3n), expected(30, 2, 1n), expected(0, 3, 2n)]);
    assert.equal(instance.exportedGlobal("resumed")!.get(), 3);
  });

  test("a suspension goes through instances", async () => {
    const runtime = newRuntime();
    const wait = (seed: number) => Promise.resolve(BigInt(seed) + 100n);
    const inner = runtime.instantiate(nested(), { imports: { env: { wait } } });
    const module = new ModuleBuilder();
    const f = module.importFunction("inner", "run", { params: ["i32", "i32"], results: ["i64"] });
    module.function(
      { params: ["i64"], results: ["i64"], export: "run" },
      ["i32.const", 5],
      ["i32.const", 7],
      ["call", f],
      ["local.get", 0],
      "i64.sub",
    );
    const run = runtime.instantiate(module.build(), { imports: { inner } }).exportedFunction("run")!;
    assert.equal(await run.callAsync(1n), expected(5, 7, 107n) - 1n);
  });

  test("references live across a suspension", async () => {
    const module = new ModuleBuilder();
    const f = module.importFunction("env", "f");
    module.function(
      { params: ["externref", "i32", "externref"], results: ["externref", "i32", "externref"], export: "run" },
      ["local.get", 2],
      ["call", f],
      ["local.get", 1],
      ["call", f],
      ["local.get", 0],
    );
    const run = newRuntime()
      .instantiate(module.build(), { imports: { env: { f: () => Promise.resolve() } } })
      .exportedFunction("run")!;
    const [a, b] = [{ a: 1 }, { b: 2 }];
    const results = [run.callAsync(a, 1, b), run.callAsync(b, 2, a), run.callAsync(null, 3, undefined)];
    assert.deepEqual(await Promise.all(results), [
      [b, 1, a],
      [a, 2, b],
      [undefined, 3, null],
    ]);
  });

  test("a rejected promise is thrown through the guest, which goes on afterwards", async () => {
    const error = new Error("refused");
    let next: Promise<number> = Promise.reject(error);
    const run = newRuntime()
      .instantiate(caller(), { imports: { env: { f: () => next } } })
      .exportedFunction("run")!;
    await assert.rejects(run.callAsync(1), (thrown) => thrown === error);
    next = Promise.resolve(1);
    assert.equal(await run.callAsync(1), 2);
  });

  test("a promise that settles to a wrong value is a TypeError", async () => {
    const f = () => Promise.resolve("five");
    const run = newRuntime()
      .instantiate(caller(), { imports: { env: { f } } })
      .exportedFunction("run")!;
    await assert.rejects(
      run.callAsync(1),
      /result 0 of host function "env.f" is of type i32 \(a number\), got a string/,
    );
  });

  test("a trap after a suspension rejects with the guest's stack", async () => {
    const module = new ModuleBuilder();
    const f = module.importFunction("env", "f");
    const inner = module.function({ name: "inner" }, ["call", f], "unreachable");
    module.function({ export: "run" }, ["call", inner]);
    const env = { f: () => Promise.resolve() };
    const run = newRuntime().instantiate(module.build(), { imports: { env } }).exportedFunction("run")!;
    await assert.rejects(run.callAsync(), (error) => {
      assert.ok(error instanceof Trap);
      assert.deepEqual(
        error.wasmStack.map(({ functionName }) => functionName),
        ["inner", "run"],
      );
      return true;
    });
  });

  test("a plain call that meets a promise says what to do", async () => {
    const f = () => Promise.reject(new Error("nobody waits for this"));
    const run = newRuntime()
      .instantiate(caller(), { imports: { env: { f } } })
      .exportedFunction("run")!;
    assert.throws(() => run.call(1), {
      name: "SuspendError",
      message: 'host function "env.f" gives a promise: call the guest with callAsync or promising',
    });
    assert.throws(() => run.call(1), SuspendError);
    await new Promise((resolve) => setImmediate(resolve));
  });

  test("arguments that do not fit reject", async () => {
    const run = newRuntime()
      .instantiate(caller(), { imports: { env: { f: (x: number) => x } } })
      .exportedFunction("run")!;
    await assert.rejects(run.callAsync("1"), TypeError);
    await assert.rejects(run.callAsync(), TypeError);
  });

  test("a module closed while it waits ends with its exit code", async () => {
    const wait = deferred();
    const instance = newRuntime().instantiate(caller(), { imports: { env: { f: () => wait.promise } } });
    const result = instance.exportedFunction("run")!.callAsync(1);
    instance.close(9);
    wait.resolve(1);
    await assert.rejects(result, { name: "ExitError", exitCode: 9 });
  });

  test("a guest called from a host function suspends on its own", async () => {
    const runtime = newRuntime();
    const inner = runtime.instantiate(caller(), { imports: { env: { f: async (x: number) => x * 3 } } });
    const f = (x: number) => inner.exportedFunction("run")!.callAsync(x);
    const run = runtime.instantiate(caller(), { imports: { env: { f } } }).exportedFunction("run")!;
    assert.deepEqual(await Promise.all([run.callAsync(1), run.callAsync(2)]), [5, 8]);
  });

  test("the bits of NaNs outlast a suspension", async () => {
    // Each vector is added to, so that its lanes may be kept as numbers.
    const instance = newRuntime().instantiate(
      parse(`(module (import "host" "wait" (func $wait))
        (func $kept (param f64 f32 v128 v128) (result i64 i32 i64 i64)
          (local.get 0) (drop (f64x2.add (local.get 2) (local.get 2))) (drop (f32x4.add (local.get 3) (local.get 3)))
          (call $wait)
          (i64.reinterpret_f64) (i32.reinterpret_f32 (local.get 1))
          (i64x2.extract_lane 1 (local.get 2)) (i64x2.extract_lane 1 (local.get 3)))
        (func (export "run") (param i64 i32) (result i64 i32 i64 i64)
          (call $kept (f64.reinterpret_i64 (local.get 0)) (f32.reinterpret_i32 (local.get 1))
            (i64x2.splat (local.get 0)) (i32x4.splat (local.get 1)))))`),
      { imports: { host: { wait: async () => {} } } },
    );
    const [double, float] = [0x7ff4000000000001n, 0x7fa00001];
    const result = await instance.exportedFunction("run")!.callAsync(double, float);
    assert.deepEqual(result, [double, float, double, BigInt(float) * 0x100000001n]);
  });
}
