// Takes a function of compiled code and its arguments, calls it from outside; errors become what a host should see (specification: 4.5.5 Invocation).
import { MAX_NESTING, stack } from "../../instance/call-stack.ts";
import { applyCode, type CompiledCode, framesArgument } from "../../instance/convention.ts";
import { checkOpen } from "../../instance/function.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { suspension } from "../../instance/suspension.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { describeFault } from "./fault.ts";

/** How many frames V8 writes into an error's stack: ten, if nothing is said. */
const errors = Error as unknown as { stackTraceLimit?: number | undefined };
const TRACED = 200;

/** Entries that are open. */
let entered = 0;

/** Methods, whose names are kept where those of functions are shortened: a host's stack is read up to them (see `describeFault`). */
const entries = {
  enterCompiled(code: CompiledCode, values: readonly unknown[], n: number, instance: ModuleInstance): unknown {
    const limit = begin(instance);
    try {
      return apply(code, values, n);
    } catch (error) {
      throw error === suspension ? error : describeFault(error, instance);
    } finally {
      // Without a call, for which there may be no room on the host's stack.
      entered--;
      stack.nesting--;
      if (limit !== undefined) errors.stackTraceLimit = limit;
    }
  },

  enterCompiledWith(
    code: CompiledCode,
    instance: ModuleInstance,
    count: number,
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
  ): unknown {
    const limit = begin(instance);
    try {
      return applyCode(code, framesArgument(stack.frames + 1), count, a, b, c, d);
    } catch (error) {
      throw error === suspension ? error : describeFault(error, instance);
    } finally {
      // Without a call, for which there may be no room on the host's stack.
      entered--;
      stack.nesting--;
      if (limit !== undefined) errors.stackTraceLimit = limit;
    }
  },
};

/** Calls a function; its last argument is given apart (see `framesArgument`). */
export const enterCompiled: typeof entries.enterCompiled = entries.enterCompiled;

/** As `enterCompiled`, with the first `count` of some values and no list of them. */
export const enterCompiledWith: typeof entries.enterCompiledWith = entries.enterCompiledWith;

/** Counts an entry; gives how many frames V8 wrote before, where more are wanted now. */
function begin(instance: ModuleInstance): number | undefined {
  checkOpen(instance);
  if (stack.nesting >= MAX_NESTING) trap(TrapCode.CallStack);
  // What is nested in compiled code finds the limit raised.
  const limit = entered === 0 ? errors.stackTraceLimit : undefined;
  const isRaised = limit !== undefined && limit < TRACED;
  if (isRaised) errors.stackTraceLimit = TRACED;
  stack.nesting++;
  entered++;
  return isRaised ? limit : undefined;
}

/** Spreads few arguments by hand, which is several times as fast. */
function apply(code: CompiledCode, values: readonly unknown[], n: number): unknown {
  switch (values.length) {
    case 0:
      return code(n);
    case 1:
      return code(values[0], n);
    case 2:
      return code(values[0], values[1], n);
    case 3:
      return code(values[0], values[1], values[2], n);
    case 4:
      return code(values[0], values[1], values[2], values[3], n);
    case 5:
      return code(values[0], values[1], values[2], values[3], values[4], n);
    default:
      return code(...values, n);
  }
}
