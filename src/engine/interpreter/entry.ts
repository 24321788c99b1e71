// Takes a function, gives it in the convention of compiled code, to be run by the interpreter (instance/convention.ts).
import { type CompiledCode, framesIn, giveResult, takeArguments } from "../../instance/convention.ts";
import { traced } from "../../instance/exception.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { isRef, Num, type ValType } from "../../syntax/types.ts";
import { I, R, REGISTER_WORDS, stack } from "./registers.ts";
import { slotWords, writeReference } from "./values.ts";

/** Runs the activation of a function whose arguments stand from a word on. */
export type RunAt = (target: FunctionInstance, base: number) => void;

/** A function that compiled code calls and the interpreter runs. */
export function entryOf(target: FunctionInstance, run: RunAt): CompiledCode {
  const { params, results } = target.signature;
  const words = Math.max(slotWords(params), slotWords(results));
  return (...values) => {
    const base = stack.top;
    if (base + words > REGISTER_WORDS) trap(TrapCode.CallStack);
    write(params, values, base);
    const { frames } = stack;
    const n = values[values.length - 1] as number;
    stack.frames = framesIn(n) - 1;
    try {
      run(target, base);
    } catch (error) {
      throw traced(error, n);
    } finally {
      stack.frames = frames;
    }
    return read(results, base);
  };
}

function write(types: readonly ValType[], values: readonly unknown[], at: number): void {
  let i = 0;
  for (const type of types) {
    if (type === Num.I32) I[at] = values[i++] as number;
    else if (isRef(type)) writeReference(at, values[i++]);
    else i = takeArguments(type, values, i, I, at);
    at += type === Num.V128 ? 4 : 2;
  }
}

function read(types: readonly ValType[], at: number): unknown {
  if (types.length === 1) return giveResult(types[0]!, -1, I, at, R[at >> 1]);
  types.forEach((type, i) => {
    giveResult(type, i, I, at, R[at >> 1]);
    at += type === Num.V128 ? 4 : 2;
  });
  return undefined;
}
