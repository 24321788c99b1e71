// Calls that cross instances many times: values, what is shared, suspensions in the middle, and modules that close meanwhile.
import assert from "node:assert/strict";
import test from "node:test";
import { ExitError, type Module, type WasmValue } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

/** `down` calls `next` with each value changed by a little, and changes back what comes: after n levels values are their old selves. */
const relay = parse(`(module
  (type $f (func (param i32 i64 f32 f64 externref) (result i32 i64 f32 f64 externref)))
  (import "host" "next" (table $next 1 funcref))
  (func (export "down") (type $f)
    (local $i i32) (local $l i64) (local $f f32) (local $d f64) (local $r externref)
    (if (i32.eqz (local.get 0))
      (then (return (i32.const 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4))))
    (call_indirect $next (type $f)
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 0x1_0000_0001))
      (f32.add (local.get 2) (f32.const 0.5)) (f64.sub (local.get 3) (f64.const 0.25)) (local.get 4)
      (i32.and (local.get 0) (i32.const 1)))
    (local.set $r) (local.set $d) (local.set $f) (local.set $l) (local.set $i)
    (i32.add (local.get $i) (i32.const 1)) (i64.sub (local.get $l) (i64.const 0x1_0000_0001))
    (f32.sub (local.get $f) (f32.const 0.5)) (f64.add (local.get $d) (f64.const 0.25)) (local.get $r)))`);

/** Owns what another one shares: grows, fills and sets it. */
const owner = parse(`(module
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (global $count (export "count") (mut i64) (i64.const 0))
  (func $three (result i32) (i32.const 3))
  (elem declare func $three)
  (func (export "grow")
    (global.set $count (i64.add (global.get $count) (i64.const 1)))
    (drop (memory.grow (i32.const 1)))
    (drop (table.grow (ref.func $three) (i32.const 1)))
    (i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 7))))`);

/** Uses what the owner shares within one loop, from the first turn on to the last. */
const user = parse(`(module
  (type $three (func (result i32)))
  (import "owner" "memory" (memory 1))
  (import "owner" "table" (table 1 funcref))
  (import "owner" "count" (global $count (mut i64)))
  (import "owner" "grow" (func $grow))
  (func (export "run") (param $turns i32) (result i32 i64) (local $sum i32)
    (loop $more
      (call $grow)
      (local.set $sum (i32.add (local.get $sum)
        (i32.load8_u (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)))))
      (local.set $sum (i32.add (local.get $sum)
        (call_indirect (type $three) (i32.sub (table.size) (i32.const 1)))))
      (br_if $more (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
    (local.get $sum) (global.get $count)))`);

/** Each level adds up what it calls in a loop; the lowest asks the host. */
const level = (lowest: boolean): Uint8Array =>
  parse(`(module
  (import "host" "ask" (func $ask (param i32) (result i32)))
  (import "below" "sum" (func $below (param i32) (result i64)))
  (memory 1)
  (func (export "sum") (param $n i32) (result i64) (local $sum i64) (local $i i32)
    (loop $more
      (i64.store (i32.const 8) (i64.add (i64.load (i32.const 8)) (i64.const 1)))
      (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 3))
        ${lowest ? "(i64.extend_i32_s (call $ask (i32.add (local.get $n) (local.get $i))))" : "(call $below (i32.add (local.get $n) (local.get $i)))"}))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5))))
    (i64.add (local.get $sum) (i64.load (i32.const 8)))))`);

/** Calls `below`, and then shows that it went on. */
const chain = (call: string): Uint8Array =>
  parse(`(module
  (type $f (func))
  (import "below" "run" (func $below))
  (import "host" "note" (func $note))
  (import "host" "table" (table $imported 1 funcref))
  (table $own funcref (elem $below))
  (elem (table $imported) (i32.const 0) func $below)
  (func $inner ${call})
  (func (export "run") (call $inner) (call $note)))`);

const calls = [
  "(call $below)",
  "(return_call $below)",
  "(call_ref $f (ref.func $below))",
  "(return_call_ref $f (ref.func $below))",
  "(call_indirect $own (type $f) (i32.const 0))",
  "(return_call_indirect $own (type $f) (i32.const 0))",
  "(call_indirect $imported (type $f) (i32.const 0))",
  "(return_call_indirect $imported (type $f) (i32.const 0))",
];

export function crossing(newRuntime: NewRuntime): void {
  for (const levels of [1, 2, 31, 2000]) {
    test(`values of all types cross ${levels} times`, () => {
      const runtime = newRuntime();
      const table = runtime.hostModule("host").table("next", { type: "funcref", min: 2 }).instantiate();
      const modules = [0, 1].map(() => runtime.instantiate(relay));
      for (const [i, module] of modules.entries())
        table.exportedTable("next")!.set(i, module.exportedFunction("down")!);
      const reference = { any: "thing" };
      const values: WasmValue[] = [-(2n ** 40n) + 3n, 1.5, -1e300, reference];
      assert.deepEqual(modules[0]!.exportedFunction("down")!.call(levels, ...values), [levels, ...values]);
    });
  }

  test("what another instance grows is grown at once", () => {
    const runtime = newRuntime();
    runtime.instantiate(owner, { name: "owner" });
    const run = runtime.instantiate(user).exportedFunction("run")!;
    assert.deepEqual(run.call(20), [20 * 10, 20n]);
    assert.deepEqual(run.call(20), [20 * 10, 40n]);
  });

  /** Three levels that ask a host function, with what it gives. */
  function asking(ask: (n: number) => number | Promise<number>): Module {
    const runtime = newRuntime();
    runtime
      .hostModule("host")
      .function("ask", { params: ["i32"], results: ["i32"] }, ask)
      .instantiate();
    const nothing = { sum: () => 0n };
    runtime.instantiate(level(true), { name: "lowest", imports: { below: nothing } });
    const middle = runtime.instantiate(level(false), { imports: { below: runtime.module("lowest")! } });
    return runtime.instantiate(level(false), { imports: { below: middle } });
  }

  test("a call across three instances that is suspended again and again gives what an uninterrupted one gives", async () => {
    const answer = (n: number) => (n * 7919) % 101;
    const expected = asking(answer).exportedFunction("sum")!.call(3);
    for (const isLate of [() => true, (n: number) => n % 3 === 0, (n: number) => n > 9]) {
      const ask = (n: number) => (isLate(n) ? Promise.resolve(answer(n)) : answer(n));
      assert.equal(await asking(ask).exportedFunction("sum")!.callAsync(3), expected);
    }
  });

  for (const closed of [0, 1, 2]) {
    test(`of three modules that call one another, number ${closed} is closed by the host below them`, () => {
      for (const call of calls) {
        const runtime = newRuntime();
        const modules: Module[] = [];
        let notes = 0;
        let closes = false;
        let below: unknown = { run: () => closes && modules[closed]!.close(5) };
        for (let i = 0; i < 3; i++) {
          const host = runtime.hostModule("").table("table", { type: "funcref", min: 1 });
          const imports = { below: below as Module, host: host.function("note", {}, () => void notes++).instantiate() };
          modules.push(runtime.instantiate(chain(call), { imports }));
          below = modules[i];
        }
        const run = modules[2]!.exportedFunction("run")!;
        for (let i = 0; i < 5; i++) run.call();
        assert.equal(notes, 15);
        closes = true;
        assert.throws(
          () => run.call(),
          (error) => error instanceof ExitError && error.exitCode === 5,
          call,
        );
        assert.equal(notes, 15 + closed, call);
        for (const [i, module] of modules.entries()) assert.equal(module.closed, i === closed);
      }
    });
  }
}
