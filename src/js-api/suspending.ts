// Takes functions that give promises, and guests' functions that wait for them (JavaScript Promise Integration proposal).
import type { FunctionInstance } from "../embedding.ts";
import type { TypeId } from "../syntax/types.ts";
import { toArguments } from "./convert.ts";
import { functionOf, instanceOf, resultOf } from "./exported-function.ts";
import { hostFunction } from "./host-function.ts";
import { thrownByGuest } from "./thrown.ts";
import { areCrossable, refuse } from "./value-types.ts";
import { defineInterface } from "./web-idl.ts";

type Callable = (...args: unknown[]) => unknown;

const callables = new WeakMap<object, Callable>();

/** A function of JavaScript's whose promises suspend the guest that imports it. */
export class Suspending {
  constructor(jsFunction: unknown) {
    if (typeof jsFunction !== "function" || functionOf(jsFunction) !== undefined)
      throw new TypeError("a function of JavaScript's was expected");
    callables.set(this, jsFunction as Callable);
  }
}

defineInterface(Suspending, "Suspending");

/** The function of a `Suspending`; undefined for other values. */
export function suspendingOf(value: unknown): Callable | undefined {
  return callables.get(value as object);
}

/** As `hostFunction`, for the function of a `Suspending`. */
export function suspendingFunction(callable: Callable, type: TypeId, index: number, label: string): FunctionInstance {
  return hostFunction((...values) => Promise.resolve(callable(...values)), type, index, label, true);
}

/** A function that gives a promise of what an exported one gives, which may be suspended meanwhile. Throws a TypeError for other values. */
export function promising(wasmFunction: unknown): (...args: unknown[]) => Promise<unknown> {
  const f = instanceOf(wasmFunction);
  const { params, results } = f.signature;
  const call = (...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!areCrossable(f.signature)) refuse();
      toArguments(args, params);
      f.callThen(
        args,
        (result) => resolve(resultOf(result, results)),
        (error) => reject(thrownByGuest(error)),
      );
    });
  Object.defineProperty(call, "length", { value: params.length });
  return Object.defineProperty(call, "name", { value: String(f.index) });
}
