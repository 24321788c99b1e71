// Functions that reach nothing outside their module are never suspended, and are printed as for calls that end at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { Leaving } from "#dist/engine/compiler/leaving.js";
import { printChunk } from "#dist/engine/compiler/print-chunk.js";
import { allFeatures } from "#dist/syntax/features.js";
import type { ValidatedModule } from "#dist/syntax/module.js";
import { validate } from "#dist/valid/validate.js";

const moduleOf = (text: string): ValidatedModule => validate(decode(parse(text)), allFeatures);

/** Text, function, whether it may leave. */
const cases: readonly (readonly [string, string, number, boolean])[] = [
  ["a function that calls nothing", "(func)", 0, false],
  ["an import", '(import "" "f" (func))', 0, true],
  ["a function that calls an import", '(import "" "f" (func)) (func (call 0))', 1, true],
  ["one that calls an import in its end", '(import "" "f" (func)) (func (return_call 0))', 1, true],
  ["one that calls another that does", '(import "" "f" (func)) (func (call 2)) (func (call 0))', 1, true],
  ["one beside an import", '(import "" "f" (func)) (func (call 2)) (func)', 1, false],
  [
    "a circle with a way out",
    '(import "" "f" (func)) (func (call 2)) (func (call 1) (call 3)) (func (call 0))',
    1,
    true,
  ],
  ["a circle without one", '(import "" "f" (func)) (func (call 2)) (func (call 1) (call 2))', 2, false],
  [
    "a call through a table of functions that stay",
    '(import "" "f" (func)) (table funcref (elem 2)) (func (call_indirect (param i32) (i32.const 0) (i32.const 0))) (func (param i32))',
    1,
    false,
  ],
  [
    "a call of an import through a table",
    '(import "" "f" (func)) (table funcref (elem 0)) (func (call_indirect (i32.const 0)))',
    1,
    true,
  ],
  [
    "a call of an import of a type below",
    '(type $a (sub (func))) (type $b (sub $a (func))) (import "" "f" (func (type $b))) (table funcref (elem 0)) (func (call_indirect (type $a) (i32.const 0)))',
    1,
    true,
  ],
  ["a call through an exported table", '(table (export "t") 1 funcref) (func (call_indirect (i32.const 0)))', 0, true],
  [
    "a call through an imported table",
    '(import "" "t" (table 1 funcref)) (func (call_indirect (i32.const 0)))',
    0,
    true,
  ],
  [
    "a call through a table that a function's argument gets into",
    "(table 1 funcref) (func (call_indirect (i32.const 0))) (func (param funcref) (table.set (i32.const 0) (local.get 0)))",
    0,
    true,
  ],
  [
    "a call of what an imported global refers to",
    '(type $f (func)) (import "" "g" (global (ref $f))) (func (call_ref $f (global.get 0)))',
    0,
    true,
  ],
  [
    "a wait in a shared memory",
    "(memory 1 1 shared) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))",
    0,
    true,
  ],
];

for (const [what, fields, index, expected] of cases) {
  test(`${what} ${expected ? "leaves" : "stays"}`, () => {
    assert.equal(new Leaving(moduleOf(`(module ${fields})`)).function(index), expected);
  });
}

test("what is found out in one order holds in any other", () => {
  const text = `(module (import "" "f" (func)) (func (call 2) (call 4)) (func (call 1) (call 3)) (func (call 2) (call 0))
    (func (call 5)) (func (call 4)))`;
  const expected = [true, true, true, true, false, false];
  for (let first = 0; first < 6; first++) {
    const leaving = new Leaving(moduleOf(text));
    leaving.function(first);
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((index) => leaving.function(index)),
      expected,
    );
  }
});

const mixed = `(module (import "env" "wait" (func (result i32)))
  (func $leaf (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1))
      (else (i32.mul (local.get 0) (call $leaf (i32.sub (local.get 0) (i32.const 1)))))))
  (func (export "run") (param i32) (result i32)
    (i32.add (call $leaf (local.get 0)) (i32.add (call 0) (call $leaf (i32.const 4))))))`;

test("only calls that may be suspended are noted", () => {
  const module = moduleOf(mixed);
  const plan = { indices: [1, 2], label: -1, asynchronous: true };
  const all = printChunk(module, 1000, plan)!.source;
  const some = printChunk(module, 1000, { ...plan, leaving: new Leaving(module) })!.source;
  const noted = (source: string): number => source.match(/\bs=\d/g)?.length ?? 0;
  const saved = (source: string): number => source.match(/save\(/g)?.length ?? 0;
  // The function that calls itself is printed twice.
  assert.deepEqual([noted(all), saved(all)], [5 + 3, 3]);
  assert.deepEqual([noted(some), saved(some)], [1 + 1, 1]);
});

test("a call beside them that waits goes on", async () => {
  const wait = async (): Promise<number> => 100;
  const runtime = new Runtime({ engine: "compiler", eager: true });
  const run = runtime.instantiate(parse(mixed), { imports: { env: { wait } } }).exportedFunction("run")!;
  assert.equal(await run.callAsync(5), 244);
});
