// Takes a generator that waits for what may be promises, gives an errno at once where none is (witx: errno). What a guest asked for ends with it.
import type { Eventual } from "../api/file-system.ts";
import { isPromise } from "../fs/eventual.ts";
import { type Errno, errno } from "./abi.ts";
import { errnoOf, type Outcome } from "./function.ts";
import type { Process } from "./process.ts";

/** Something done in steps; each step but the last is a promise to wait for. */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** Waits for a value, if it has to settle first. */
export function* settled<T>(value: Eventual<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : value;
}

/** Takes the steps, as long as the guest is open. A failure that has an errno becomes that. */
export function inSteps({ module }: Process, body: () => Steps<Errno>): Outcome {
  const steps = body();
  const end = (): Step => steps.return(errno.canceled);
  const drive = (resume: () => Step): Outcome => {
    let step: Step;
    try {
      step = resume();
    } catch (error) {
      return errnoOf(error);
    }
    if (step.done === true) return step.value;
    return step.value.then(
      (value) => {
        if (!module.closed) return drive(() => steps.next(value));
        // Nobody else knows what was opened.
        (value as { close?: () => void } | undefined)?.close?.();
        return drive(end);
      },
      (error: unknown) => drive(module.closed ? end : () => steps.throw(error)),
    );
  };
  return drive(() => steps.next());
}

type Step = IteratorResult<PromiseLike<unknown>, Errno>;
