// Takes every vector instruction, compares it in all its forms with a model: at the edges, and for values of fast-check's.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { instructions } from "#dist/syntax/instructions.js";
import { agrees, type Call, check, instantiate, show } from "./engines.ts";
import { numericForms } from "./numeric-forms.ts";
import { Random } from "./random.ts";
import { arbitrary, type Bits, edges, type NumberType, randomBits } from "./values.ts";
import { laneCounts, type VectorOp, vectorOp, vectorOps } from "./vector-ops.ts";

const SEED = 99002;
const RANDOM_PLAIN = 100;
const RANDOM_FORMS = 6;

const shuffles = (random: Random): VectorOp[] =>
  [1, 1, 1, 1, 2, 2, 4, 4, 8].map((size) => {
    const lanes = Array.from({ length: 16 / size }, () => random.below(32 / size) * size);
    return vectorOp(
      "i8x16.shuffle",
      lanes.flatMap((lane) => Array.from({ length: size }, (_, i) => lane + i)),
    )!;
  });

/** Every instruction; those with a lane once for each. */
const all: readonly VectorOp[] = [
  ...vectorOps.values(),
  ...[...laneCounts].flatMap(([name, count]) => Array.from({ length: count }, (_, lane) => vectorOp(name, [lane])!)),
  ...shuffles(new Random(SEED)),
];

const operands = ({ params }: VectorOp): fc.Arbitrary<Bits[]> => fc.tuple(...params.map((type) => arbitrary[type]));

/** Operands at edges: all pairs, or for three of them many. */
function grid(params: readonly NumberType[], random: Random): Bits[][] {
  const [a, b, c] = params.map((type) => edges[type]);
  if (b === undefined) return a!.map((x) => [x]);
  return a!.flatMap((x) => b.map((y) => (c === undefined ? [x, y] : [x, y, random.pick(c)])));
}

test("the models are of all vector instructions that compute", () => {
  const known = new Set(all.map(({ name }) => name));
  const missing = Object.entries(instructions as unknown as Record<string, readonly [number, number, string]>)
    .filter(
      ([name, [code, , signature]]) =>
        (code >> 8 === 0xfd || code >> 12 === 0xfd) &&
        /v128/.test(signature) &&
        !/^v128\.(load|store|const)/.test(name),
    )
    .map(([name]) => name);
  assert.deepEqual(
    missing.filter((name) => !known.has(name)),
    [],
  );
  assert.ok(known.size > 200);
});

test(`every form of every instruction does what the model does (seed ${SEED})`, () => {
  const random = new Random(SEED);
  for (const op of all) {
    const constants = fc.sample(operands(op), { seed: SEED, numRuns: 2 });
    const program = numericForms(op, [...constants, op.params.map(() => 0n)]);
    const calls = program.functions.flatMap((_, index): Call[] => {
      const some = Array.from({ length: RANDOM_FORMS }, () => op.params.map((type) => randomBits(type, random)));
      return (index === 0 ? grid(op.params, random) : some).map((args): Call => [index, args]);
    });
    check(program, calls);
  }
});

test(`${RANDOM_PLAIN} random operands of every instruction (seed ${SEED})`, () => {
  for (const op of all) {
    const program = numericForms(op, []);
    const instances = instantiate(program);
    const property = fc.property(operands(op), (args) => {
      const wanted = [op.compute(...args)];
      for (const { label, run } of instances) {
        const got = run(0, args);
        const right = agrees(program.functions[0]!, wanted, got);
        assert.ok(right, `${op.name}, ${label}: ${show(args)} gives ${show(got)}, not ${show(wanted)}`);
      }
    });
    fc.assert(property, { seed: SEED, numRuns: RANDOM_PLAIN });
  }
});
