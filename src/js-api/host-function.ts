// Takes a function of JavaScript's, gives a function of the store that calls it (JavaScript API: create a host function).
import { allocateFunction, type FunctionInstance } from "../embedding.ts";
import { defType, isRef, type TypeId, type ValType } from "../syntax/types.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { thrownByHost } from "./thrown.ts";
import { isCrossable } from "./value-types.ts";
import { iterated } from "./web-idl.ts";

type Callable = (...args: unknown[]) => unknown;

/** Makes a function of the store; `index` is its place among the functions that are imported, `label` says what it is in messages. */
export function hostFunction(callable: Callable, type: TypeId, index: number, label: string): FunctionInstance {
  const { params, results } = defType(type);
  const areNumbers = !params.some(isRef);
  const run: Callable = (...args) => {
    try {
      const value = areNumbers
        ? apply(callable, args)
        : callable(...args.map((value, i) => toJavaScript(value, params[i])));
      return resultsOf(value, results);
    } catch (error) {
      throw thrownByHost(error);
    }
  };
  const isCallable = [...params, ...results].every(isCrossable);
  return allocateFunction(type, isCallable ? run : () => refuse(label), index, label);
}

/** Calls with numbers, which are in JavaScript what they are. Few are spread by hand, which is several times as fast. */
function apply(callable: Callable, args: readonly unknown[]): unknown {
  switch (args.length) {
    case 0:
      return callable();
    case 1:
      return callable(args[0]);
    case 2:
      return callable(args[0], args[1]);
    case 3:
      return callable(args[0], args[1], args[2]);
    case 4:
      return callable(args[0], args[1], args[2], args[3]);
    default:
      return callable(...args);
  }
}

function refuse(label: string): never {
  throw new TypeError(`the type of "${label}" has values that cannot cross to JavaScript`);
}

function resultsOf(value: unknown, types: readonly ValType[]): unknown {
  if (types.length === 0) return undefined;
  if (types.length === 1) return toWebAssembly(value, types[0]);
  const values = iterated(value, "what a function with several results gives");
  if (values.length !== types.length)
    throw new TypeError(`${types.length} results were expected, got ${values.length}`);
  return values.map((one, i) => toWebAssembly(one, types[i]));
}
