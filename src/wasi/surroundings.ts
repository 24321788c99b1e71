// What a host module other than WASI uses of the system that a module was given: the same stand-ins as there.
import type { Module } from "../api/module.ts";
import type { Clock, OutputStream, Random } from "../api/system.ts";
import { SteppingClock, seededRandom } from "./stand-ins.ts";
import { outputOf } from "./streams.ts";

/** A module's clock, random bytes and standard error. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly stderr: OutputStream;
}

/** Gives each module its own, made at its first call. */
export function surroundings(): (module: Module) => Surroundings {
  const made = new WeakMap<Module, Surroundings>();
  return (module) => {
    let found = made.get(module);
    if (found === undefined) {
      const { clock = new SteppingClock(), random = seededRandom(), stderr } = module.system;
      made.set(module, (found = { clock, random, stderr: outputOf(stderr) }));
    }
    return found;
  };
}
