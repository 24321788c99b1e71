// Takes a module's packed code, gives it run by one switch; what a form of dispatch is, as there is one without a switch too (blocks.ts).
import { type Activation, firstView } from "./activation.ts";
import type { ModuleCode } from "./code.ts";
import { pairs } from "./codes.generated.ts";
import { EXIT } from "./frames.ts";
import { type Loop, loopBy, makeLoop } from "./loop.ts";
import type { Lowered } from "./lowered.ts";
import { runVectors } from "./vectors.generated.ts";

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

/** Runs since a function was last translated: only new code brings instructions that the loop has not met. */
let runs = 0;

/** Whether any function has vectors. */
let hasVectors = false;

/** Runs after a translation in which nothing is done, as most modules are called less often, and in which `renew` is, and then each how many. */
const AT_FIRST = 8;
const AFTERWARDS = 256;
const SELDOM = 64;

/** Empty runs at a time: about thirty times as many make V8 compile the loop again. */
const EMPTY_RUNS = 16;

/**
 * Runs the loop, and sees to it that V8 has it as a function. V8 gives optimised code up at an instruction that is new to it. It makes it
 * anew within the running loop (on-stack replacement), and then counts nothing in the function any more, whose calls all take that code:
 * a fourth slower, since what the loop takes from its activation is unknown there. Runs that end at once are counted.
 */
function renewing(loop: Loop): Loop {
  return (activation) => {
    runs++;
    if (runs > AT_FIRST && (runs < AFTERWARDS || runs % SELDOM === 0)) {
      const { pc } = activation;
      activation.pc = EXIT;
      for (let i = 0; i < EMPTY_RUNS; i++) loop(activation);
      activation.pc = pc;
      if (hasVectors) leaveVectors(activation);
    }
    return loop(activation);
  };
}

/** Empty runs of the loop of vectors: the opcode that ends an activation is none of its own. */
function leaveVectors({ instance, fp }: Activation): void {
  const { words } = instance.engineState as ModuleCode;
  const view = firstView(instance);
  for (let i = 0; i < EMPTY_RUNS; i++) runVectors(words, EXIT, fp, view, 0, instance.globalWords);
}

/** One switch over the opcodes, for hosts with a JIT. */
export const switchForm: DispatchForm = {
  name: "switch",
  pairs,
  add(code, { words, vectors }, start) {
    code.append(words, start);
    runs = 0;
    hasVectors ||= vectors;
    return start;
  },
  positionOf: (_code, address) => address,
  addressOf: (_code, position) => position,
  forGood: null,
  run: renewing(loopBy(makeLoop)),
};
