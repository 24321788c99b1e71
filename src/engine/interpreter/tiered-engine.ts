// Takes modules with a tier, gives code whose hot parts go on in it (instance/engine.ts says what a tier is).
import type { EngineCode, FallbackEngine, Remake, Tier } from "../../instance/engine.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { type DispatchForm, switchForm } from "./dispatch.ts";
import { Interpreter } from "./engine.ts";
import { type Loop, loopBy, makeLoop } from "./loop.ts";
import { D, I, R } from "./registers.ts";
import { TieredCode } from "./tiered-code.ts";

/** The interpreter for what a compiler does not print itself. */
export class TieredInterpreter extends Interpreter implements FallbackEngine {
  get registers(): FallbackEngine["registers"] {
    return { I, D, R };
  }

  override prepare(module: ValidatedModule, tier?: Tier): EngineCode {
    if (tier === undefined) return super.prepare(module);
    return new TieredCode(module, this.form === switchForm ? formBefore(tier) : this.form, tier);
  }
}

let before: DispatchForm | undefined;

/**
 * The switch for code that goes over to a tier: V8 would optimise it for half a second of the processor's time, and throw that away with each
 * instruction that it meets for the first time.
 */
export function formBefore({ unoptimized }: Tier): DispatchForm {
  if (unoptimized === null) return switchForm;
  // Made at the first run: a module that is compiled before its calls has none.
  let loop: Loop | undefined;
  before ??= { ...switchForm, forGood: switchForm, run: (a) => (loop ??= loopAgain(unoptimized))(a) };
  return before;
}

/** The loop made again from its text, or as it is where that cannot be. */
export function loopAgain(remake: Remake): Loop {
  try {
    return loopBy(remake(makeLoop));
  } catch {
    // A tool has put names into the text that it does not have by itself.
    return switchForm.run;
  }
}
