// Takes the system that a user gives a module, checks what each part is, so that a mistake is told of here and not in the middle of a guest's call.
import type { System } from "./api/system.ts";
import { describeValue } from "./instance/value.ts";

type Check = readonly [holds: (value: unknown) => boolean, expected: string];

const output: Check = [
  (value) => isFunction(value) || hasMethods(value, "write"),
  "a function or a stream to write to",
];

const checks: { readonly [K in keyof System]-?: Check } = {
  args: [isTexts, "an array of strings"],
  env: [
    (value) => isObject(value) && !(Symbol.iterator in value) && isTexts(Object.values(value)),
    "an object of strings, the variables of the environment; what is imported stands in imports",
  ],
  stdin: [
    (value) => typeof value === "string" || ArrayBuffer.isView(value) || hasMethods(value, "read"),
    "a string, a Uint8Array or a stream to read from",
  ],
  stdout: output,
  stderr: output,
  fs: [(value) => isObject(value) && ("root" in value || "mounts" in value), "a file system, or mounts"],
  listeners: [
    (value) => Array.isArray(value) && [...value].every((one) => hasMethods(one, "accept")),
    "an array of sockets that listen",
  ],
  clock: [(value) => hasMethods(value, "wallTime", "monotonicTime"), "an object with wallTime and monotonicTime"],
  random: [isFunction, "a function"],
  nanosleep: [isFunction, "a function"],
};

/** The names of a system's parts. */
export const systemKeys: readonly (keyof System)[] = Object.keys(checks) as (keyof System)[];

/** The parts of a system that are given, checked. Throws a TypeError for a wrong one. */
export function systemSettings(given: System): System {
  const parts: Record<string, unknown> = {};
  for (const key of systemKeys) {
    const value: unknown = given[key];
    if (value === undefined) continue;
    const [holds, expected] = checks[key];
    if (!holds(value)) throw new TypeError(`${key} is ${expected}, got ${describeValue(value)}`);
    parts[key] = value;
  }
  return Object.freeze(parts);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Whether a value is an array of strings, without holes. */
export function isTexts(value: unknown): boolean {
  return Array.isArray(value) && [...value].every((text) => typeof text === "string");
}

function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  return isObject(value) && names.every((name) => isFunction(value[name]));
}
