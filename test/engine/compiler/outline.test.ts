// A function that is too long for the host's JIT is compiled in pieces, and nothing else shows that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { precompile, Runtime, type RuntimeConfig, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { FunctionEmitter } from "#dist/engine/compiler/emit.js";
import { ModuleNames } from "#dist/engine/compiler/names.js";
import { outline } from "#dist/engine/compiler/outline.js";
import { printFunction } from "#dist/engine/compiler/print-function.js";
import { build } from "#dist/ir/build.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { largeModule } from "./large-function.ts";

/** The first function of a module, in pieces as long as can be, and how long each of the sources is. */
function piecesOf(text: string): string[] {
  const module = validate(decode(parse(text)), allFeatures);
  const index = module.importedFunctions;
  const names = new ModuleNames(module, 1000, new Set([index]), false);
  const tree = build(module, index);
  const pieces = outline(tree, names, names.resultsOf(index), new Map(), 1, 24_000);
  const emitter = new FunctionEmitter(names, tree, index, { positions: false, label: -1, pieces });
  const main = emitter.run();
  return [main, ...emitter.printed].map((source) => source.replaceAll("\n", ""));
}

/** More than one piece may have together with others. */
const many = (statement: string): string => statement.repeat(240);

test("a piece takes what it reads, gives back what is read later, and says where control goes on", () => {
  const [main, wide, float] = piecesOf(`(module (memory 1)
    (func (param $a i32) (param $b i64) (param $c f64) (result f64) (local $unused i32)
      (loop $more
        (if (local.get $a) (then
          ${many("(local.set $b (i64.sub (local.get $b) (i64.const 3)))")}
          (local.set $unused (i32.const 1))
          (br_if $more (i32.wrap_i64 (local.get $b))))
        (else
          ${many("(local.set $c (f64.add (local.get $c) (f64.load (local.get $a))))")}
          (return (local.get $c)))))
      (local.get $c)))`);
  assert.match(main!, /p=p0_0\(l1,h1,n\);l1=RI\[0\];h1=RI\[1\];if\(p===1\)continue L0;/);
  assert.match(main!, /p0_1\(i0,d2,n\);d0=RD\[0\];return d0;/);
  assert.match(
    wide!,
    /^function p0_0\(l1,h1,n\)\{l1\|=0;h1\|=0;let p=0,.*X:\{.*if\(l1\)\{p=1;break X;\}\}RI\[0\]=l1;RI\[1\]=h1;return p;\}$/,
  );
  assert.match(float!, /^function p0_1\(i0,d2,n\)\{i0\|=0;d2=\+d2;let p=0,d0=0;/);
});

test("what is known of a variable is forgotten behind a piece", async () => {
  // Each block is a piece that has room for nothing else, and what stands beside them is too short for one.
  const block = (last: string) => `(block (br_if 0 (i32.eqz (local.get $at)))
    ${"(local.set $w (i32.add (local.get $w) (i32.const 1)))".repeat(725)} ${last})`;
  const same = "(local.get $at) (i32.sub) (local.get $at) (i32.add)".repeat(6);
  const text = `(module (memory 1) (func (export "run") (param $at i32) (result f32) (local $v i32) (local $w i32) (local $r f32)
    (local.get $at) ${same} (local.set $v (i32.load8_u))
    ${block("(local.set $v (i32.const 16777217))")}
    (local.set $r (f32.sub (f32.convert_i32_u (local.get $v)) (f32.const 16777216)))
    (local.get $w) ${same} (local.set $w)
    ${block("(local.set $w (i32.const 0))").repeat(2)}
    (local.get $r)))`;
  const { source } = precompile(parse(text));
  assert.ok(/i1=[^;]*getUint8[^;]*;\s*p0_\d\([^)]*\);[^{}]*f3=[^;]*i1[^;]*;[^{}]*p0_\d\(/.test(source));
  const { default: module } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  const run = new Runtime({ engine: "compiler" }).instantiate(module).exportedFunction("run")!;
  assert.equal(run.call(0), -16777216);
  assert.equal(run.call(3), 0);
});

test("short pieces of a chain become one, entered where the switch says", () => {
  const count = 100;
  const blocks = Array.from({ length: count }, () => "(block ").join("");
  const arms = Array.from(
    { length: count },
    () => `) ${"(local.set 1 (i32.add (local.get 1) (i32.const 1)))".repeat(8)}`,
  ).join("");
  const [main, ...pieces] = piecesOf(`(module (func (param i32 i32) (result i32)
    ${blocks} (br_table ${Array.from({ length: count }, (_, i) => i).join(" ")} (local.get 0))${arms}
    ${many("(local.set 1 (i32.mul (local.get 1) (local.get 1)))")} (local.get 1)))`);
  assert.match(
    main!,
    /if\(q0<1\)\{q0=i0>>>0<99\?K0\[i0\]:101;\}switch\(q0\)\{case 2:case 3:.*p0_\d\(q0,i1,n\);i1=RI\[0\];/,
  );
  const runs = pieces.filter((piece) =>
    /^function p0_\d\(q0,i1,n\)\{.*Q0:for\(;;\)\{switch\(q0\)\{case 2:/.test(piece),
  );
  assert.equal(runs.length, 1);
});

test("what a handler reads is not written in a piece, as a throw would lose it", () => {
  const text = (changed: string): string => `(module (import "" "f" (func)) (tag $e) (func (param i32 i32) (result i32)
    (block $caught
      (try_table (catch $e $caught)
        ${many("(local.set 0 (i32.mul (local.get 0) (local.get 0)))")}
        (block ${many(`(local.set ${changed} (i32.add (local.get ${changed}) (i32.const 1)))`)} (call 0))
        ${many("(local.set 0 (i32.mul (local.get 0) (local.get 0)))")}))
    (local.get 1)))`;
  assert.ok(
    piecesOf(text("0"))
      .slice(1)
      .some((piece) => piece.includes("i0=i0+1|0;")),
  );
  assert.ok(
    !piecesOf(text("1"))
      .slice(1)
      .some((piece) => piece.includes("i1=i1+1|0;")),
  );
});

/** A function of so many vectors, which one piece sets and others read, one by one; `padding` is before each of those. */
function vectors(count: number, padding: string): string {
  const all = Array.from({ length: count }, (_, i) => i + 2);
  const splat = (i: number): string => `(f32x4.splat (f32.convert_i32_s (i32.add (local.get 0) (i32.const ${i}))))`;
  return `(module (func (export "run") (param i32) (result i32) (local f32) (local ${"v128 ".repeat(count)})
    (block ${all.map((i) => `(local.set ${i} ${splat(i)})`).join("")})
    ${all.map((i) => `${padding} (local.set 1 (f32.add (f32.mul (local.get 1) (f32.const 0.5)) (f32x4.extract_lane 3 (local.get ${i}))))`).join("\n")}
    (i32.reinterpret_f32 (local.get 1))))`;
}

test("a piece gives back as many vectors as variables", async () => {
  const text = vectors(298, "(local.set 0 (i32.add (local.get 0) (i32.const 1)))".repeat(8));
  const { source } = precompile(parse(text));
  assert.ok(/=RD\[11\d\d\];/.test(source));
  const { default: module } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  const run = new Runtime({ engine: "compiler" }).instantiate(module).exportedFunction("run")!;
  const interpreted = new Runtime({ engine: "interpreter" }).instantiate(parse(text)).exportedFunction("run")!;
  assert.equal(run.call(5), interpreted.call(5));
});

test("where the rest is too long for the host's JIT, there are pieces at least", () => {
  // What holds a tail call stays.
  const text = `(module (import "" "f" (func $f)) (func (param i32) (result i32) (local i32)
    ${`(block (br_if 0 (local.get 0)) ${"(local.set 1 (i32.add (i32.mul (local.get 1) (local.get 1)) (i32.const 1)))".repeat(4)} (return_call 1 (local.get 1)))`.repeat(450)}
    (block (br_if 0 (local.get 0)) ${many("(local.set 1 (i32.mul (local.get 1) (local.get 1)))")})
    (local.get 1)))`;
  const module = validate(decode(parse(text)), allFeatures);
  const index = module.importedFunctions;
  const names = new ModuleNames(module, 1000, new Set([index]), false);
  const { main, pieces } = printFunction(names, build(module, index), index, { positions: false, label: -1 });
  assert.ok(main.length > 52_000, `${main.length}`);
  assert.ok(pieces.length > 0);
});

test("the source of every part is short enough to be optimised", () => {
  for (const asynchronous of [false, true]) {
    const module = validate(decode(largeModule(1)), allFeatures);
    const index = module.importedFunctions;
    const names = new ModuleNames(module, 1000, new Set([index]), asynchronous);
    const whole = new FunctionEmitter(names, build(module, index, asynchronous), index, {
      positions: false,
      label: -1,
    });
    assert.ok(whole.run().length > 60_000);
    const { main, pieces } = printFunction(names, build(module, index, asynchronous), index, {
      positions: false,
      label: -1,
    });
    assert.ok(pieces.length > 3);
    for (const source of [main, ...pieces]) assert.ok(source.length < 52_000);
  }
});

test("vectors of bytes, whose source is four times as long as is estimated, are cut as well", () => {
  const step =
    "(local.set 1 (i8x16.add_sat_s (i8x16.min_s (local.get 1) (local.get 0)) (i8x16.eq (local.get 0) (i8x16.abs (local.get 1)))))";
  const text = `(module (func (param v128 v128) (result v128) ${step.repeat(60)} (local.get 1)))`;
  const module = validate(decode(parse(text)), allFeatures);
  const names = new ModuleNames(module, 1000, new Set([0]), false);
  const { main, pieces } = printFunction(names, build(module, 0), 0, { positions: false, label: -1 });
  assert.ok(pieces.length > 1);
  for (const source of [main, ...pieces]) assert.ok(source.length < 52_000, `${source.length}`);
});

const engines: Readonly<Record<string, RuntimeConfig>> = {
  interpreter: { engine: "interpreter" },
  compiler: { engine: "compiler", eager: false },
  eager: { engine: "compiler", eager: true },
};

/** Calls `run` of a large module; `at` is what the host does on the way. */
function run(config: RuntimeConfig, binary: Uint8Array, steps: number, at: (step: number) => number): unknown {
  const instance = new Runtime(config).instantiate(binary, { name: "large", imports: { env: { at } } });
  const result = instance.exportedFunction("run")!.call(5, steps);
  return [
    result,
    new Uint32Array(instance.memory!.read(0, 65_536)!.slice().buffer).reduce((sum, word) => (sum * 31 + word) | 0, 0),
  ];
}

for (const seed of [1, 2, 3, 4, 5, 6])
  test(`a large function computes the same in pieces (seed ${seed})`, () => {
    const binary = largeModule(seed);
    const calls: number[] = [];
    const at = (step: number): number => calls.push(step);
    const expected = [
      ...[3, 100, 20_000].map((steps) => run(engines["interpreter"]!, binary, steps, at)),
      calls.splice(0),
    ];
    for (const name of ["compiler", "eager"]) {
      const actual = [...[3, 100, 20_000].map((steps) => run(engines[name]!, binary, steps, at)), calls.splice(0)];
      assert.deepEqual(actual, expected, name);
    }
  });

test("a large function compiled ahead of time is in pieces too", async () => {
  const binary = largeModule(9, { trapping: true });
  const { source } = precompile(binary);
  assert.match(source, /function p1_3\(/);
  const { default: module } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  const outcomes = [binary, module].map((code) => {
    const instance = new Runtime({ engine: "compiler" }).instantiate(code, {
      imports: { env: { at: (step: number) => step } },
    });
    return [3, 20, 100_000].map((steps) => {
      try {
        return instance.exportedFunction("run")!.call(9, steps);
      } catch (error) {
        assert.ok(error instanceof Trap);
        return [error.code, error.wasmStack.length];
      }
    });
  });
  assert.deepEqual(outcomes[0]![2], ["out of bounds memory access", 1]);
  assert.deepEqual(outcomes[1], outcomes[0]);
});

test("a call is suspended and goes on within pieces", async () => {
  const binary = largeModule(7);
  const results = new Set<unknown>();
  for (const config of Object.values(engines))
    for (const every of [0, 1, 7]) {
      const at = (step: number): unknown => (every > 0 && step % every === 0 ? Promise.resolve(step) : step);
      const instance = new Runtime(config).instantiate(binary, { imports: { env: { at } } });
      results.add(await instance.exportedFunction("run")!.callAsync(9, 600));
    }
  assert.equal(results.size, 1);
});

test("a trap within a piece has the place and the one frame that it has elsewhere", () => {
  const binary = largeModule(8, { trapping: true });
  const stacks = Object.values(engines).map((config) => {
    try {
      run(config, binary, 100_000, (step) => step);
    } catch (error) {
      assert.ok(error instanceof Trap);
      return error.wasmStack;
    }
    return assert.fail("no trap");
  });
  assert.equal(stacks[0]!.length, 1);
  assert.deepEqual(stacks[1], stacks[0]);
  assert.deepEqual(stacks[2], stacks[0]);
});
