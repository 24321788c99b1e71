// Takes programs, profiles each on every engine and form, and expects the same calls, turns and depths.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Runtime, type RuntimeConfig } from "zerowasm";
import { parse } from "zerowasm/text";
import { Profile } from "#dist/cli/profile.js";

const forms: readonly RuntimeConfig[] = [
  { engine: "interpreter", dispatch: "switch" },
  { engine: "interpreter", dispatch: "closures" },
  { engine: "compiler", eager: false },
  { engine: "compiler", eager: true },
  { engine: "compiler", eager: true, metering: true },
];

const guest = parse(`(module
  (import "host" "again" (func $again (param i32) (result i32)))
  (tag $t)
  (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $twice (param i32) (result i32) (call $leaf (call $leaf (local.get 0))))
  (func $fac (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.mul (local.get 0) (call $fac (i32.sub (local.get 0) (i32.const 1)))))
      (else (call $leaf (i32.const 0)))))
  (func $throws (param i32) (result i32) (if (local.get 0) (then (drop (call $throws (i32.const 0))))) (throw $t))
  (func $catches (result i32)
    (block $h (try_table (catch $t $h) (drop (call $throws (i32.const 1)))))
    (call $leaf (i32.const 5)))
  (func $down (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return_call $leaf (i32.const 0))))
    (return_call $down (i32.sub (local.get 0) (i32.const 1))))
  (func $nested (export "nested") (result i32) (call $leaf (i32.const 3)))
  (func $main (export "main") (param i32) (result i32) (local i32)
    (loop $on
      (local.set 1 (i32.add (call $twice (local.get 1)) (call $fac (i32.const 5))))
      (local.set 1 (i32.add (local.get 1) (i32.add (call $catches) (call $down (i32.const 3)))))
      (local.set 1 (i32.add (local.get 1) (call $again (local.get 0))))
      (br_if $on (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1)))`);

/** The table and the stacks of a run. */
async function profileOf(form: RuntimeConfig, turns: number, asynchronous: boolean): Promise<string[]> {
  const profiler = new Profile();
  const runtime = new Runtime({ ...form, profiler });
  const again = (left: number): unknown =>
    asynchronous ? Promise.resolve(left) : module.exportedFunction("nested")!.call();
  const module = runtime.instantiate(guest, { imports: { host: { again } } });
  const main = module.exportedFunction("main")!;
  if (asynchronous) await main.callAsync(turns);
  else main.call(turns);
  return [profiler.table(), profiler.stacks()];
}

for (const [turns, asynchronous] of [
  [1, false],
  [6000, false],
  [1, true],
  [3000, true],
] as const) {
  test(`${turns} turns, ${asynchronous ? "suspended" : "at once"}, are told of alike`, async () => {
    const [first, ...others] = await Promise.all(forms.map((form) => profileOf(form, turns, asynchronous)));
    for (const other of others) assert.deepEqual(other, first);
  });
}

test("calls, instructions of a function, and of all that it called", async () => {
  const [table, stacks] = (await profileOf(forms[0]!, 10, false)) as [string, string];
  const rows = Object.fromEntries(
    table
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [index, name, calls, self, total] = line.split("\t");
        return [name, [index, calls, self, total].map(Number)];
      }),
  );
  // Of each turn: two by $twice, one by $fac, $catches, $down and $nested.
  assert.deepEqual(rows["leaf"], [1, 60, 60 * 4, 60 * 4]);
  assert.deepEqual(rows["twice"], [2, 10, 10 * 4, 10 * 4 + 20 * 4]);
  const turn = rows["fac"]![2]!;
  assert.deepEqual(rows["fac"], [3, 60, turn, turn + 10 * 4], "what calls itself counts once");
  assert.equal(rows["down"]![1], 40);
  const all = Object.values(rows).reduce((sum, [, , self]) => sum + self!, 0);
  assert.equal(rows["main"]![3], all - rows["nested"]![2]! - 10 * 4 + rows["nested"]![3]!);
  const lines = stacks.split("\n");
  assert.ok(lines.includes(`main;twice;leaf ${20 * 4}`));
  assert.ok(lines.includes(`main;nested;leaf ${10 * 4}`), "through the host");
  assert.ok(lines.includes(`main;fac;fac;fac;fac;fac;fac;leaf ${10 * 4}`));
  assert.ok(lines.includes(`main;leaf ${10 * 4}`), "a tail call takes the place of its caller");
});

test("deep recursion is told of to a depth", async () => {
  const deep = parse(`(module (func $f (export "f") (param i32)
    (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))))))`);
  for (const form of forms) {
    const profiler = new Profile();
    new Runtime({ ...form, profiler }).instantiate(deep).exportedFunction("f")!.call(5000);
    assert.match(profiler.table(), /^0\tf\t5001\t\d+\t\d+$/m);
    assert.equal(profiler.stacks().trimEnd().split("\n").length, 200);
  }
});

test("kernels are told of alike", () => {
  for (const [kernel, n] of [
    ["bintrees", 6],
    ["indirect", 20],
  ] as const) {
    const binary = readFileSync(`bench/kernels/${kernel}.wasm`);
    const tables = forms.map((form) => {
      const profiler = new Profile();
      new Runtime({ ...form, profiler }).instantiate(binary).exportedFunction("run")!.call(n);
      return profiler.table();
    });
    for (const table of tables) assert.equal(table, tables[0]);
  }
});
