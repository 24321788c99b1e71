// Takes namespaces with options of their own, holds guests to limits and metering, and namespaces to one another's objects.
import assert from "node:assert/strict";
import test from "node:test";
import { createWebAssembly, type StoreConfig, WebAssembly, type WebAssemblyNamespace } from "zerowasm/js-api";
import { parse } from "zerowasm/text";

const spinning = parse(`(module
  (func (export "spin") (param i32) (result i32)
    (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (i32.const 7)))`);

const engines = ["interpreter", "compiler"] as const;

function spinIn(own: WebAssemblyNamespace): (turns: number) => number {
  const { spin } = new own.Instance(new own.Module(spinning)).exports as { spin: (turns: number) => number };
  return spin;
}

for (const engine of engines) {
  test(`fuel is each instance's own, in the ${engine}`, () => {
    const own = createWebAssembly({ engine, metering: true, fuel: 100_000n });
    const spin = spinIn(own);
    assert.equal(spin(10), 7);
    assert.throws(() => spin(1_000_000), { name: "RuntimeError", message: /fuel exhausted/ });
    assert.throws(() => spin(1_000_000), own.RuntimeError);
    assert.equal(spinIn(own)(10), 7);
  });

  test(`a deadline ends a call, in the ${engine}`, () => {
    let time = 0;
    const own = createWebAssembly({ engine, metering: true, deadlineMs: 50, now: () => time++ });
    assert.throws(() => spinIn(own)(0), { name: "RuntimeError", message: /deadline exceeded/ });
  });

  test(`frames have a limit, in the ${engine}`, () => {
    const deep = parse(`(module (func $f (export "f") (param i32) (result i32)
      (if (result i32) (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 7)))))`);
    const own = createWebAssembly({ engine, maxCallDepth: 100 });
    const { f } = new own.Instance(new own.Module(deep)).exports as { f: (n: number) => number };
    assert.equal(f(90), 7);
    assert.throws(() => f(110), { name: "RangeError", message: "Maximum call stack size exceeded" });
  });
}

test("memories have a limit, made by the host or by a guest", () => {
  const own = createWebAssembly({ memoryLimitPages: 4 });
  assert.throws(() => new own.Memory({ initial: 5 }), RangeError);
  const memory = new own.Memory({ initial: 1 });
  assert.equal(memory.grow(3), 1);
  assert.throws(() => memory.grow(1), RangeError);
  const module = new own.Module(parse(`(module (memory 5))`));
  assert.throws(() => new own.Instance(module), RangeError);
});

test("features can be off", () => {
  const own = createWebAssembly({ features: "wasm1" });
  const vectors = parse("(module (func (result v128) (v128.const i32x4 0 0 0 0)))");
  assert.throws(() => new own.Module(vectors), { name: "CompileError", message: /feature simd is off/ });
  assert.ok(WebAssembly.validate(vectors));
});

test("wrong options are refused at once", () => {
  for (const config of [{ engine: "jit" }, { fuels: 1n }, { fuel: 1n }, { deadlineMs: 9 }]) {
    assert.throws(() => createWebAssembly(config as StoreConfig), TypeError, Object.keys(config).join());
  }
});

test("what one namespace exports another imports", () => {
  const own = createWebAssembly({ engine: "interpreter" });
  const exporting = parse(`(module (memory (export "m") 1) (global (export "g") i32 (i32.const 7))
    (table (export "t") 1 funcref) (tag (export "e")) (func (export "f") (result i32) (i32.const 8)))`);
  const importing =
    parse(`(module (import "a" "m" (memory 1)) (import "a" "g" (global i32)) (import "a" "t" (table 1 funcref))
    (import "a" "e" (tag)) (import "a" "f" (func $f (result i32)))
    (func (export "sum") (result i32) (i32.add (global.get 0) (call $f))))`);
  const a = new own.Instance(new own.Module(exporting)).exports;
  const { sum } = new WebAssembly.Instance(new WebAssembly.Module(importing), { a }).exports as { sum: () => number };
  assert.equal(sum(), 15);
});
