// Takes wide arithmetic, compares it with bigints: at the edges and at random; as functions and as instructions.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Runtime } from "zerowasm";
import { i64Add128, i64MulWideS, i64MulWideU, i64Sub128, WIDE } from "#dist/num/wide.js";
import { ModuleBuilder } from "../support/module-builder.ts";

const edges = [
  0n,
  1n,
  2n,
  0xffffffffn,
  0x1_0000_0000n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  0x89abcdef_01234567n,
];
const word = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));

const halves = (value: bigint): [number, number] => [
  Number(BigInt.asIntN(32, value)),
  Number(BigInt.asIntN(32, value >> 32n)),
];
const wide = (): bigint => WIDE.reduceRight((value, part) => (value << 32n) | BigInt(part >>> 0), 0n);
const join = (lo: bigint, hi: bigint): bigint => (BigInt.asUintN(64, hi) << 64n) | BigInt.asUintN(64, lo);
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

type Words = readonly [bigint, bigint, bigint, bigint];

/** Of four words, or of the first two. */
const operations = {
  "i64.add128": {
    operands: 4,
    run: ([a, b, c, d]: Words) => i64Add128(...halves(a), ...halves(b), ...halves(c), ...halves(d)),
    model: ([a, b, c, d]: Words) => join(a, b) + join(c, d),
  },
  "i64.sub128": {
    operands: 4,
    run: ([a, b, c, d]: Words) => i64Sub128(...halves(a), ...halves(b), ...halves(c), ...halves(d)),
    model: ([a, b, c, d]: Words) => join(a, b) - join(c, d),
  },
  "i64.mul_wide_s": {
    operands: 2,
    run: ([a, b]: Words) => i64MulWideS(...halves(a), ...halves(b)),
    model: ([a, b]: Words) => signed(a) * signed(b),
  },
  "i64.mul_wide_u": {
    operands: 2,
    run: ([a, b]: Words) => i64MulWideU(...halves(a), ...halves(b)),
    model: ([a, b]: Words) => a * b,
  },
} as const;

const names = Object.keys(operations) as (keyof typeof operations)[];

/** Exports each instruction under its name. */
function guest(): Uint8Array {
  const module = new ModuleBuilder();
  for (const name of names) {
    const params = new Array<string>(operations[name].operands).fill("i64");
    const shape = { params, results: ["i64", "i64"], export: name };
    module.function(shape, ...params.map((_, i) => ["local.get", i] as const), name);
  }
  return module.build();
}

const features = ["wasm3", "wide-arithmetic"] as const;
const instances = (["switch", "closures"] as const).map((dispatch) =>
  new Runtime({ dispatch, features }).instantiate(guest()),
);

for (const name of names) {
  const { operands, run, model } = operations[name];
  test(`${name} is what bigints give`, () => {
    const check = (words: Words): void => {
      const wanted = BigInt.asUintN(128, model(words));
      run(words);
      assert.equal(wide(), wanted);
      for (const instance of instances) {
        const [lo, hi] = instance.exportedFunction(name)!.call(...words.slice(0, operands).map(signed)) as bigint[];
        assert.equal(join(lo!, hi!), wanted);
      }
    };
    for (const a of edges)
      for (const b of edges) for (const c of operands === 4 ? edges : [0n]) check([a, b, c, a ^ b]);
    fc.assert(fc.property(word, word, word, word, (...words) => check(words)));
  });
}
