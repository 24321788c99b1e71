// Takes a function of JavaScript's, gives a function of the store that calls it (JavaScript API: create a host function).
import { allocateFunction, type FunctionInstance } from "../embedding.ts";
import { type DefType, defType, isRef, type TypeId, type ValType } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { thrownByHost } from "./thrown.ts";
import { areCrossable, refuse } from "./value-types.ts";
import { iterated } from "./web-idl.ts";

type Callable = (...args: unknown[]) => unknown;

/**
 * Makes a function of the store; `index` is its place among the functions that are imported, `label` says what it is in messages. With `waits` it
 * gives promises, which are waited for.
 */
export function hostFunction(
  callable: Callable,
  type: TypeId,
  index: number,
  label: string,
  waits = false,
): FunctionInstance {
  const signature = defType(type);
  const run = areCrossable(signature) ? runOf(callable, signature) : refuse;
  const result = (value: unknown): unknown => resultsOf(value, signature.results);
  return allocateFunction(type, run, index, label, { result, error: thrownByHost }, waits);
}

// Numbers are the same on both sides.
function runOf(callable: Callable, { params }: DefType): Callable {
  if (!params.some(isRef)) return callable;
  const [a, b, c] = params;
  // Glue calls these by the million too: of few values no list is made.
  if (params.length === 1) return (x) => callable(toJavaScript(x, a));
  if (params.length === 2) return (x, y) => callable(toJavaScript(x, a), toJavaScript(y, b));
  if (params.length === 3) return (x, y, z) => callable(toJavaScript(x, a), toJavaScript(y, b), toJavaScript(z, c));
  return (...values) => {
    for (let i = 0; i < params.length; i++) values[i] = toJavaScript(values[i], params[i]);
    return callable(...values);
  };
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
