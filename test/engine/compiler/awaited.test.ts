// What a call waits for while functions are compiled: not for others where its time is over, nor for many that take long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CachedModule, type CompilationCache, Runtime, type RuntimeConfig, type Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { FunctionEmitter } from "#dist/engine/compiler/emit.js";

const COUNT = 20;

/** Each function adds its index to what the next one gives; the last one calls none. */
const sums = parse(
  `(module ${Array.from({ length: COUNT }, (_, i) => {
    const next = i < COUNT - 1 ? `(call ${i + 1})` : "(i32.const 0)";
    return `(func (export "f${i}") (result i32) (i32.add (i32.const ${i}) ${next}))`;
  }).join("\n")})`,
);

type Saved = { take?: () => CachedModule };

/** A runtime, and the functions of each source that it makes; what it saves. */
function compiling(config: RuntimeConfig, saved: Saved = {}): { readonly runtime: Runtime; readonly made: string[][] } {
  const made: string[][] = [];
  const script = (source: string) => {
    made.push([...source.matchAll(/function (w\d+)/g)].map(([, name]) => name!));
    const run = new Function("E", source) as (E: object) => unknown;
    return { run, firstLine: 3, code: () => undefined };
  };
  const cache: CompilationCache = {
    digest: String,
    load: () => saved.take?.(),
    save(_, take) {
      saved.take = take;
    },
    script,
  };
  return { runtime: new Runtime({ engine: "compiler", cache, ...config }), made };
}

for (const asynchronous of [false, true])
  test(`a small module is compiled as far as the call has time${asynchronous ? ", suspended too" : ""}`, async () => {
    const clock = { time: 0, step: 1 };
    const { runtime, made } = compiling({ metering: true, now: () => (clock.time += clock.step) });
    const instance = runtime.instantiate(sums, { deadlineMs: 12 });
    const call = async (i: number): Promise<unknown> => {
      const f = instance.exportedFunction(`f${i}`)!;
      return asynchronous ? f.callAsync() : f.call();
    };
    await assert.rejects(call(COUNT - 1), { name: "Trap", code: "deadline exceeded" });
    clock.step = 0;
    const [first] = made as [string[]];
    assert.equal(first[0], `w${COUNT - 1}`);
    assert.ok(first.length > 2 && first.length < COUNT - 5, first.join());
    for (let i = COUNT - 1; i >= 0; i--) assert.equal(await call(i), ((COUNT - i) * (COUNT - 1 + i)) / 2);
    // Each once, those that were left by themselves.
    assert.deepEqual(new Set(made.flat()).size, COUNT);
    assert.equal(made.flat().length, COUNT);
    assert.ok(made.slice(1).every(({ length }) => length === 1));
  });

test("the function that is called is compiled, however little time the call has left", () => {
  for (let deadlineMs = 1; deadlineMs < 8; deadlineMs++) {
    const clock = { time: 0, step: 0 };
    const { runtime, made } = compiling({ metering: true, now: () => (clock.time += clock.step) });
    const instance = runtime.instantiate(sums, { deadlineMs });
    const call = (i: number): unknown => instance.exportedFunction(`f${i}`)!.call();
    clock.step = 1;
    // The first call makes what there is time for, the second one function.
    for (const i of [COUNT - 1, 0]) {
      try {
        call(i);
      } catch (error) {
        assert.equal((error as Trap).code, "deadline exceeded");
      }
    }
    clock.step = 0;
    assert.equal(call(0), (COUNT * (COUNT - 1)) / 2);
    assert.ok(made.flat().includes("w0"), `${deadlineMs} ms`);
  }
});

test("what a cached chunk was made without is compiled by itself", () => {
  let time = 0;
  const saved: Saved = {};
  const late = compiling({ metering: true, now: () => time++ }, saved);
  const first = late.runtime.instantiate(sums, { deadlineMs: 12 }).exportedFunction("f0")!;
  assert.throws(() => first.call(), { code: "deadline exceeded" });
  const stored = saved.take!();
  const { runtime, made } = compiling({ metering: true }, { take: () => stored });
  const last = runtime.instantiate(sums).exportedFunction(`f${COUNT - 1}`)!;
  assert.equal(last.call(), COUNT - 1);
  assert.deepEqual(made, [...late.made, [`w${COUNT - 1}`]]);
});

test("where others take long in vain, a call does not wait for all of them", (t) => {
  const { run } = FunctionEmitter.prototype;
  let printed = 0;
  FunctionEmitter.prototype.run = function (this: FunctionEmitter): string {
    printed++;
    return run.call(this);
  };
  t.after(() => {
    FunctionEmitter.prototype.run = run;
  });
  const many = "i32 ".repeat(1000);
  const long = `(func (result ${many}) (call $first) ${"(call $same)".repeat(200)})`;
  const { runtime, made } = compiling({});
  const instance = runtime.instantiate(
    parse(`(module
      (func (export "one") (result i32) (i32.const 1))
      (func $first (result ${many}) ${"(i32.const 7)".repeat(1000)})
      (func $same (param ${many}) (result ${many}) ${Array.from({ length: 1000 }, (_, i) => `local.get ${i} `).join("")})
      ${long.repeat(16)}
      (func (export "two") (result i32) (i32.const 2)))`),
  );
  assert.equal(instance.exportedFunction("one")!.call(), 1);
  assert.ok(printed < 10, `${printed} functions were printed`);
  assert.equal(instance.exportedFunction("two")!.call(), 2);
  assert.deepEqual(made.at(-1), ["w19"]);
});
