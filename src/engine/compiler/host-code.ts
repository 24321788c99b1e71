// Takes a host function, gives it in the convention of compiled code (specification: 4.7.3 Invocation).
import { stack } from "../../instance/call-stack.ts";
import { checkOpen } from "../../instance/closing.ts";
import {
  bigIntOf,
  type CompiledCode,
  framesIn,
  giveResult,
  lowWord,
  takeArguments,
} from "../../instance/convention.ts";
import { traced } from "../../instance/exception.ts";
import type { FunctionInstance, HostCode } from "../../instance/function.ts";
import {
  alwaysWaits,
  checkWaits,
  hostResults,
  isPending,
  noteHostError,
  promiseError,
  runHost,
} from "../../instance/host-call.ts";
import { checkLimit } from "../../instance/meter.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { matchesRef } from "../../instance/reference.ts";
import { suspension } from "../../instance/suspension.ts";
import { readValue, writeValue } from "../../instance/value.ts";
import { isRef, Num, type ValType } from "../../syntax/types.ts";
import { errors, TRACED } from "./enter.ts";

/** What a call of a host function needs beside its arguments. */
interface Site {
  readonly f: FunctionInstance;
  readonly host: HostCode;
  readonly caller: ModuleInstance;
  readonly asynchronous: boolean;
  /** The type of its only result; where there is none, the bottom type, and -1 where there are several. */
  readonly only: ValType;
}

/** A host function as an instance calls it. Of arguments that JavaScript takes as they are no list is made, if they are few. */
export function hostCode(f: FunctionInstance, caller: ModuleInstance, asynchronous: boolean): CompiledCode {
  const { params, results } = f.signature;
  const only = results.length > 1 ? -1 : (results[0] ?? Num.Bottom);
  // Who cannot wait does not call what always waits.
  const host = asynchronous || !alwaysWaits(f) ? f.host! : { ...f.host!, run: () => checkWaits(f) };
  const site: Site = { f, host, caller, asynchronous, only };
  if (host.withModule || params.some((type) => type === Num.I64 || type === Num.V128)) return generalCode(site);
  if (host.border !== undefined && !host.waits && only >= 0 && params.length < 4)
    return borderCode(site, params.length);
  switch (params.length) {
    case 0:
      return (n) => callAt(site, n as number, 0);
    case 1:
      return (a, n) => callAt(site, n as number, 1, a);
    case 2:
      return (a, b, n) => callAt(site, n as number, 2, a, b);
    case 3:
      return (a, b, c, n) => callAt(site, n as number, 3, a, b, c);
    case 4:
      return (a, b, c, d, n) => callAt(site, n as number, 4, a, b, c, d);
    default:
      return (...values) => callWithList(site, values.pop() as number, values);
  }
}

/**
 * A function behind a border, which gives what is of its type. Of each number of values it is a whole: where one call led on for all of them, V8 took twice as
 * long.
 */
function borderCode(site: Site, count: number): CompiledCode {
  const run = site.host.run as CompiledCode;
  const { result } = site.host.border!;
  switch (count) {
    case 0:
      return (n) => {
        const { frames } = stack;
        const limit = leave(site, n);
        let value: unknown;
        try {
          checkLimit();
          value = result(run());
        } catch (error) {
          throw failedAtBorder(site, error, frames, limit, n);
        }
        return arrived(site, value, frames, limit);
      };
    case 1:
      return (a, n) => {
        const { frames } = stack;
        const limit = leave(site, n);
        let value: unknown;
        try {
          checkLimit();
          value = result(run(a));
        } catch (error) {
          throw failedAtBorder(site, error, frames, limit, n);
        }
        return arrived(site, value, frames, limit);
      };
    case 2:
      return (a, b, n) => {
        const { frames } = stack;
        const limit = leave(site, n);
        let value: unknown;
        try {
          checkLimit();
          value = result(run(a, b));
        } catch (error) {
          throw failedAtBorder(site, error, frames, limit, n);
        }
        return arrived(site, value, frames, limit);
      };
    default:
      return (a, b, c, n) => {
        const { frames } = stack;
        const limit = leave(site, n);
        let value: unknown;
        try {
          checkLimit();
          value = result(run(a, b, c));
        } catch (error) {
          throw failedAtBorder(site, error, frames, limit, n);
        }
        return arrived(site, value, frames, limit);
      };
  }
}

