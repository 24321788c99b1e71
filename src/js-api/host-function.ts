// Takes a function of JavaScript's, gives a function of the store that calls it (JavaScript API: create a host function).
import { allocateFunction, applyFew, type FunctionInstance } from "../embedding.ts";
import { type DefType, defType, type TypeId, type ValType } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { thrownByHost } from "./thrown.ts";
import { areCrossable, refuse } from "./value-types.ts";
import { iterated } from "./web-idl.ts";

type Callable = (...args: unknown[]) => unknown;

/** Makes a function of the store; `index` is its place among the functions that are imported, `label` says what it is in messages. */
export function hostFunction(callable: Callable, type: TypeId, index: number, label: string): FunctionInstance {
  const signature = defType(type);
  return allocateFunction(type, areCrossable(signature) ? runOf(callable, signature) : refuse, index, label);
}

// With as many parameters as the type has, so that no list is made of few.
function runOf(callable: Callable, { params, results }: DefType): Callable {
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
      return (...values) => {
        const args = values.map((value, i) => toJavaScript(value, params[i]));
        return run(callable, results, args.length, args[0], args[1], args[2], args[3], args);
      };
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
  values?: readonly unknown[],
): unknown {
  try {
    return resultsOf(applyFew(callable, count, a, b, c, d, values), results);
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
    throw new TypeError(`expected ${counted(types.length, "result")}, got ${values.length}`);
  return values.map((one, i) => toWebAssembly(one, types[i]));
}
