// A function that is too long for the host's JIT is compiled as a whole first, and goes over to a form in pieces in a call or turn once it is hot.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Module, Runtime, type RuntimeConfig, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { EmittedChunks } from "#dist/engine/compiler/emitted-chunks.js";
import { Compiler } from "#dist/engine/compiler/engine.js";
import { closures } from "#dist/engine/interpreter/blocks.js";
import { Interpreter } from "#dist/engine/interpreter/engine.js";
import { TieredInterpreter } from "#dist/engine/interpreter/tiered-engine.js";
import { BaseRuntime } from "#dist/runtime.js";
import { largeModule } from "./large-function.ts";

/** Takes functions of more than so many characters for too long; each is hot after some turns. */
class FirstRuntime extends BaseRuntime {
  constructor(turns: number, length: number) {
    const config: RuntimeConfig = { engine: "compiler", eager: true };
    super(config, {
      interpreter: (options) => new Interpreter(options, closures),
      compiler: {
        make: (options) =>
          new Compiler(new TieredInterpreter(options, closures), { ...options, first: { length, turns } }),
        isAllowed: () => true,
      },
    });
  }
}

const compiler = (turns: number, length = 0): BaseRuntime => new FirstRuntime(turns, length);
const interpreter = (): BaseRuntime => new Runtime({ engine: "interpreter" });

/** Runs something, tells which labels functions went over at; -1 for their beginning. */
function goneOver<T>(run: () => T): { readonly result: T; readonly labels: ReadonlySet<number> } {
  const { again } = EmittedChunks.prototype;
  const labels = new Set<number>();
  EmittedChunks.prototype.again = function (this: EmittedChunks, index, label, asynchronous) {
    if (label !== undefined) labels.add(label);
    return again.call(this, index, label, asynchronous);
  };
  try {
    return { result: run(), labels };
  } finally {
    EmittedChunks.prototype.again = again;
  }
}

type Run = (instance: Module) => unknown;

/** A host's value that a module holds on to. */
const held = { held: true };

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    assert.ok(error instanceof Trap, String(error));
    return [error.code, error.wasmStack];
  }
}

/** Calls `f` with each list of arguments. */
const calls =
  (...lists: readonly (readonly (number | bigint | object | null)[])[]): Run =>
  (instance) =>
    lists.map((list) => outcome(() => instance.exportedFunction("f")!.call(...(list as number[]))));

const times = <T>(count: number, list: T): T[] => Array.from({ length: count }, () => list);

interface Case {
  readonly name: string;
  readonly text: string;
  readonly run: Run;
  /** Where it goes over: at calls, at a loop. */
  readonly at: readonly ("call" | "loop")[];
}

