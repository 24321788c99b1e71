// Goes on with a value at once, or when the promise of it settles.
import type { Eventual } from "../api/file-system.ts";

/** Gives what `next` makes of a value. */
export function after<T, U>(value: Eventual<T>, next: (value: T) => Eventual<U>): Eventual<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Gives what `make` gives, and does something once that is there or has failed. */
export function lastly<T>(make: () => Eventual<T>, last: () => void): Eventual<T> {
  const failed = (error: unknown): never => {
    last();
    throw error;
  };
  let value: Eventual<T>;
  try {
    value = make();
  } catch (error) {
    return failed(error);
  }
  if (isPromise(value)) {
    return value.then((given) => {
      last();
      return given;
    }, failed);
  }
  last();
  return value;
}

/** Whether a value has to settle first. */
export function isPromise<T>(value: Eventual<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
