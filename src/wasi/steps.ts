// Takes a generator that waits for what may be promises, gives an errno at once where none is (witx: errno).
import type { Eventual } from "../api/file-system.ts";
import { isPromise } from "../fs/eventual.ts";
import type { Errno } from "./abi.ts";
import { errnoOf, type Outcome } from "./function.ts";

/** Something done in steps; each step but the last is a promise to wait for. */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** Waits for a value, if it has to settle first. */
export function* settled<T>(value: Eventual<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : value;
}

/** Takes the steps. A failure that has an errno becomes that. */
export function inSteps(body: () => Steps<Errno>): Outcome {
  const steps = body();
  return drive(steps, () => steps.next());
}

function drive(steps: Steps<Errno>, resume: () => IteratorResult<PromiseLike<unknown>, Errno>): Outcome {
  let step: IteratorResult<PromiseLike<unknown>, Errno>;
  try {
    step = resume();
  } catch (error) {
    return errnoOf(error);
  }
  if (step.done === true) return step.value;
  return step.value.then(
    (value) => drive(steps, () => steps.next(value)),
    (error: unknown) => drive(steps, () => steps.throw(error)),
  );
}