/**
 * Before a host function: gives the host's own limit for the frames in an error's stack where that is in force in it, else -1. Programs for hosts' own
 * WebAssembly throw by errors that JavaScript makes, which would be twenty times as long.
 */
function leave({ host }: Site, n: unknown): number {
  stack.frames = framesIn(n as number) - 1;
  const limit = host.border === undefined ? -1 : stack.traced;
  if (limit >= 0) {
    errors.stackTraceLimit = limit;
    stack.traced = -1;
  }
  return limit;
}

/** After it. Where the host's stack has no room for this, `enterCompiled` makes up for it. */
function comeBack(frames: number, limit: number): void {
  stack.frames = frames;
  if (limit < 0) return;
  stack.traced = errors.stackTraceLimit!;
  errors.stackTraceLimit = TRACED;
}

function arrived({ caller, only }: Site, value: unknown, frames: number, limit: number): unknown {
  comeBack(frames, limit);
  checkOpen(caller);
  return only === Num.I64 ? lowWord(value) : value;
}

function failedAtBorder({ host }: Site, error: unknown, frames: number, limit: number, n: unknown): unknown {
  return failed(host.border!.error(error), frames, limit, n);
}

function failed(error: unknown, frames: number, limit: number, n: unknown): unknown {
  comeBack(frames, limit);
  noteHostError(error);
  return traced(error, n as number);
}

const words = new Int32Array(4);

function generalCode(site: Site): CompiledCode {
  const { f, host, caller } = site;
  return (...values) => {
    const args: unknown[] = host.withModule ? [caller] : [];
    let i = 0;
    for (const type of f.signature.params) {
      if (isRef(type)) args.push(values[i++]);
      else if (type === Num.I64) args.push(bigIntOf(values[i++], values[i++]));
      else {
        i = takeArguments(type, values, i, words, 0);
        args.push(readValue(type, words, 0));
      }
    }
    return callWithList(site, values[i] as number, args);
  };
}

function callWithList(site: Site, n: number, values: readonly unknown[]): unknown {
  return callAt(site, n, values.length, values[0], values[1], values[2], values[3], values);
}

function callAt(
  site: Site,
  n: number,
  count: number,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  d?: unknown,
  values?: readonly unknown[],
): unknown {
  const { frames } = stack;
  const limit = leave(site, n);
  let result: unknown;
  try {
    checkLimit();
    result = runHost(site.host, count, a, b, c, d, values);
  } catch (error) {
    throw failed(error, frames, limit, n);
  }
  comeBack(frames, limit);
  const { f, caller, only } = site;
  if (!caller.closed) {
    if (only === Num.I32 && typeof result === "number") return result | 0;
    if (only === Num.F64 && typeof result === "number") return result;
    if (only === Num.I64 && typeof result === "bigint") return lowWord(result);
    if (only === Num.Bottom && typeof result !== "object") return undefined;
    if (isRef(only) && !isPending(f, result) && matchesRef(only, result)) return result;
  }
  return given(f, caller, site.asynchronous, result);
}

/** What a host function gave, in the convention of compiled code; a promise suspends the caller. */
function given(f: FunctionInstance, caller: ModuleInstance, asynchronous: boolean, result: unknown): unknown {
  if (isPending(f, result)) {
    if (!asynchronous) throw promiseError(f, result);
    suspension.begin({ callee: f, promise: result });
  }
  const types = f.signature.results;
  const values = hostResults(f, caller, result);
  let returned: unknown;
  for (let k = 0; k < types.length; k++) {
    const type = types[k]!;
    if (!isRef(type)) writeValue(type, values[k], words, 0);
    returned = giveResult(type, types.length === 1 ? -1 : k, words, 0, values[k]);
  }
  return returned;
}