const cases: readonly Case[] = [
  {
    name: "at a call, with an i64 and a reference",
    text: `(global $sum (mut i64) (i64.const -5))
      (func (export "f") (param i64 externref f32) (result i64 externref f32)
        (global.set $sum (i64.mul (i64.add (global.get $sum) (local.get 0)) (i64.const 0x123456789)))
        (global.get $sum) (local.get 1) (local.get 2))`,
    run: calls(...times(60, [0x7654321012345678n, held, 1.5])),
    at: ["call"],
  },
  {
    name: "at the heads of loops within one another, a branch and a jump table",
    text: `(func (export "f") (param $n i32) (param $which i32) (result i32) (local $sum i32) (local $i i32)
      (loop $outer
        (block $c (block $b (block $a
          (br_table $a $b $c (i32.rem_u (i32.add (local.get $n) (local.get $which)) (i32.const 3))))
          (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 7)) (i32.const 1))))
          (if (i32.and (local.get $n) (i32.const 1))
            (then (local.set $sum (i32.xor (local.get $sum) (local.get $n))))
            (else
              (local.set $i (i32.const 5))
              (loop $inner
                (local.set $sum (i32.add (local.get $sum) (i32.rotl (local.get $i) (local.get $sum))))
                (br_if $inner (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))))
        (local.set $sum (i32.add (local.get $sum) (i32.const 3)))
        (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $sum))`,
    run: calls([1, 0], [40, 1], [40, 0], [3, 2], [200, 2]),
    at: ["call", "loop"],
  },
  {
    name: "while its memories grow, by itself and by others",
    text: `(memory $m (export "memory") 1) (memory $o 1)
      (func $grow (param i32) (drop (memory.grow $m (local.get 0))) (drop (memory.grow $o (i32.const 1))))
      (func (export "f") (param $n i32) (param $every i32) (result i32) (local $sum i32)
        (loop $more
          (i32.store $m (i32.mul (local.get $n) (i32.const 4)) (local.get $sum))
          (i32.store16 $o (i32.const 6) (local.get $n))
          (if (i32.eqz (i32.rem_u (local.get $n) (local.get $every))) (then (call $grow (i32.const 1))))
          (if (i32.eq (local.get $n) (i32.const 50)) (then (drop (memory.grow $m (i32.const 2)))))
          (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31))
            (i32.add (i32.load $m (i32.mul (local.get $n) (i32.const 4)))
              (i32.add (i32.load16_u $o (i32.const 6)) (i32.add (memory.size $m) (memory.size $o))))))
          (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i32.store $m (i32.sub (i32.mul (memory.size $m) (i32.const 65536)) (i32.const 4)) (local.get $sum))
        (local.get $sum))`,
    run: (instance) => {
      const results = [outcome(() => instance.exportedFunction("f")!.call(10, 3))];
      for (const n of [100, 2, 70]) {
        instance.memory!.grow(1);
        results.push(outcome(() => instance.exportedFunction("f")!.call(n, 9)));
      }
      return [...results, instance.memory!.pages];
    },
    at: ["call", "loop"],
  },
  {
    name: "within a handler, by what is thrown later",
    text: `(tag $e (param i32 i64))
      (func $maybe (param i32 i32)
        (if (i32.eqz (i32.rem_u (local.get 0) (local.get 1)))
          (then (throw $e (local.get 0) (i64.extend_i32_u (local.get 0))))))
      (func (export "f") (param $n i32) (param $every i32) (result i32) (local $caught i32) (local $sum i64)
        (loop $again
          (block $caught (result i32 i64)
            (try_table (catch $e $caught)
              (loop $more
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (if (i32.eqz (local.get $n))
                  (then (return (i32.add (local.get $caught) (i32.wrap_i64 (local.get $sum))))))
                (call $maybe (local.get $n) (local.get $every))
                (br $more)))
            (unreachable))
          (local.set $sum (i64.add (local.get $sum)))
          (local.set $caught (i32.add (i32.mul (local.get $caught) (i32.const 5))))
          (br $again))
        (unreachable))`,
    run: calls([5, 7], [100, 9], [100, 3], [60, 61]),
    at: ["call", "loop"],
  },
  {
    name: "with locals of every type, whatever they hold",
    text: `(func $seven (result i32) (i32.const 7)) (elem declare func $seven) (type $r (func (result i32)))
      (func (export "f") (param $n i32) (param $x externref) (result i32 i64 i32 i64 externref i32 i64 i64)
        (local $i i32) (local $l i64) (local $f f32) (local $d f64) (local $v v128) (local $w v128)
        (local $r (ref null $r)) (local $y externref) (local $nan f32)
        (local.set $nan (f32.reinterpret_i32 (i32.const 0x7fa12345)))
        (local.set $d (f64.reinterpret_i64 (i64.const 0x7ff0123456789abc)))
        (local.set $w (f64x2.splat (f64.const 1.25)))
        (loop $more
          (local.set $i (i32.add (i32.mul (local.get $i) (i32.const 7)) (local.get $n)))
          (local.set $l (i64.sub (i64.mul (local.get $l) (i64.const 1000003)) (i64.extend_i32_s (local.get $i))))
          (local.set $f (f32.add (f32.mul (local.get $f) (f32.const 0.3)) (f32.convert_i32_s (local.get $n))))
          (local.set $v (i32x4.add (local.get $v) (i32x4.splat (local.get $i))))
          (local.set $w (f64x2.mul (local.get $w) (f64x2.splat (f64.const 1.01))))
          (if (i32.eq (local.get $n) (i32.const 90)) (then
            (local.set $r (ref.func $seven)) (local.set $y (local.get $x))))
          (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $i) (local.get $l) (i32.reinterpret_f32 (local.get $f)) (i64.reinterpret_f64 (local.get $d))
        (local.get $y)
        (i32.add (i32.reinterpret_f32 (local.get $nan)) (call_ref $r (local.get $r)))
        (i64.add (i64x2.extract_lane 0 (local.get $v)) (i64x2.extract_lane 1 (local.get $v)))
        (i64x2.extract_lane 1 (local.get $w)))`,
    run: calls([100, held], [300, held], [95, null]),
    at: ["call", "loop"],
  },
  {
    name: "with values on the operand stack that go around a loop",
    text: `(func (export "f") (param $n i32) (result i32 i64 f64)
      (i32.const 1) (i64.const 2) (f64.const 3)
      (loop $more (param i32 i64 f64) (result i32 i64 f64)
        (f64.mul (f64.const 1.5))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (if (param i32 i64 f64) (result i32 i64 f64) (local.get $n) (then (br $more)))))`,
    run: calls([3], [30], [200]),
    at: ["call", "loop"],
  },
  {
    name: "in a recursion, which goes on for ever",
    text: `(func $f (export "f") (param $n i32) (param $m i64) (result i64)
      (if (result i64) (local.get $n)
        (then (i64.add (call $f (i32.sub (local.get $n) (i32.const 1)) (i64.mul (local.get $m) (i64.const 3))) (local.get $m)))
        (else (local.get $m))))
      (func (export "g") (call $endless (i32.const 0) (i32.const 0)))
      (func $endless (param i32 i32) (call $again (local.get 1) (local.get 0)))
      (func $again (param i32 i32) (call $endless (local.get 1) (local.get 0)) (call $endless (local.get 0) (local.get 1)))`,
    run: (instance) => [
      ...[3, 30, 20_000].map((n) => outcome(() => instance.exportedFunction("f")!.call(n, 1n))),
      (outcome(() => instance.exportedFunction("g")!.call()) as unknown[])[0],
    ],
    at: ["call"],
  },
  {
    name: "before it traps, where the interpreter does",
    text: `(memory 1) (func (export "f") (param $n i32) (param $step i32) (result i32)
      (loop $more
        (i32.store (local.get $n) (i32.div_u (i32.const 1000) (i32.sub (local.get $n) (i32.const 40))))
        (br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (local.get $step))) (i32.const 100000))))
      (i32.load (local.get $n)))`,
    run: calls([0, 1], [0, 3], [39, 1], [99_998, 1], [70_000, 5], [0, 7]),
    at: ["call", "loop"],
  },
];

