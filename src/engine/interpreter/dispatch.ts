// Takes a module's packed code, gives it run by one switch; what a form of dispatch is, as there is one without a switch too (blocks.ts).
import type { Tier } from "../../instance/engine.ts";
import type { Activation } from "./activation.ts";
import type { ModuleCode } from "./code.ts";
import { pairs } from "./codes.generated.ts";
import { loopBy, makeLoop } from "./loop.ts";
import type { Lowered } from "./lowered.ts";

/** A way to run packed code. */
export interface DispatchForm {
  readonly name: "switch" | "closures";
  /** Which opcodes in sequence have one of their own: see codes.generated.ts. */
  readonly pairs: ReadonlyMap<number, number>;
  /** Takes in the code of one function, which begins at position `start`, and gives the function's entry. */
  add(code: ModuleCode, lowered: Lowered, start: number): number;
  /** The code position of a return address. */
  positionOf(code: ModuleCode, address: number): number;
  /** The return address for a code position. */
  addressOf(code: ModuleCode, position: number): number;
  /** For a module with code that no tier takes over, where that is another form; it has the same code. */
  readonly forGood: DispatchForm | null;
  /** Runs until the activation ends (0), or a host function suspends it or its code has another form (1). */
  run(activation: Activation): 0 | 1;
}

/** A form for hosts that the switch does not suit. */
export interface OtherForm extends DispatchForm {
  /** Measures once per process whether the host is one of them. */
  suitsHost(): boolean;
}

/** One switch over the opcodes, for hosts with a JIT. */
export const switchForm: DispatchForm = {
  name: "switch",
  pairs,
  add(code, { words }, start) {
    code.append(words, start);
    return start;
  },
  positionOf: (_code, address) => address,
  addressOf: (_code, position) => position,
  forGood: null,
  run: loopBy(makeLoop),
};

let before: DispatchForm | undefined;

/**
 * The switch for code that goes over to a tier: V8 would optimise it for half a second of the processor's time, and throw that away with each
 * instruction that it meets for the first time.
 */
export function formBefore({ unoptimized }: Tier): DispatchForm {
  if (unoptimized === null) return switchForm;
  try {
    return (before ??= { ...switchForm, forGood: switchForm, run: loopBy(unoptimized(makeLoop)) });
  } catch {
    // A tool has put names into the text that it does not have by itself.
    return switchForm;
  }
}
