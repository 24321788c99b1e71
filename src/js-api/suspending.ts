// Takes functions that give promises, and guests' functions that wait for them (JavaScript Promise Integration proposal).
import { allocateFunction, type FunctionInstance } from "../embedding.ts";
import { defType, type TypeId } from "../syntax/types.ts";
import { toArguments, toJavaScript } from "./convert.ts";
import { instanceOf, resultOf } from "./exported-function.ts";
import { resultsOf } from "./host-function.ts";
import { thrownByGuest, thrownByHost } from "./thrown.ts";
import { areCrossable, refuse } from "./value-types.ts";
import { defineInterface } from "./web-idl.ts";

type Callable = (...args: unknown[]) => unknown;

const callables = new WeakMap<object, Callable>();

/** A function of JavaScript's whose promises suspend the guest that imports it. */
export class Suspending {
  constructor(jsFunction: unknown) {
    if (typeof jsFunction !== "function") throw new TypeError("a function was expected");
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
  const signature = defType(type);
  const { params, results } = signature;
  const run = async (...values: unknown[]): Promise<unknown> => {
    try {
      return resultsOf(await callable(...values.map((value, i) => toJavaScript(value, params[i]))), results);
    } catch (error) {
      throw thrownByHost(error);
    }
  };
  return allocateFunction(type, areCrossable(signature) ? run : refuse, index, label);
}

/** A function that gives a promise of what an exported one gives, which may be suspended meanwhile. Throws a TypeError for other values. */
export function promising(wasmFunction: unknown): (...args: unknown[]) => Promise<unknown> {
  const f = instanceOf(wasmFunction);
  const { params, results } = f.signature;
  const call = async (...args: unknown[]): Promise<unknown> => {
    if (!areCrossable(f.signature)) refuse();
    toArguments(args, params);
    try {
      return resultOf(await f.callAsync(...args), results);
    } catch (error) {
      throw thrownByGuest(error);
    }
  };
  Object.defineProperty(call, "length", { value: params.length });
  return Object.defineProperty(call, "name", { value: String(f.index) });
}
