// Takes a guest's function, gives a function of JavaScript's that hands its values over, few of them without a list (JavaScript API: call an Exported
// Function). Glue calls such functions by the million.
import { type FunctionInstance, highWord, lowWord, returnedBigInt } from "../embedding.ts";
import { Num, type ValType } from "../syntax/types.ts";
import { toArguments, toJavaScript, toWebAssembly } from "./convert.ts";
import { thrownByGuest } from "./thrown.ts";

type Callable = (...args: unknown[]) => unknown;

/** The function that calls a guest's; undefined for one that is none of a guest's, or gives several results. */
export function directCallable(f: FunctionInstance): Callable | undefined {
  const { params, results } = f.signature;
  if (f.instance === null || results.length > 1) return undefined;
  const result = results[0] ?? Num.Bottom;
  const [a, b, c, d] = params;
  switch (params.includes(Num.I64) ? -1 : params.length) {
    case 0:
      return () => enter(f, result, 0);
    case 1:
      return (w) => enter(f, result, 1, toWebAssembly(w, a));
    case 2:
      return (w, x) => enter(f, result, 2, toWebAssembly(w, a), toWebAssembly(x, b));
    case 3:
      return (w, x, y) => enter(f, result, 3, toWebAssembly(w, a), toWebAssembly(x, b), toWebAssembly(y, c));
    case 4:
      return (w, x, y, z) =>
        enter(f, result, 4, toWebAssembly(w, a), toWebAssembly(x, b), toWebAssembly(y, c), toWebAssembly(z, d));
    default:
      return (...args) => {
        const values = params.includes(Num.I64) ? wordsOf(args, params) : toArguments(args, params);
        return enter(f, result, values.length, values[0], values[1], values[2], values[3], values);
      };
  }
}

/** What a function is called with, by the convention of compiled code: an i64 is two words. */
function wordsOf(args: readonly unknown[], params: readonly ValType[]): readonly unknown[] {
  const words: unknown[] = [];
  for (let i = 0; i < params.length; i++) {
    if (params[i] === Num.I64) words.push(lowWord(args[i]), highWord());
    else words.push(toWebAssembly(args[i], params[i]));
  }
  return words;
}

function enter(
  f: FunctionInstance,
  result: ValType,
  count: number,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  d?: unknown,
  values?: readonly unknown[],
): unknown {
  let returned: unknown;
  try {
    returned = f.enter(count, a, b, c, d, values);
  } catch (error) {
    throw thrownByGuest(error);
  }
  if (result === Num.Bottom) return undefined;
  return result === Num.I64 ? returnedBigInt(returned) : toJavaScript(returned, result);
}
