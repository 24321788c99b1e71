// Takes a value the type checker holds impossible, gives an error should it come all the same.

/** The default of an exhaustive switch: a compile error where a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${String(value)}`);
}
