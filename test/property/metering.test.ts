// Takes random programs, meters and profiles them on every engine: the same fuel, the same profile, and the same state where the fuel ends.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { type Module, Runtime, Trap } from "zerowasm";
import { Profile } from "#dist/cli/profile.js";
import { encode } from "./program.ts";
import { Random } from "./random.ts";
import { FUEL_UNITS, randomProgram } from "./random-program.ts";
import { randomBits } from "./values.ts";

const PROGRAMS = 100;
const MUCH = 10n ** 12n;

const forms = [
  { engine: "interpreter", dispatch: "switch" },
  { engine: "interpreter", dispatch: "closures" },
  { engine: "compiler", eager: true },
] as const;

/** What there is to see of a module: its globals, and a digest of its memory. */
function stateOf(module: Module): string {
  const globals = module.exportNames.flatMap((name) => {
    const value = module.exportedGlobal(name)?.get();
    return value === undefined || typeof value === "object" ? [] : [`${name}=${Number.isNaN(value) ? "nan" : value}`];
  });
  const { memory } = module;
  const bytes = memory?.subarray(0, memory.byteLength) ?? new Uint8Array(0);
  const digest = createHash("sha1").update(bytes).digest("hex");
  return `${globals.join(" ")} ${bytes.length} ${digest}`;
}

test(`${PROGRAMS} random programs are counted alike`, () => {
  let exhausted = 0;
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const program = randomProgram(seed);
    const binary = encode(program);
    const random = new Random(seed + 2e6);
    const machines = forms.map((form) => {
      const profiler = new Profile();
      return {
        profiler,
        module: new Runtime({ ...form, metering: "fuel", profiler }).instantiate(binary, { fuel: MUCH }),
      };
    });
    program.functions.forEach(({ params, results }, index) => {
      const slots = params.flatMap((type) => {
        const bits = randomBits(type, random);
        return type === "v128" ? [BigInt.asUintN(64, bits), bits >> 64n] : [bits];
      });
      const call = ({ module }: (typeof machines)[number], fuel: bigint): string => {
        module.exportedGlobal("g0")!.set(FUEL_UNITS);
        module.fuel = fuel;
        const stack = new BigUint64Array(Math.max(slots.length, 2 * results.length));
        stack.set(slots);
        try {
          module.exportedFunction(`f${index}`)!.callRaw(stack);
        } catch (error) {
          if (!(error instanceof Trap)) throw error;
          return `${error.code}, ${module.fuel} left, ${stateOf(module)}`;
        }
        return `ends, ${module.fuel} left, ${stateOf(module)}`;
      };
      const agree = (fuel: bigint): string => {
        const [first, ...others] = machines.map((machine) => call(machine, fuel)) as [string, ...string[]];
        for (const other of others) assert.equal(other, first, `seed ${seed}, f${index} with ${fuel}`);
        return first;
      };
      const whole = agree(MUCH);
      const spent = MUCH - BigInt(/ (\d+) left/.exec(whole)![1]!);
      // The end of the fuel somewhere on the way.
      if (agree(spent - 1n - BigInt(random.below(Number(spent)))).startsWith("fuel exhausted")) exhausted++;
    });
    const [table, ...others] = machines.map(({ profiler }) => profiler.table() + profiler.stacks()) as [
      string,
      ...string[],
    ];
    for (const other of others) assert.equal(other, table, `seed ${seed}`);
  }
  assert.ok(exhausted > PROGRAMS, `only ${exhausted} calls ran out of fuel`);
});
