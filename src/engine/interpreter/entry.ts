// Takes a function or an instruction, gives it in the convention of compiled code, to be run by the interpreter (instance/convention.ts).
import { type CompiledCode, framesIn, giveResult, takeArguments } from "../../instance/convention.ts";
import type { Instruction } from "../../instance/engine.ts";
import { traced } from "../../instance/exception.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { isRef, Num, type ValType } from "../../syntax/types.ts";
import { Code } from "./codes.generated.ts";
import { executeRare, RARE_OPERANDS } from "./rare.ts";
import { I, R, REGISTER_WORDS, stack } from "./registers.ts";
import { slotWords } from "./values.ts";

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

/** An instruction that compiled code calls: its operands stand in registers of their own, above all that is live. */
export function instructionOf(
  { op, params, immediates, results }: Instruction,
  instance: ModuleInstance,
): CompiledCode {
  const operands: number[] = [];
  let at = 0;
  for (const type of params) {
    operands.push(at);
    at += slotWords([type]);
  }
  const words = [...operands, ...immediates];
  const code = Int32Array.of(Code.rare, RARE_OPERANDS + words.length, op, at, ...words);
  const limit = at + slotWords(results);
  return (...values) => {
    const base = stack.top;
    if (base + limit > REGISTER_WORDS) trap(TrapCode.CallStack);
    write(params, values, base);
    executeRare(instance, code, 0, base);
    return read(results, base + at);
  };
}

function write(types: readonly ValType[], values: readonly unknown[], at: number): void {
  let i = 0;
  for (const type of types) {
    if (isRef(type)) {
      while (R.length <= at >> 1) R.push(null);
      R[at >> 1] = values[i++];
    } else i = takeArguments(type, values, i, I, at);
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
