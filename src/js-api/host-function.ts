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
  return allocateFunction(type, isCallable ? runOf(callable, params, results) : refuse, index, label);
}

/** Throws the TypeError of a call that cannot be. */
export function refuse(): never {
  throw new TypeError("the type of an imported function has values that cannot cross to JavaScript");
}

// With as many parameters as the type has, so that no list is made of few.
function runOf(callable: Callable, params: readonly ValType[], results: readonly ValType[]): Callable {
  const [a, b, c, d] = params;
  switch (params.length) {
    case 0:
      return () => run(callable, results, 0);
    case 1:
      return (w) => run(callable, results, 1, toJavaScript(w, a));
    case 2:
      return (w, x) => run(callable, results, 2, toJavaScript(w, a), toJavaScript(x, b));
    case 3:
      return (w, x, y) => run(callable, results, 3, toJavaScript(w, a), toJavaScript(x, b), toJavaScript(y, c));
    case 4:
      return (w, x, y, z) =>
        run(callable, results, 4, toJavaScript(w, a), toJavaScript(x, b), toJavaScript(y, c), toJavaScript(z, d));
    default:
      return (...values) =>
        runAll(
          callable,
          results,
          values.map((value, i) => toJavaScript(value, params[i])),
        );
  }
}

function run(
  callable: Callable,
  results: readonly ValType[],
  count: number,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  d?: unknown,
): unknown {
  try {
    return resultsOf(apply(callable, count, a, b, c, d), results);
  } catch (error) {
    throw thrownByHost(error);
  }
}

function apply(callable: Callable, count: number, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
  switch (count) {
    case 0:
      return callable();
    case 1:
      return callable(a);
    case 2:
      return callable(a, b);
    case 3:
      return callable(a, b, c);
    default:
      return callable(a, b, c, d);
  }
}

function runAll(callable: Callable, results: readonly ValType[], args: readonly unknown[]): unknown {
  try {
    return resultsOf(callable(...args), results);
  } catch (error) {
    throw thrownByHost(error);
  }
}

/** The results in what a function gave. */
export function resultsOf(value: unknown, types: readonly ValType[]): unknown {
  if (types.length === 0) return undefined;
  if (types.length === 1) return toWebAssembly(value, types[0]);
  const values = iterated(value, "what a function with several results gives");
  if (values.length !== types.length)
    throw new TypeError(`${types.length} results were expected, got ${values.length}`);
  return values.map((one, i) => toWebAssembly(one, types[i]));
}
