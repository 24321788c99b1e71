// Suspensions at many points of one run: the result is that of the run that was never interrupted, and the other engine's too.
import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "zerowasm/text";
import { Random } from "../../property/random.ts";
import type { NewRuntime } from "../contract.ts";

/** Three functions deep: every type of number lives across `tick`, in loops and on the operand stack. */
const program = parse(`(module
  (import "env" "tick" (func $tick (param i32) (result i32)))
  (memory 1)
  (func $inner (param $a i32) (param $b i64) (param $c f64) (param $d f32) (result i64)
    (local $k i32)
    (loop $turn
      (local.set $b
        (i64.add (i64.mul (local.get $b) (i64.const 6364136223846793005)) (i64.extend_i32_u (call $tick (local.get $k)))))
      (local.set $c (f64.add (local.get $c) (f64.mul (f64.convert_i64_s (local.get $b)) (f64.const 0.37))))
      (local.set $d (f32.add (local.get $d) (f32.demote_f64 (local.get $c))))
      (i64.store (i32.const 8) (i64.add (i64.load (i32.const 8)) (local.get $b)))
      (br_if $turn (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 10))))
    (i64.xor
      (i64.xor (local.get $b) (i64.reinterpret_f64 (local.get $c)))
      (i64.extend_i32_u (i32.reinterpret_f32 (local.get $d)))))
  (func $middle (param $n i32) (param $x i64) (result i64)
    (if (result i64) (local.get $n)
      (then
        (i64.add
          (i64.mul (local.get $x) (i64.const 3))
          (call $middle
            (i32.sub (local.get $n) (i32.const 1))
            (call $inner (local.get $n) (local.get $x) (f64.const 1.5) (f32.const 0.25)))))
      (else (call $inner (i32.const 0) (local.get $x) (f64.const 2.5) (f32.const 7)))))
  (func (export "run") (param $n i32) (result i64)
    (local $i i32) (local $r i64)
    (loop $turn
      (local.set $r
        (i64.rotl
          (i64.add
            (local.get $r)
            (call $middle (i32.rem_u (local.get $i) (i32.const 7)) (i64.extend_i32_s (local.get $i))))
          (i64.const 13)))
      (br_if $turn (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $r)))`);

/** Turns of `run`: some 4,000 calls of `tick`. */
const TURNS = 100;

export function resumption(newRuntime: NewRuntime): void {
  const random = new Random(20261126);
  const run = async (suspends: (tick: number) => boolean): Promise<{ result: unknown; suspensions: number }> => {
    const runtime = newRuntime();
    let ticks = 0;
    let suspensions = 0;
    const tick = (k: number): number | Promise<number> => {
      const value = (Math.imul(k, 0x9e3779b1) + ++ticks) | 0;
      if (!suspends(ticks)) return value;
      suspensions++;
      return Promise.resolve(value);
    };
    runtime
      .hostModule("env")
      .function("tick", { params: ["i32"], results: ["i32"] }, tick as () => number)
      .instantiate();
    const result = await runtime.instantiate(program).exportedFunction("run")!.callAsync(TURNS);
    return { result, suspensions };
  };

  test("a run that is suspended at random, always or late gives what an uninterrupted run gives", async () => {
    const { result } = await run(() => false);
    const often = await run(() => random.once(4));
    assert.ok(often.suspensions > 800, `only ${often.suspensions} suspensions`);
    const late = await run((tick) => tick > 2000 && random.once(50));
    const always = await run(() => true);
    assert.deepEqual([often.result, late.result, always.result], [result, result, result]);
  });
}
