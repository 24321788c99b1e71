// Takes a function of compiled code and its arguments, calls it from outside; errors become what a host should see (specification: 4.7.3 Invocation).
import { MAX_NESTING, stack } from "../../instance/call-stack.ts";
import { applyCode, argumentList, type CompiledCode, framesArgument } from "../../instance/convention.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { suspension } from "../../instance/suspension.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { describeFault } from "./fault.ts";

/** How many frames V8 writes into an error's stack: ten, if nothing is said. Where it is frozen it says nothing, and stays. */
export const errors = (Object.isFrozen(Error) ? {} : Error) as { stackTraceLimit?: number };
/** How many while guests run: what it is in host functions is in `stack.traced`. */
export const TRACED = 200;

/** A method, whose name is kept where those of functions are shortened: a host's stack is read up to it (see `describeFault`). */
const entries = {
  enterCompiled(
    code: CompiledCode,
    instance: ModuleInstance,
    count: number,
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
    values: readonly unknown[] | undefined,
  ): unknown {
    if (stack.nesting >= MAX_NESTING) trap(TrapCode.CallStack);
    const { frames } = stack;
    // What is nested in compiled code finds it raised.
    const limit = errors.stackTraceLimit!;
    if (limit < TRACED) {
      stack.traced = limit;
      errors.stackTraceLimit = TRACED;
    }
    stack.nesting++;
    try {
      return applyCode(code, framesArgument(frames + 1), count, a, b, c, d, values);
    } catch (error) {
      if (error === suspension) return error;
      throw describeFault(error, instance);
    } finally {
      // Without a call, for which there may be no room on the host's stack.
      stack.nesting--;
      stack.frames = frames;
      // Where a host function's stack ended there was no room to raise it again.
      if (limit < TRACED && stack.traced >= 0) {
        errors.stackTraceLimit = stack.traced;
        stack.traced = -1;
      }
    }
  },
};

/** Calls a function from outside, with values that are handed on. Gives the suspension where that is what comes out: thrown again it would take longer. */
export const enterCompiled: typeof entries.enterCompiled = entries.enterCompiled;

/** As `enterCompiled`, with a list of all values. */
export function enterWithList(code: CompiledCode, instance: ModuleInstance, values: readonly unknown[]): unknown {
  return enterCompiled(code, instance, values.length, values[0], values[1], values[2], values[3], values);
}

const nobody = null as unknown as ModuleInstance;

// V8 leaves out of its code the calls that it has not seen, and puts the only function that it has seen at a call into it. It would make this anew for
// each number of values, and with functions of guests inside.
for (let i = 0; i < 20; i++) {
  const code = i % 2 ? () => {} : () => i;
  const values = argumentList();
  for (; values.length < 7; values.push(i)) enterWithList(code, nobody, values);
}
