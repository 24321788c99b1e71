// Takes a host function, gives it in the convention of compiled code (specification: 4.5.5 Invocation).
import { stack } from "../../instance/call-stack.ts";
import { type CompiledCode, framesIn, giveResult, takeArguments } from "../../instance/convention.ts";
import { traced } from "../../instance/exception.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import { callHost, hostResults, isPending, noteHostError, promiseError } from "../../instance/host-call.ts";
import { checkLimit } from "../../instance/meter.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { takesPlain } from "../../instance/signature.ts";
import { suspension } from "../../instance/suspension.ts";
import { readValue, writeValue } from "../../instance/value.ts";
import { isRef, Num } from "../../syntax/types.ts";

type Run = (...args: unknown[]) => unknown;

/** A host function as an instance calls it. */
export function hostCode(f: FunctionInstance, caller: ModuleInstance, asynchronous: boolean): CompiledCode {
  return takesPlain(f) && !f.host!.withModule
    ? plainCode(f, caller, asynchronous)
    : generalCode(f, caller, asynchronous);
}

/** Arguments are what JavaScript takes as it is: no list is made of them. */
function plainCode(f: FunctionInstance, caller: ModuleInstance, asynchronous: boolean): CompiledCode {
  const run = f.host!.run as Run;
  const { results } = f.signature;
  const only = results.length === 1 ? results[0]! : -1;
  return (...values) => {
    const { frames } = stack;
    const n = values[values.length - 1] as number;
    stack.frames = framesIn(n) - 1;
    let result: unknown;
    try {
      checkLimit();
      result = runPlain(run, values);
    } catch (error) {
      noteHostError(error);
      throw traced(error, n);
    } finally {
      stack.frames = frames;
    }
    if (!caller.closed) {
      if (only === Num.I32 && typeof result === "number") return result | 0;
      if (only === Num.F64 && typeof result === "number") return result;
      if (results.length === 0 && typeof result !== "object") return undefined;
    }
    return given(f, caller, asynchronous, result);
  };
}

/** Calls with all values but the last. */
function runPlain(run: Run, values: readonly unknown[]): unknown {
  switch (values.length) {
    case 1:
      return run();
    case 2:
      return run(values[0]);
    case 3:
      return run(values[0], values[1]);
    case 4:
      return run(values[0], values[1], values[2]);
    case 5:
      return run(values[0], values[1], values[2], values[3]);
    default:
      return run(...values.slice(0, -1));
  }
}

const words = new Int32Array(4);

function generalCode(f: FunctionInstance, caller: ModuleInstance, asynchronous: boolean): CompiledCode {
  const { params } = f.signature;
  return (...values) => {
    let i = 0;
    const args: unknown[] = [];
    for (const type of params) {
      if (isRef(type)) args.push(values[i++]);
      else {
        i = takeArguments(type, values, i, words, 0);
        args.push(readValue(type, words, 0));
      }
    }
    const { frames } = stack;
    const n = values[i] as number;
    stack.frames = framesIn(n) - 1;
    let result: unknown;
    try {
      result = callHost(f, caller, args);
    } catch (error) {
      throw traced(error, n);
    } finally {
      stack.frames = frames;
    }
    return given(f, caller, asynchronous, result);
  };
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
