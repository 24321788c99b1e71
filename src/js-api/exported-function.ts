// Takes functions of the store, gives functions of JavaScript's that call them, one for each (JavaScript API: Exported Functions).
import type { FunctionInstance } from "../embedding.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { directCallable } from "./direct-call.ts";
import { thrownByGuest } from "./thrown.ts";
import { isCrossable } from "./value-types.ts";

type Callable = (...args: unknown[]) => unknown;

const exported = new WeakMap<FunctionInstance, Callable>();
const instances = new WeakMap<object, FunctionInstance>();

/** The function that JavaScript calls, always the same one. */
export function exportedFunction(f: FunctionInstance): Callable {
  let callable = exported.get(f);
  if (callable === undefined) {
    callable = callableOf(f);
    exported.set(f, callable);
    instances.set(callable, f);
  }
  return callable;
}

/** The function of the store that an exported function calls; undefined for any other value. */
export function functionOf(value: unknown): FunctionInstance | undefined {
  return typeof value === "function" ? instances.get(value) : undefined;
}

function callableOf(f: FunctionInstance): Callable {
  const { params, results } = f.signature;
  const isCallable = [...params, ...results].every(isCrossable);
  // Arrow functions are no constructors.
  const callable: Callable = isCallable ? (directCallable(f) ?? ((...args) => invoke(f, args))) : () => refuse();
  if (callable.length !== params.length) Object.defineProperty(callable, "length", { value: params.length });
  return Object.defineProperty(callable, "name", { value: String(f.index) });
}

function invoke(f: FunctionInstance, args: unknown[]): unknown {
  const { params, results } = f.signature;
  if (args.length !== params.length) args.length = params.length;
  for (let i = 0; i < params.length; i++) args[i] = toWebAssembly(args[i], params[i]);
  let result: unknown;
  try {
    result = f.callWith(args);
  } catch (error) {
    throw thrownByGuest(error);
  }
  if (results.length === 0) return undefined;
  if (results.length === 1) return toJavaScript(result, results[0]);
  return (result as unknown[]).map((value, i) => toJavaScript(value, results[i]));
}

function refuse(): never {
  throw new TypeError("the function's type has values that cannot cross to JavaScript");
}
