// Takes a module's packed code, gives it run by one switch; what a form of dispatch is, as there is one without a switch too (blocks.ts).
import type { Activation } from "./activation.ts";
import type { ModuleCode } from "./code.ts";
import { pairs } from "./codes.generated.ts";
import { runLoop } from "./loop.ts";
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
  /** Runs until the activation ends (0) or a host function suspends it (1). */
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
  run: runLoop,
};