/** Hot at once, after some turns, and so late that short runs never are. */
const PACES = [1, 15, 75];

for (const { name, text, run, at } of cases)
  test(`a function goes over ${name}`, () => {
    const binary = parse(`(module ${text})`);
    const expected = run(interpreter().instantiate(binary));
    const seen = new Set<string>();
    for (const pace of PACES) {
      const runtime = compiler(pace);
      const module = runtime.compile(binary);
      const { result, labels } = goneOver(() => {
        // The second finds what was compiled for the first.
        return [1, 2].map(() => run(runtime.instantiate(module)));
      });
      assert.deepEqual(result, [expected, expected], `${pace}`);
      for (const label of labels) seen.add(label < 0 ? "call" : "loop");
    }
    assert.deepEqual([...seen].sort(), at);
  });

for (const seed of [1, 2, 3])
  test(`a large function goes over to one in pieces (seed ${seed})`, () => {
    const binary = largeModule(seed, { trapping: seed === 3 });
    const run = (runtime: BaseRuntime): unknown => {
      const instance = runtime.instantiate(binary, { imports: { env: { at: (step: number) => step & 3 } } });
      return [1, 2, 3, 4, 5, 6, 7].map((state) => outcome(() => instance.exportedFunction("run")!.call(state, 3000)));
    };
    const expected = run(interpreter());
    for (const pace of [1, 8]) {
      const { result, labels } = goneOver(() => run(compiler(pace, 52_000)));
      assert.deepEqual(result, expected);
      assert.ok([...labels].some((label) => label >= 0));
    }
  });

