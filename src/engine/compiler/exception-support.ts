// What compiled code calls to throw and to catch (specification: 4.6.4 Exception handling).
import { caught, thrownFor } from "../../instance/catchable.ts";
import { checkOpen } from "../../instance/closing.ts";
import { ExceptionInstance, type Thrown, traced } from "../../instance/exception.ts";
import { checkLimit } from "../../instance/meter.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import type { TagInstance } from "../../instance/tag.ts";
import { TrapCode, trap } from "../../instance/trap.ts";

const none: readonly never[] = [];

/** What generated code takes from `E` by these names. */
export const exceptionSupport: Readonly<Record<string, unknown>> = { caught, raised, raisedAgain };

/** A new exception, thrown by a function that was called with `n`. */
function raised(
  tag: TagInstance,
  n: number,
  words: readonly number[],
  references: readonly unknown[] = none,
): ExceptionInstance {
  checkLimit();
  const exception = new ExceptionInstance(tag, none, { words, references });
  traced(exception, n);
  return exception;
}

/** What a reference stands for, as the host's stack has it. */
function raisedAgain(thrown: Thrown | null, n: number): unknown {
  if (thrown === null) trap(TrapCode.NullException);
  checkLimit();
  return traced(thrownFor(thrown), n);
}

/** Notes that a handler of an instance's takes an exception. */
export function takenBy(instance: ModuleInstance, thrown: Thrown): void {
  checkOpen(instance);
  if (thrown instanceof ExceptionInstance) thrown.forget();
}
