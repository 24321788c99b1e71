// Floats are moved as numbers where nothing sees which NaN they are, and by their bits everywhere else.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { emitterOf, sourceOf } from "./source-of.ts";

/** Local 0 is an address, 1 an i32; 2 and 3 are f32, 4 is an f64. */
const functionOf = (body: string): string =>
  `(module (memory 1) (func (export "f") (param i32 i32) (result i32) (local f32 f32 f64) ${body}))`;

const sources: readonly (readonly [what: string, body: string, line: RegExp])[] = [
  [
    "a load into a local that is only added",
    "(local.set 2 (f32.load (local.get 0))) (i32.trunc_sat_f32_s (f32.add (local.get 2) (local.get 2)))",
    /^V0\.getFloat32\(i0,true\);$/,
  ],
  [
    "a load into a local that is stored",
    "(local.set 2 (f32.load (local.get 0))) (f32.store (local.get 1) (local.get 2)) (local.get 0)",
    /fromBits\(V0\.getInt32/,
  ],
  [
    "a load into a local that is stored after arithmetic",
    "(local.set 2 (f32.load (local.get 0))) (local.set 2 (f32.add (local.get 2) (local.get 2))) (f32.store (local.get 1) (local.get 2)) (local.get 0)",
    /^V0\.getFloat32\(i0,true\);$/,
  ],
  [
    "a copy of a load that is stored",
    "(local.set 2 (f32.load (local.get 0))) (local.set 3 (f32.neg (local.get 2))) (f32.store (local.get 1) (local.get 3)) (local.get 0)",
    /fromBits\(V0\.getInt32/,
  ],
  ["an f64 that is counted up", "(local.set 4 (f64.const 1)) (local.get 0)", /^d4=KD0;$/],
  ["an f64 that is no integer", "(local.set 4 (f64.const 1.5)) (local.get 0)", /^d4=1\.5;$/],
  [
    "a store of a result",
    "(local.set 2 (f32.sqrt (f32.convert_i32_s (local.get 1)))) (f32.store (local.get 0) (local.get 2)) (local.get 0)",
    /^V0\.setFloat32\(i0,f2,true\);$/,
  ],
  [
    "a store rounds",
    "(f32.store (local.get 0) (f32.mul (local.get 2) (local.get 3))) (local.get 0)",
    /^V0\.setFloat32\(i0,f2\*f3,true\);$/,
  ],
  [
    "a store of what is a result in one branch",
    "(if (local.get 1) (then (local.set 2 (f32.sqrt (local.get 3)))) (else (local.set 2 (f32.reinterpret_i32 (local.get 0))))) (f32.store (local.get 0) (local.get 2)) (local.get 0)",
    /setInt32\(i0,bits\(f2\),true/,
  ],
  [
    "bits of a result",
    "(i32.reinterpret_f32 (f32.mul (local.get 2) (local.get 3)))",
    /return\(\(VF\[64\]=f2\*f3,VI\[64\]\)\);/,
  ],
  [
    "bits of a magnitude",
    "(i32.reinterpret_f32 (f32.abs (f32.load (local.get 0))))",
    /^V0\.getInt32\(i0,true\)&2147483647\)\);$/,
  ],
  [
    "bits of one of two",
    "(i32.reinterpret_f32 (select (f32.const 1) (f32.neg (f32.load (local.get 0))) (local.get 1)))",
    /return\(\(i1\?1065353216:t0\)\);/,
  ],
  [
    "a number of bits in arithmetic",
    "(i32.trunc_sat_f32_s (f32.add (f32.reinterpret_i32 (local.get 1)) (f32.const 1)))",
    /fround\(\(VI\[64\]=i1,VF\[64\]\)\+1\)/,
  ],
  [
    "signs in arithmetic",
    "(i32.trunc_sat_f64_s (f64.add (f64.neg (local.get 4)) (f64.abs (local.get 4))))",
    /\(\(-d4\)\+Math\.abs\(d4\)\)/,
  ],
  [
    "a sign that is seen",
    "(local.set 4 (f64.neg (f64.load (local.get 0)))) (f64.store (local.get 0) (local.get 4)) (local.get 0)",
    /^d4=negate\($/,
  ],
];

for (const [what, body, line] of sources)
  test(what, () => {
    const lines = sourceOf(functionOf(body));
    assert.ok(
      lines.some((each) => line.test(each)),
      lines.join("\n"),
    );
  });

test("a NaN and what is too large are different traps of one check", () => {
  const text = '(module (func (export "f") (param f64) (result i32) (i32.trunc_f64_u (local.get 0))))';
  assert.equal(sourceOf(text).filter((line) => line.includes("trap(")).length, 1);
  const f = new Runtime({ engine: "compiler" }).instantiate(parse(text)).exportedFunction("f")!;
  assert.equal(f.call(4294967295.5), -1);
  assert.throws(() => f.call(Number.NaN), /invalid conversion to integer/);
  for (const outside of [-1, 4294967296]) assert.throws(() => f.call(outside), /integer overflow/);
});

/** The bits of an f32 come in as local 1, and stand at address 0. */
const load = "(f32.load (i32.const 0))";
const given = "(f32.reinterpret_i32 (local.get 1))";
const bits = (value: string): string => `(i32.reinterpret_f32 ${value})`;
const some = (value: string): string => `(f32.add ${value} (f32.const 1))`;

/** None of them gives the bits of a NaN that arithmetic has made, except whether it is a quiet one. */
const moves: readonly string[] = [
  `(local.set 2 ${load}) ${bits("(local.get 2)")}`,
  `(local.set 2 ${load}) (local.set 3 (f32.neg (local.get 2))) (f32.store (i32.const 8) (local.get 3)) (i32.load (i32.const 8))`,
  `(local.set 2 ${given}) (local.set 3 (select (local.get 2) (f32.const nan:0x200001) (local.get 0))) ${bits("(f32.abs (local.get 3))")}`,
  `(local.set 2 ${some(load)}) (if (local.get 0) (then (local.set 2 ${given}))) ${bits("(local.get 2)")}`,
  `(local.set 2 ${given}) (if (local.get 0) (then) (else (local.set 2 (f32.const 2)))) ${bits("(local.get 2)")}`,
  `(local.set 2 (f32.const 2)) (block (br_if 0 (local.get 0)) (local.set 2 ${given}) (br 0)) ${bits("(local.get 2)")}`,
  `(local.set 2 (f32.const 2)) (loop (local.set 3 (local.get 2)) (local.set 2 ${given})
    (br_if 0 (i32.eqz (local.tee 0 (i32.sub (i32.const 1) (local.get 0)))))) ${bits("(local.get 3)")}`,
  `(local.set 2 ${load}) (block (block (br_table 0 1 (local.get 0))) (local.set 2 (f32.const 1))) ${bits("(local.get 2)")}`,
  `(local.set 2 ${given}) (local.set 3 ${some("(local.get 2)")}) ${bits("(f32.copysign (f32.const 3) (local.get 2))")}`,
  `(i32.and ${bits(some(given))} (i32.const 0x7fc00000))`,
  `(local.set 2 ${some(given)}) (f32.store (i32.const 8) (local.get 2)) (i32.and (i32.load (i32.const 8)) (i32.const 0x7fc00000))`,
  `(f32.store (i32.const 8) (f32x4.extract_lane 0 (v128.load (i32.const 0)))) (i32.load (i32.const 8))`,
  `(local.set 4 (f64.reinterpret_i64 (i64.or (i64.const 0x7ff4000000000000) (i64.extend_i32_u (local.get 1)))))
    (i32.wrap_i64 (i64.reinterpret_f64 (f64.neg (local.get 4))))`,
];

const patterns = [0x7fa00001, 0x7fc00001, 0xffa12345, 0xffffffff, 0x7f800000, 0x80000000, 0x3fc00000, 1].map(
  (n) => n | 0,
);

function resultsOf(engine: "compiler" | "interpreter", body: string): unknown[] {
  const module = new Runtime({ engine }).instantiate(
    parse(functionOf(`(i32.store (i32.const 0) (local.get 1)) ${body}`)),
  );
  const f = module.exportedFunction("f")!;
  return patterns.flatMap((pattern) => [f.call(0, pattern), f.call(1, pattern)]);
}

for (const body of moves)
  test(`the same bits as interpreted: ${body}`, () => {
    assert.deepEqual(resultsOf("compiler", body), resultsOf("interpreter", body));
  });

test("the floats of a function are looked at where it sets one to what may be moved, not where it chooses an integer", () => {
  const looks = (type: string): number => {
    const text = `(module (func (param ${type} ${type} i32) (result ${type}) (local ${type})
      (local.set 3 (select (local.get 0) (local.get 1) (local.get 2))) (local.get 3)))`;
    const emitter = emitterOf(text);
    const { floats } = emitter;
    let count = 0;
    const get = (): typeof floats => {
      count++;
      return floats;
    };
    Object.defineProperty(emitter, "floats", { get });
    emitter.run();
    return count;
  };
  assert.deepEqual(["i32", "f32", "f64"].map(looks), [0, 1, 1]);
});
