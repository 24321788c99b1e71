// Calls that leave an instance: to a host function, or to a function of another instance (specification: 4.6.5 Function calls).
import { checkOpen } from "../../instance/closing.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import { callHost, isPending, settledValue } from "../../instance/host-call.ts";
import { checkLimit, type Outcome } from "../../instance/meter.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { WaitFunction } from "../../instance/wait.ts";
import { isRef, matchesHeap, Num, type TypeId } from "../../syntax/types.ts";
import type { Activation } from "./activation.ts";
import { Meta, type ModuleCode } from "./code.ts";
import { CROSS_RETURN } from "./frames.ts";
import { I, R, REGISTER_WORDS, stack } from "./registers.ts";
import { raiseForeign } from "./unwind.ts";
import { readRegister, readValues, slotWords, writeReference, writeResults } from "./values.ts";

/** Traps where a function called through a table is not of a subtype of the expected type. */
export function checkCallType(callee: FunctionInstance, expected: TypeId): void {
  if (!matchesHeap(callee.type, expected)) trap(TrapCode.IndirectCallType);
}

/**
 * Calls a function with its frame at `at`, to return to the activation's `pc`. Afterwards the activation says where to go on.
 * Gives true where it is suspended instead.
 */
export function callOut(activation: Activation, callee: FunctionInstance, at: number): boolean {
  const { instance, pc, fp } = activation;
  if (callee.instance === null) return callForeign(activation, instance, callee, at);
  if (callee.instance === instance) {
    enterFunction(activation, callee, at, pc);
    return false;
  }
  enterFunction(activation, callee, at, CROSS_RETURN);
  activation.calls.push({ instance, pc, fp });
  return false;
}

/** Begins a Wasm function whose arguments stand from word `at`; it returns to `link` of its own module's code. */
export function enterFunction(activation: Activation, callee: FunctionInstance, at: number, link: number): void {
  if (activation.depth >= activation.maxDepth) trap(TrapCode.CallStack);
  readyFunction(callee, at);
  beginFunction(activation, callee, at, link, activation.fp);
  activation.depth++;
}

/** Sees to it that a function has code, and room for its frame at `at`. */
function readyFunction({ instance, index }: FunctionInstance, at: number): void {
  checkOpen(instance!);
  const code = instance!.engineState as ModuleCode;
  const { meta } = code;
  if (meta[index * Meta.Words] === 0) code.translate(index);
  if (at + meta[index * Meta.Words + Meta.Frame]! > REGISTER_WORDS) trap(TrapCode.CallStack);
}

/** Makes a ready function's frame at `at` the current one; it returns to `link`, and there to the frame at `fp`. */
function beginFunction(activation: Activation, callee: FunctionInstance, at: number, link: number, fp: number): void {
  const { instance, index } = callee;
  const { meta } = instance!.engineState as ModuleCode;
  const linkWord = at + meta[index * Meta.Words + Meta.Link]!;
  I[linkWord] = link;
  I[linkWord + 1] = fp;
  for (let word = at + meta[index * Meta.Words + Meta.Locals]!; word < linkWord; word++) I[word] = 0;
  activation.instance = instance!;
  activation.pc = meta[index * Meta.Words]!;
  activation.fp = at;
}

/**
 * Puts a function in the place of the current frame, whose link is at word `own`; its arguments stand from word `from`. Gives
 * true where the activation is suspended.
 */
export function tailCall(activation: Activation, callee: FunctionInstance, from: number, own: number): boolean {
  const { instance, fp } = activation;
  const back = I[own]!;
  const backTo = I[own + 1]!;
  if (callee.instance === null) {
    moveArguments(callee, from, fp);
    // The frame is gone, so that the call is its caller's, which it returns to.
    activation.pc = back;
    activation.fp = backTo;
    activation.depth--;
    activation.failedAt = positionBefore(instance, back);
    return callForeign(activation, instance, callee, fp);
  }
  const leaves = callee.instance !== instance && back > CROSS_RETURN;
  readyFunction(callee, fp);
  moveArguments(callee, from, fp);
  beginFunction(activation, callee, fp, leaves ? CROSS_RETURN : back, backTo);
  if (leaves) activation.calls.push({ instance, pc: back, fp: backTo });
  return false;
}

/** The code position of the call that returns to `address`. */
export function positionBefore(instance: ModuleInstance, address: number): number {
  return address <= CROSS_RETURN ? address : (instance.engineState as ModuleCode).positionOf(address) - 1;
}

/** Moves a call's arguments down from word `from` to word `to`. */
function moveArguments({ signature: { params } }: FunctionInstance, from: number, to: number): void {
  for (const type of params) {
    I[to] = I[from]!;
    I[to + 1] = I[from + 1]!;
    if (type === Num.V128) {
      I[to + 2] = I[from + 2]!;
      I[to + 3] = I[from + 3]!;
    } else if (isRef(type)) R[to >> 1] = R[from >> 1];
    from += type === Num.V128 ? 4 : 2;
    to += type === Num.V128 ? 4 : 2;
  }
}

/** Goes on in the instance that called the function which has just returned. */
export function leaveInstance(activation: Activation): void {
  const { instance, pc, fp } = activation.calls.pop()!;
  checkOpen(instance);
  activation.instance = instance;
  activation.pc = pc;
  activation.fp = fp;
}

/** Calls a host function, or one that waits. */
function callForeign(activation: Activation, caller: ModuleInstance, callee: FunctionInstance, at: number): boolean {
  if (callee.host?.isDirect === true) {
    callDirect(activation, callee, at);
    return false;
  }
  const { params, results } = callee.signature;
  const args = readValues(params, at);
  const { top, frames } = stack;
  stack.top = at + Math.max(slotWords(params), slotWords(results));
  stack.frames = activation.depth;
  if (stack.top > REGISTER_WORDS) trap(TrapCode.CallStack);
  try {
    const { asynchronous } = activation;
    const result =
      callee instanceof WaitFunction ? callee.wait(args, asynchronous) : callHost(callee, caller, args, asynchronous);
    if (isPending(callee, result)) {
      activation.pending = { callee, promise: result, at };
      return true;
    }
    writeResults(callee, caller, at, result);
  } catch (error) {
    raiseForeign(activation, error);
  } finally {
    stack.top = top;
    stack.frames = frames;
  }
  return false;
}

type Run = (a: unknown, b: unknown, c: unknown) => unknown;

/** Calls a function that `isDirect`: it has one result, and at most three parameters of a slot each. */
function callDirect(activation: Activation, { host, signature }: FunctionInstance, at: number): void {
  const { params, results } = signature;
  const count = params.length;
  checkLimit();
  try {
    const result = (host!.run as Run)(
      readRegister(params[0]!, at),
      count > 1 ? readRegister(params[1]!, at + 2) : undefined,
      count > 2 ? readRegister(params[2]!, at + 4) : undefined,
    );
    if (isRef(results[0]!)) writeReference(at, result);
    else I[at] = result as number;
  } catch (error) {
    raiseForeign(activation, error);
  }
}

/** Ends the call at word `at` that suspended the activation: it returns, or throws. */
export function resume(activation: Activation, callee: FunctionInstance, at: number, outcome: Outcome): void {
  try {
    writeResults(callee, activation.instance, at, settledValue(callee, outcome));
    activation.failedAt = -1;
  } catch (error) {
    raiseForeign(activation, error);
  }
}
