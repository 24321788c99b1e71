// Takes an opcode that counts, goes on in compiled code once that is worth it (instance/engine.ts says what a tier is).
import { KEEPING } from "../../instance/call-stack.ts";
import { argumentList, type CompiledCode, pushArgument, takeResult } from "../../instance/convention.ts";
import type { Tier } from "../../instance/engine.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { suspension } from "../../instance/suspension.ts";
import { functionType } from "../../syntax/module.ts";
import { isRef, Num, type ValType } from "../../syntax/types.ts";
import type { Activation } from "./activation.ts";
import { positionBefore } from "./call.ts";
import { Meta, type ModuleCode } from "./code.ts";
import { Code } from "./codes.generated.ts";
import { rebuild } from "./rebuild.ts";
import { I, R, stack } from "./registers.ts";
import type { TieredCode } from "./tiered-code.ts";
import { raiseForeign } from "./unwind.ts";
import { writeReference } from "./values.ts";

/** A call of a function that is not compiled yet. */
export function hot(activation: Activation, C: Int32Array, at: number, next: number): boolean {
  const { instance } = activation;
  const index = C[at + 2]!;
  if (isCold(C, at, instance, false)) return false;
  const code = tierOf(instance).functionOf(instance, index, activation.asynchronous);
  if (code === null) return giveUp(activation, C, at, next);
  C[at] = Code.compiled;
  return compiled(activation, index, next);
}

/** A call of a compiled function: its arguments stand in the frame, and its results take their place. */
export function compiled(activation: Activation, index: number, next: number): boolean {
  const { instance, fp } = activation;
  activation.pc = next;
  if (stack.nesting >= KEEPING || activation.isPatient(index)) return false;
  const code = tierOf(instance).functionOf(instance, index, activation.asynchronous);
  if (code === null) return false;
  const { params } = functionType(instance.module, index);
  const values = argumentList();
  let at = fp;
  for (let i = 0; i < params.length; i++) {
    const type = params[i]!;
    if (type === Num.I32) values.push(I[at]);
    else pushArgument(values, type, I, at, isRef(type) ? R[at >> 1] : null);
    at += type === Num.V128 ? 4 : 2;
  }
  return finish(activation, code, values, index);
}

/** A turn of a loop. */
export function hotLoop(activation: Activation, C: Int32Array, at: number, next: number): boolean {
  const { instance, fp } = activation;
  const index = C[at + 2]!;
  if (isCold(C, at, instance, true) || stack.nesting >= KEEPING || activation.isPatient(index)) return false;
  const code = tierOf(instance).loopOf(instance, index, C[at + 4]!, activation.asynchronous);
  if (code !== null) {
    beginCompiled(instance.engineState as ModuleCode, index);
    return finish(activation, code, [fp], index);
  }
  return giveUp(activation, C, at, next);
}

/** Counts; once that is at its end it begins anew, in a program that has just begun. */
function isCold(C: Int32Array, at: number, { engineState }: ModuleInstance, isLoop: boolean): boolean {
  const code = engineState as TieredCode;
  if (C[at + 1]! > 0) C[at + 1]!--;
  else {
    if (++code.counted > code.tier.beginning || C[at + 3] === 0) return false;
    C[at + 3]!--;
    C[at + 1] = code.tier.hotAfter(C[at + 2]!, isLoop);
  }
  return true;
}

function tierOf(instance: ModuleInstance): Tier {
  return (instance.engineState as TieredCode).tier;
}

/** From its next call on a function is compiled: its loops need no more entries of their own. Blocks have opcodes of their own. */
export function beginCompiled({ form, words, meta }: ModuleCode, index: number): void {
  const entry = meta[index * Meta.Words]!;
  if (form.name === "switch" && words[entry] === Code.count) words[entry + 1] = words[entry + 3] = 0;
}

/** Makes the opcode a branch to what follows. Gives whether the module's code has another form from here on, as a function stays. */
function giveUp(activation: Activation, C: Int32Array, at: number, next: number): boolean {
  C[at] = Code.br;
  C[at + 1] = next;
  const code = activation.instance.engineState as ModuleCode;
  if (code.form.forGood === null) return false;
  code.form = code.form.forGood;
  activation.failedAt = -1;
  return true;
}

/** Lets compiled code do the rest of the current frame's function, and returns from it; or gives true where that is suspended. */
function finish(activation: Activation, code: CompiledCode, values: readonly unknown[], index: number): boolean {
  const { instance, fp } = activation;
  const module = instance.engineState as TieredCode;
  const { top, frames } = stack;
  const link = fp + module.linkWord(index);
  // A nested run may take the registers from here on.
  const back = I[link]!;
  const backTo = I[link + 1]!;
  stack.top = fp;
  let returned: unknown;
  activation.pc = back;
  activation.fp = backTo;
  stack.frames = --activation.depth;
  activation.failedAt = positionBefore(instance, back);
  try {
    returned = module.tier.run(code, values, instance);
  } catch (error) {
    raiseForeign(activation, error);
    return false;
  } finally {
    stack.top = top;
    stack.frames = frames;
  }
  if (returned === suspension) {
    rebuild(activation, fp, back, backTo);
    return true;
  }
  writeReturned(functionType(instance.module, index).results, returned, fp);
  return false;
}

/** Puts the results of a call into registers from word `at` on. */
function writeReturned(results: readonly ValType[], returned: unknown, at: number): void {
  if (results.length === 1 && results[0] === Num.I32) {
    I[at] = returned as number;
    return;
  }
  for (let i = 0; i < results.length; i++) {
    const type = results[i]!;
    const reference = takeResult(type, returned, results.length === 1 ? -1 : i, I, at);
    if (isRef(type)) writeReference(at, reference);
    at += type === Num.V128 ? 4 : 2;
  }
}
