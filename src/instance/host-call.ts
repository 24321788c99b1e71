// Takes a host function and arguments, gives what its JavaScript gave: one door for guests and for the host (specification: 4.7.3 Invocation).
import { SuspendError } from "../api/errors.ts";
import type { Module } from "../api/module.ts";
import type { WasmResult, WasmValue } from "../api/value.ts";
import { slotsOf, type ValType } from "../syntax/types.ts";
import { checkOpen } from "./closing.ts";
import type { FunctionInstance, HostCode } from "./function.ts";
import { checkLimit, type Outcome, settled } from "./meter.ts";
import { checkArguments, checkRaw, functionLabel, resultCountError, resultError } from "./signature.ts";
import { matchesType, readValue, writeValue } from "./value.ts";

type Run = (...args: unknown[]) => unknown;

const none: readonly WasmValue[] = [];

/**
 * Runs a host function's JavaScript, unless the guest's time has passed. What it gives is a promise, if the caller `canWait`, or goes to
 * `hostResults`.
 */
export function callHost(f: FunctionInstance, caller: Module, args: readonly WasmValue[], canWait: boolean): unknown {
  checkLimit();
  if (!canWait) checkWaits(f);
  let value: unknown;
  try {
    value = applyHost(f, caller, args);
  } catch (error) {
    hostError = error;
    throw error;
  }
  if (!canWait && isPending(f, value)) throw promiseError(f, value);
  return value;
}

let hostError: unknown;

/** Says that an error is a host function's. */
export function noteHostError(error: unknown): void {
  hostError = error;
}

/** Whether an error is the last one that a host function threw, and not one of the engine's own making. */
export function isHostError(error: unknown): boolean {
  return error === hostError;
}

/** What engines say where their stack ends: V8 and JavaScriptCore, SpiderMonkey, others. */
const stackEnds = ["call stack", "recursion", "stack overflow"];

/** Whether an error says that the host's own stack has ended. It may be asked just there, so that nothing here needs room. */
export function isStackOverflow(error: unknown): error is Error {
  // SpiderMonkey and some releases of QuickJS have an InternalError for it, which is no error of the language's.
  const isOwn = error instanceof RangeError || (error instanceof Error && error.name === "InternalError");
  return isOwn && stackEnds.some((words) => error.message.includes(words));
}

function applyHost(f: FunctionInstance, caller: Module, args: readonly WasmValue[]): unknown {
  const host = f.host!;
  const run = host.run as Run;
  if (host.withModule) return run(caller, ...args);
  return runHost(host, args.length, args[0], args[1], args[2], args[3], args);
}

/** Calls a host function's JavaScript with values that are handed on. */
export function runHost(
  { run, border, waits }: HostCode,
  count: number,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  values: readonly unknown[] | undefined,
): unknown {
  if (border === undefined) return applyFew(run as Run, count, a, b, c, d, values);
  try {
    const value = applyFew(run as Run, count, a, b, c, d, values);
    return waits ? value : border.result(value);
  } catch (error) {
    throw border.error(error);
  }
}

function applyFew(
  run: Run,
  count: number,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  values: readonly unknown[] | undefined,
): unknown {
  switch (count) {
    case 0:
      return run();
    case 1:
      return run(a);
    case 2:
      return run(a, b);
    case 3:
      return run(a, b, c);
    case 4:
      return run(a, b, c, d);
    case 5:
      return run(a, b, c, d, values![4]);
    case 6:
      return run(a, b, c, d, values![4], values![5]);
    default:
      return run(...values!);
  }
}

/** Whether what a function gave has to settle first. Any object with a `then` counts, if the function is one whose promises do. */
export function isPending({ host }: FunctionInstance, value: unknown): value is PromiseLike<unknown> {
  return (host === null || host.waits) && isPromise(value);
}

/** Whether a value is a promise. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/**
 * The results in what a host function gave, or its promise settled to: as many as its type has, each of its type.
 * Throws a TypeError otherwise, or the caller's ExitError where it was closed meanwhile.
 */
