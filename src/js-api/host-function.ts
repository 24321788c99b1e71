// Takes a function of JavaScript's, gives a function of the store that calls it (JavaScript API: create a host function).
import { allocateFunction, type FunctionInstance } from "../embedding.ts";
import { defType, type TypeId, type ValType } from "../syntax/types.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { thrownByHost } from "./thrown.ts";
import { isCrossable } from "./value-types.ts";
import { iterated } from "./web-idl.ts";

type Callable = (...args: unknown[]) => unknown;

/** Makes a function of the store; `index` is its place among the functions that are imported, `label` says what it is in messages. */
export function hostFunction(callable: Callable, type: TypeId, index: number, label: string): FunctionInstance {
  const { params, results } = defType(type);
  const isCallable = [...params, ...results].every(isCrossable);
  const run: Callable = (...args) => {
    if (!isCallable) throw new TypeError(`the type of "${label}" has values that cannot cross to JavaScript`);
    try {
      return resultsOf(callable(...args.map((value, i) => toJavaScript(value, params[i]))), results);
    } catch (error) {
      throw thrownByHost(error);
    }
  };
  return allocateFunction(type, run, index, label);
}

function resultsOf(value: unknown, types: readonly ValType[]): unknown {
  if (types.length === 0) return undefined;
  if (types.length === 1) return toWebAssembly(value, types[0]);
  const values = iterated(value, "what a function with several results gives");
  if (values.length !== types.length)
    throw new TypeError(`${types.length} results were expected, got ${values.length}`);
  return values.map((one, i) => toWebAssembly(one, types[i]));
}
