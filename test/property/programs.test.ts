// Takes random programs, compares what both forms of dispatch and the model make of them.
import assert from "node:assert/strict";
import test from "node:test";
import { agrees, compareState, instantiate, runModel, show } from "./engines.ts";
import { Machine } from "./machine.ts";
import { encode } from "./program.ts";
import { Random } from "./random.ts";
import { FUEL_UNITS, randomProgram } from "./random-program.ts";
import { randomBits } from "./values.ts";

const FIRST_SEED = 1;
const PROGRAMS = 2000;

/** Calls every function twice; gives how many calls ended without a trap. */
function compare(seed: number): number {
  const program = randomProgram(seed);
  const random = new Random(seed + 1e6);
  const machine = new Machine(program);
  const instances = instantiate(program, encode(program));
  let ended = 0;
  for (let round = 0; round < 2; round++) {
    program.functions.forEach((f, index) => {
      const args = f.params.map((type) => randomBits(type, random));
      machine.globals[0] = BigInt(FUEL_UNITS);
      const wanted = runModel(machine, index, args);
      if (typeof wanted !== "string") ended++;
      for (const { label, module, run } of instances) {
        module.exportedGlobal("g0")!.set(FUEL_UNITS);
        const got = run(index, args);
        const right = agrees(f, wanted, got);
        assert.ok(right, `seed ${seed}, ${label}: f${index}(${show(args)}) gives ${show(got)}, not ${show(wanted)}`);
        compareState(`seed ${seed}, ${label}, after f${index}`, program, machine, module);
      }
    });
  }
  return ended;
}

test(`${PROGRAMS} random programs from seed ${FIRST_SEED} do what the model does`, () => {
  let ended = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) ended += compare(seed);
  assert.ok(ended > PROGRAMS, `only ${ended} calls ended without a trap`);
});