export function hostResults(f: FunctionInstance, caller: Module, value: unknown): readonly WasmValue[] {
  checkOpen(caller);
  const types = f.signature.results;
  if (types.length === 0) return none;
  if (types.length > 1 && !(Array.isArray(value) && value.length === types.length)) throw resultCountError(f, value);
  const results = types.length === 1 ? [value] : [...(value as WasmValue[])];
  for (let i = 0; i < types.length; i++) if (!matchesType(types[i], results[i])) throw resultError(f, i, results[i]);
  return results;
}

/** What a host function's promise settled to, on the guest's side of a border. Throws what it was rejected with. */
export function settledValue({ host }: FunctionInstance, { value, rejected }: Outcome): unknown {
  const border = host?.border;
  try {
    if (rejected) throw value;
    return border === undefined ? value : border.result(value);
  } catch (error) {
    hostError = border === undefined ? error : border.error(error);
    throw hostError;
  }
}

/** Whether a function gives nothing but promises, so that who cannot wait does not call it. */
export function alwaysWaits({ host }: FunctionInstance): boolean {
  return host?.waits === true && host.border !== undefined;
}

/** Throws where a function would wait whose caller cannot. */
export function checkWaits(f: FunctionInstance): void {
  if (alwaysWaits(f)) throw suspendError(f);
}

/** The error of a `call` that met a promise. The promise is not left unhandled. */
export function promiseError(f: FunctionInstance, promise: PromiseLike<unknown>): SuspendError {
  const ignore = (): void => {};
  promise.then(ignore, ignore);
  return suspendError(f);
}

function suspendError(f: FunctionInstance): SuspendError {
  return new SuspendError(`${functionLabel(f)} gives a promise: call the guest with callAsync or promising`);
}

/** Calls a host function for the host itself. */
export function callFromHost(f: FunctionInstance, args: readonly WasmValue[]): WasmResult {
  return resultOf(f, callHost(f, homeOf(f), coerced(f, args), false));
}

/** As `callFromHost`, waiting for a promise. */
export async function callFromHostAsync(f: FunctionInstance, args: readonly WasmValue[]): Promise<WasmResult> {
  const value = callHost(f, homeOf(f), coerced(f, args), true);
  return resultOf(f, isPending(f, value) ? settledValue(f, (await settled(null, [], value))!) : value);
}

/** As `callFromHost`, with the bits of parameters and results in `stack`. */
export function callFromHostRaw(f: FunctionInstance, stack: BigUint64Array): void {
  checkRaw(f, stack);
  const words = new Int32Array(stack.buffer, stack.byteOffset, stack.length * 2);
  let at = 0;
  const args = f.signature.params.map((type) => {
    const value = readValue(type, words, at);
    at += 2 * slotsOf(type);
    return value;
  });
  const results = hostResults(f, homeOf(f), callHost(f, homeOf(f), args, false));
  at = 0;
  for (const [i, type] of f.signature.results.entries()) {
    words[at + 1] = 0;
    writeValue(type, results[i], words, at);
    at += 2 * slotsOf(type);
  }
}

function homeOf(f: FunctionInstance): Module {
  const { home } = f.host!;
  checkOpen(home);
  return home;
}

// A host function sees the same values whoever calls it: an i32 is an int32, an f32 is rounded, a vector is its own copy.
function coerced(f: FunctionInstance, args: readonly WasmValue[]): readonly WasmValue[] {
  checkArguments(f, args);
  return stored(f.signature.params, args);
}

function resultOf(f: FunctionInstance, value: unknown): WasmResult {
  const read = stored(f.signature.results, hostResults(f, homeOf(f), value));
  return read.length > 1 ? read : read[0];
}

/** Values that fit their types, as they are read once they were written. */
function stored(types: readonly ValType[], values: readonly WasmValue[]): readonly WasmValue[] {
  const words = new Int32Array(4);
  return values.map((value, i) => (writeValue(types[i], value, words, 0) ? readValue(types[i], words, 0) : value));
}
