// Takes every scalar numeric instruction, compares it in all its forms with a model: at the edges, and for values of fast-check's.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { agrees, type Call, check, instantiate, show } from "./engines.ts";
import { numericForms } from "./numeric-forms.ts";
import { ModelTrap, type ScalarOp, scalarOps } from "./scalar-ops.ts";
import { arbitrary, type Bits, edges, type NumberType } from "./values.ts";

const SEED = 77001;
const RANDOM_PLAIN = 300;
const RANDOM_FORMS = 10;

/** All pairs of edges. */
function grid(params: readonly NumberType[]): Bits[][] {
  const [a, b] = params.map((type) => edges[type]);
  return b === undefined ? a!.map((x) => [x]) : a!.flatMap((x) => b.map((y) => [x, y]));
}

const operands = ({ params }: ScalarOp): fc.Arbitrary<Bits[]> => fc.tuple(...params.map((type) => arbitrary[type]));

function expected(op: ScalarOp, args: readonly Bits[]): readonly Bits[] | string {
  try {
    return [op.compute(...args)];
  } catch (error) {
    if (error instanceof ModelTrap) return error.message;
    throw error;
  }
}

for (const type of ["i32", "i64", "f32", "f64"] as const) {
  test(`${type}: every form of every instruction does what the model does (seed ${SEED})`, () => {
    for (const op of scalarOps.values()) {
      if (!op.name.startsWith(type)) continue;
      const constants = fc.sample(operands(op), { seed: SEED, numRuns: 7 });
      const program = numericForms(op, [...constants, op.params.map(() => 0n), op.params.map(() => 1n)]);
      const some = fc.sample(operands(op), { seed: SEED + 1, numRuns: RANDOM_FORMS });
      const calls = program.functions.flatMap((_, index): Call[] =>
        (index === 0 ? grid(op.params) : some).map((args): Call => [index, args]),
      );
      check(program, calls);
    }
  });

  test(`${type}: ${RANDOM_PLAIN} random operands of every instruction (seed ${SEED})`, () => {
    for (const op of scalarOps.values()) {
      if (!op.name.startsWith(type)) continue;
      const program = numericForms(op, []);
      const instances = instantiate(program);
      const property = fc.property(operands(op), (args) => {
        const wanted = expected(op, args);
        for (const { label, run } of instances) {
          const got = run(0, args);
          const right = agrees(program.functions[0]!, wanted, got);
          assert.ok(right, `${op.name}, ${label}: ${show(args)} gives ${show(got)}, not ${show(wanted)}`);
        }
      });
      fc.assert(property, { seed: SEED, numRuns: RANDOM_PLAIN });
    }
  });
}
