import assert from "node:assert/strict";
import test from "node:test";
import { Runtime, type RuntimeConfig, type System, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { emscripten } from "zerowasm/wasi";

// As Emscripten's tools lay out setjmp and longjmp where they are calls of the host.
const jumps = parse(`(module
  (import "env" "invoke_iii" (func $invoke_iii (param i32 i32 i32) (result i32)))
  (import "env" "invoke_vj" (func $invoke_vj (param i32 i64)))
  (import "env" "_emscripten_throw_longjmp" (func $longjmp))
  (import "env" "other" (global i32))
  (table (export "__indirect_function_table") 4 funcref)
  (elem (i32.const 1) $divide $leap $trap)
  (memory (export "memory") 1)
  (global $stack (mut i32) (i32.const 4096))
  (global $threw (mut i32) (i32.const 0))
  (func (export "emscripten_stack_get_current") (result i32) (global.get $stack))
  (func (export "_emscripten_stack_restore") (param i32) (global.set $stack (local.get 0)))
  (func (export "setThrew") (param i32 i32) (global.set $threw (local.get 0)))
  (func (export "threw") (result i32) (global.get $threw))
  (func $divide (param i32 i32) (result i32)
    (global.set $stack (i32.sub (global.get $stack) (i32.const 16)))
    (if (i32.eqz (local.get 1)) (then (call $longjmp)))
    (global.set $stack (i32.add (global.get $stack) (i32.const 16)))
    (i32.div_s (local.get 0) (local.get 1)))
  (func $leap (param i64) (call $longjmp))
  (func $trap (param i64) unreachable)
  (func (export "divide") (param i32 i32) (result i32) (call $invoke_iii (i32.const 1) (local.get 0) (local.get 1)))
  (func (export "leap") (param i32) (call $invoke_vj (local.get 0) (i64.const 5)))
  (func (export "unprotected") (call $longjmp)))`);

const forms: readonly RuntimeConfig[] = [{ engine: "compiler", eager: true }, { engine: "interpreter" }];

for (const form of forms) {
  test(`longjmp comes back to the call that protects, on the ${form.engine}`, () => {
    const runtime = new Runtime(form);
    const compiled = runtime.compile(jumps);
    const builder = runtime.hostModule("env").global("other", { type: "i32" });
    emscripten.addTo(builder, compiled);
    builder.instantiate();
    const module = runtime.instantiate(compiled);
    const call = (name: string, ...args: number[]): unknown => module.exportedFunction(name)!.call(...args);
    assert.equal(call("divide", 42, 6), 7);
    assert.equal(call("threw"), 0);
    assert.equal(call("divide", 42, 0), 0);
    assert.equal(call("threw"), 1);
    assert.equal(call("emscripten_stack_get_current"), 4096, "the stack is as it was");
    assert.equal(call("leap", 2), undefined);
    assert.throws(() => call("leap", 3), { name: "Trap", code: "unreachable" });
    for (const index of [0, 4, -1]) assert.throws(() => call("leap", index), Trap);
    assert.throws(() => call("unprotected"), /longjmp outside of what setjmp protects/);
  });
}

const memory = parse(`(module
  (import "env" "emscripten_notify_memory_growth" (func $grown (param i32)))
  (import "env" "emscripten_resize_heap" (func $resize (param i32) (result i32)))
  (import "env" "emscripten_memcpy_js" (func $copy (param i32 i32 i32)))
  (import "env" "_abort_js" (func $abort))
  (import "env" "emscripten_date_now" (func $date (result f64)))
  (import "env" "emscripten_get_now" (func $now (result f64)))
  (memory (export "memory") 1 3)
  (data (i32.const 8) "abc")
  (func (export "grow") (param i32) (result i32) (call $grown (i32.const 0)) (call $resize (local.get 0)))
  (func (export "copy") (param i32 i32 i32) (call $copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "abort") (call $abort))
  (func (export "date") (result f64) (call $date))
  (func (export "now") (result f64) (call $now)))`);

function instance(system: System = {}, lines?: string[]) {
  const runtime = new Runtime();
  const compiled = runtime.compile(memory);
  emscripten.instantiate(runtime, compiled, { log: lines && { write: (line) => void lines.push(line) } });
  return runtime.instantiate(compiled, system);
}

test("the heap grows to a size, as far as it can", () => {
  const module = instance();
  const grow = module.exportedFunction("grow")!;
  for (const [size, result, pages] of [
    [1, 1, 1],
    [65_537, 1, 2],
    [3 * 65_536, 1, 3],
    [3 * 65_536 + 1, 0, 3],
    [-1, 0, 3],
  ] as const) {
    assert.equal(grow.call(size), result);
    assert.equal(module.memory!.pages, pages);
  }
});

test("bytes are copied, within the memory", () => {
  const module = instance();
  const copy = module.exportedFunction("copy")!;
  copy.call(9, 8, 3);
  assert.equal(module.memory!.readString(8, 4), "aabc");
  for (const args of [
    [0, 65_535, 2],
    [65_535, 0, 2],
    [0, -1, 1],
    [0, 0, -1],
  ] as const) {
    assert.throws(() => copy.call(...args), { name: "Trap", code: "out of bounds memory access" });
  }
});

test("clocks are the guest's, abort is a trap", () => {
  const module = instance({ clock: { wallTime: () => 1_500_000n, monotonicTime: () => 2_000_000n } });
  assert.equal(module.exportedFunction("date")!.call(), 1.5);
  assert.equal(module.exportedFunction("now")!.call(), 2);
  assert.equal(instance().exportedFunction("date")!.call(), 1_640_995_200_000);
  assert.throws(() => module.exportedFunction("abort")!.call(), Trap);
});

test("calls are told of", () => {
  const lines: string[] = [];
  instance({}, lines).exportedFunction("grow")!.call(5);
  assert.deepEqual(lines, [
    "==> env.emscripten_notify_memory_growth(memory_index=0)",
    "<== ()",
    "==> env.emscripten_resize_heap(size=5)",
    "<== 1",
  ]);
});
