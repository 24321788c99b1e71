// Takes what was thrown through a guest, tells whether the guest may catch it (specification: 4.6.4 Exception handling; 4.2.2 Results).
import { ExitError, SuspendError, Trap, UnsupportedError } from "../api/errors.ts";
import { ExceptionInstance, ForeignException, type Thrown } from "./exception.ts";
import { isHostError, isStackOverflow, noteHostError } from "./host-call.ts";
import { suspension } from "./suspension.ts";

/** Whether an error that is no exception of a guest's is one of the host's, not the end of the guest's computation. */
function isCatchable(error: unknown): boolean {
  // An access out of a view's range is a trap, and the end of the host's stack is one, even where a host function met it.
  if (error instanceof RangeError && !isHostError(error)) return false;
  return !(
    isStackOverflow(error) ||
    error === suspension ||
    error instanceof Trap ||
    error instanceof ExitError ||
    error instanceof SuspendError ||
    error instanceof UnsupportedError
  );
}

/** What was thrown, as guests catch it. What no guest may catch is thrown on. */
export function caught(error: unknown): Thrown {
  if (error instanceof ExceptionInstance) return error;
  if (!isCatchable(error)) throw error;
  return new ForeignException(error);
}

/** What is thrown on the host's own stack where a guest throws a reference. */
export function thrownFor(thrown: Thrown): unknown {
  if (thrown instanceof ExceptionInstance) return thrown;
  noteHostError(thrown.value);
  return thrown.value;
}
