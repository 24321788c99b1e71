// What a suspension takes: a loop that waits for a promise and calls a function K times in each turn, in turns with the host's own namespace where it
// has `promising`: `node suspensions.mjs [K…]` prints nanoseconds of a turn, the least of eight.
import { WebAssembly as Ours } from "../dist/js-api/index.js";
import { parse } from "../dist/text/index.js";

const bytes = parse(text());
const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [0, 1, 2, 4, 8, 16, 64, 256];
const TURNS = 5000;

function text() {
  // Forty steps that no engine does at once.
  let mixed = "(local.get 0)";
  for (let i = 0; i < 40; i++)
    mixed = `(i32.mul (i32.add (local.get 0) (i32.const 7)) (i32.rotl ${mixed} (i32.const 3)))`;
  return `(module
    (import "host" "wait" (func $wait (param i32) (result i32)))
    (func $mix (param i32) (result i32) ${mixed})
    (func (export "run") (param $turns i32) (param $calls i32) (result i32) (local $sum i32) (local $i i32)
      (loop $turn
        (local.set $sum (i32.add (local.get $sum) (call $wait (local.get $turns))))
        (local.set $i (local.get $calls))
        (block $over
          (loop $call
            (br_if $over (i32.eqz (local.get $i)))
            (local.set $sum (call $mix (local.get $sum)))
            (local.set $i (i32.sub (local.get $i) (i32.const 1)))
            (br $call)))
        (br_if $turn (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
      (local.get $sum)))`;
}

const spaces = { zerowasm: Ours };
if (globalThis.WebAssembly?.promising !== undefined) spaces.native = globalThis.WebAssembly;
const runs = Object.entries(spaces).map(([name, space]) => {
  const wait = new space.Suspending((value) => Promise.resolve(value));
  const { exports } = new space.Instance(new space.Module(bytes), { host: { wait } });
  return { name, run: space.promising(exports.run) };
});

for (const calls of counts) {
  const least = new Map();
  const results = new Set();
  for (let round = 0; round < 8; round++) {
    for (const { name, run } of runs) {
      const start = performance.now();
      results.add(await run(TURNS, calls));
      const ns = ((performance.now() - start) / TURNS) * 1e6;
      least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, ns));
    }
  }
  if (results.size > 1) throw new Error(`${calls} calls: results differ: ${[...results].join(", ")}`);
  console.log(`${calls} calls a turn: ${[...least].map(([name, ns]) => `${name} ${ns.toFixed(0)} ns`).join(", ")}`);
}