test("what may be suspended is in pieces at once, and both forms see one memory", async () => {
  const binary = largeModule(4);
  const results = [];
  for (const runtime of [interpreter(), compiler(60, 52_000)]) {
    const instance = runtime.instantiate(binary, {
      imports: { env: { at: (step: number): unknown => (step % 7 === 0 && isWaiting ? Promise.resolve(step) : step) } },
    });
    const run = instance.exportedFunction("run")!;
    let isWaiting = false;
    const first = run.call(5, 400);
    isWaiting = true;
    const second = await run.callAsync(5, 400);
    isWaiting = false;
    results.push([first, second, run.call(5, 400)]);
  }
  assert.deepEqual(results[1], results[0]);
});

/** The sum of the numbers from 1 on, in a loop. */
const sum = `(module (func (export "f") (param i32) (result i32) (local i32)
  (loop (local.set 1 (i32.add (local.get 1) (local.get 0)))
    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (local.get 1)))`;

for (const [turns, at] of [
  [15, [-1]],
  [25, [0, -1]],
] as const)
  test(`a loop of ${turns} turns that is hot after 10 goes over at ${at}`, () => {
    const f = compiler(10).instantiate(parse(sum)).exportedFunction("f")!;
    assert.deepEqual([...goneOver(() => [1, 2, 3].map(() => f.call(turns))).labels], at);
  });

test("a call counts for more where much is in no loop", () => {
  const add = "(local.set 1 (i32.add (i32.rotl (local.get 1) (i32.const 1)) (local.get 0)))";
  // In blocks, as in a parser: of its own list a function has few statements.
  const long = sum.replace("(local.get 1))", `(if (local.get 0) (then ${add.repeat(800)})) (local.get 1))`);
  const calls = (text: string): number => {
    const f = compiler(40).instantiate(parse(text)).exportedFunction("f")!;
    for (let count = 1; ; count++) if (goneOver(() => f.call(1)).labels.size > 0) return count;
  };
  assert.deepEqual([calls(sum), calls(long)], [21, 9]);
});

test("a turn counts for more where more is done in each", () => {
  const add = "(local.set 1 (i32.add (i32.rotl (local.get 1) (i32.const 1)) (local.get 0)))";
  const long = sum.replace("(loop", `(loop ${add.repeat(96)}`);
  const f = compiler(100).instantiate(parse(long)).exportedFunction("f")!;
  assert.deepEqual([...goneOver(() => [1, 2, 3].map(() => f.call(3))).labels], [-1]);
});

test("a turn counts for more where vectors are computed", () => {
  const step = "(local.set 2 (i32x4.mul (local.get 2) (i8x16.abs (local.get 2))))";
  const long = sum.replace("(loop", `(loop ${step.repeat(6)}`).replace("(local i32", "(local i32 v128");
  const f = compiler(100).instantiate(parse(long)).exportedFunction("f")!;
  assert.deepEqual([...goneOver(() => [1, 2, 3].map(() => f.call(3))).labels], [-1]);
});

test("where there is no form in pieces, the first one goes on", () => {
  const binary = parse(sum);
  const { again } = EmittedChunks.prototype;
  let asked = 0;
  EmittedChunks.prototype.again = () => {
    asked++;
    return null;
  };
  try {
    const f = compiler(10).instantiate(binary).exportedFunction("f")!;
    assert.deepEqual([f.call(1000), f.call(2000), f.call(3)], [500_500, 2_001_000, 6]);
  } finally {
    EmittedChunks.prototype.again = again;
  }
  assert.equal(asked, 1);
});
