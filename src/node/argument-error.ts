// Takes arguments of a user, throws what Node throws for wrong ones (Node: Errors, Node.js error codes).
import { inspect } from "node:util";

/** An error with the code by which Node's users tell it from others. */
export function coded<E extends Error>(error: E, code: string): E {
  return Object.assign(error, { code });
}

/** Throws where a value is not what was asked for: `is` says that, `expected` what it would be. */
export function checkType(is: boolean, name: string, expected: string, value: unknown): void {
  if (is) return;
  const noun = name.includes(".") ? "property" : "argument";
  const message = `The "${name}" ${noun} must be ${expected}. Received ${received(value)}`;
  throw coded(new TypeError(message), "ERR_INVALID_ARG_TYPE");
}

/** Throws for what is no object; arrays and functions are none here. */
export function checkObject(value: unknown, name: string): asserts value is Readonly<Record<string, unknown>> {
  const is = typeof value === "object" && value !== null && !Array.isArray(value);
  checkType(is, name, "of type object", value);
}

export function checkFunction(value: unknown, name: string): asserts value is () => unknown {
  checkType(typeof value === "function", name, "of type function", value);
}

export function checkUndefined(value: unknown, name: string): void {
  checkType(value === undefined, name, "undefined", value);
}

/** Throws for what cannot be the number of a descriptor. */
export function checkDescriptor(value: unknown, name: string): asserts value is number {
  checkType(typeof value === "number", name, "of type number", value);
  const range = !Number.isInteger(value) ? "an integer" : ">= 0 && <= 2147483647";
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31) return;
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${inspect(value)}`;
  throw coded(new RangeError(message), "ERR_OUT_OF_RANGE");
}

function received(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === "function" && value.name !== "") return `function ${value.name}`;
  if (typeof value === "object") {
    const name: unknown = value.constructor?.name;
    return name ? `an instance of ${String(name)}` : inspect(value, { depth: -1 });
  }
  const text = typeof value === "string" && value.length > 28 ? `${value.slice(0, 25)}...` : value;
  return `type ${typeof value} (${inspect(text)})`;
}
