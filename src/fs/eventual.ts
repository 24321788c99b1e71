// Goes on with a value at once, or when the promise of it settles.
import type { Eventual } from "../api/file-system.ts";

/** Gives what `next` makes of a value. */
export function after<T, U>(value: Eventual<T>, next: (value: T) => Eventual<U>): Eventual<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Whether a value has to settle first. */
export function isPromise<T>(value: Eventual<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
