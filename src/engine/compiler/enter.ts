// Takes a function of compiled code and its arguments, calls it from outside; errors become what a host should see (specification: 4.5.5 Invocation).
import { MAX_NESTING, stack } from "../../instance/call-stack.ts";
import type { CompiledCode } from "../../instance/convention.ts";
import { checkOpen } from "../../instance/function.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { suspension } from "../../instance/suspension.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { describeFault } from "./fault.ts";

/** How many frames V8 writes into an error's stack: ten, if nothing is said. */
const errors = Error as unknown as { stackTraceLimit?: number | undefined };
const TRACED = 200;

/** Calls a function; its last argument is the number of guest frames. A host's stack is read up to this function's name. */
export function enterCompiled(code: CompiledCode, values: readonly unknown[], instance: ModuleInstance): unknown {
  checkOpen(instance);
  if (stack.nesting >= MAX_NESTING) trap(TrapCode.CallStack);
  const traced = errors.stackTraceLimit;
  if (traced !== undefined && traced < TRACED) errors.stackTraceLimit = TRACED;
  stack.nesting++;
  try {
    return code(...values);
  } catch (error) {
    throw error === suspension ? error : describeFault(error, instance);
  } finally {
    stack.nesting--;
    if (traced !== undefined) errors.stackTraceLimit = traced;
  }
}
