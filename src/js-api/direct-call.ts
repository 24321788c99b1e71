// Takes a guest's function of few values, gives a function of JavaScript's that hands them over without lists (JavaScript API: call an Exported
// Function). Glue calls such functions by the million.
import { type FunctionInstance, highWord, lowWord, returnedBigInt } from "../embedding.ts";
import { Num, type ValType } from "../syntax/types.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { thrownByGuest } from "./thrown.ts";

type Callable = (...args: unknown[]) => unknown;

/** As many values as `FunctionInstance.enter` takes. An i64 is two. */
const MOST = 4;

/** The function that calls a guest's; undefined where it has more values than are handed over, or is none of a guest's. */
export function directCallable(f: FunctionInstance): Callable | undefined {
  const { params, results } = f.signature;
  if (f.instance === null || results.length > 1 || wordsOf(params) > MOST) return undefined;
  const result = results[0] ?? Num.Bottom;
  if (params.includes(Num.I64)) return (...args) => enterWords(f, params, args, result);
  const [a, b, c, d] = params;
  switch (params.length) {
    case 0:
      return () => enter(f, 0, result);
    case 1:
      return (w) => enter(f, 1, result, toWebAssembly(w, a));
    case 2:
      return (w, x) => enter(f, 2, result, toWebAssembly(w, a), toWebAssembly(x, b));
    case 3:
      return (w, x, y) => enter(f, 3, result, toWebAssembly(w, a), toWebAssembly(x, b), toWebAssembly(y, c));
    default:
      return (w, x, y, z) =>
        enter(f, 4, result, toWebAssembly(w, a), toWebAssembly(x, b), toWebAssembly(y, c), toWebAssembly(z, d));
  }
}

function wordsOf(types: readonly ValType[]): number {
  return types.reduce((count, type) => count + (type === Num.I64 ? 2 : 1), 0);
}

function enter(
  f: FunctionInstance,
  count: number,
  result: ValType,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  d?: unknown,
): unknown {
  let returned: unknown;
  try {
    returned = f.enter(count, a, b, c, d);
  } catch (error) {
    throw thrownByGuest(error);
  }
  if (result === Num.Bottom) return undefined;
  return result === Num.I64 ? returnedBigInt(returned) : toJavaScript(returned, result);
}

function enterWords(
  f: FunctionInstance,
  params: readonly ValType[],
  args: readonly unknown[],
  result: ValType,
): unknown {
  const words: unknown[] = [];
  for (let i = 0; i < params.length; i++) {
    if (params[i] === Num.I64) words.push(lowWord(args[i]), highWord());
    else words.push(toWebAssembly(args[i], params[i]));
  }
  return enter(f, words.length, result, words[0], words[1], words[2], words[3]);
}
