// Calls that leave an instance: to a host function, or to a function of another instance (specification: 4.6.7 Function calls).
import type { WasmValue } from "../../api/value.ts";
import { checkOpen, type FunctionInstance } from "../../instance/function.ts";
import { callHost, isPromise, promiseError } from "../../instance/host-call.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { matchesHeap, type TypeId } from "../../syntax/types.ts";
import type { Activation } from "./activation.ts";
import { ModuleCode } from "./code.ts";
import { I, REGISTER_WORDS, stack } from "./registers.ts";
import { readValues, slotWords, writeResults } from "./values.ts";

/** Position of `crossReturn` in every module's code. */
const CROSS_RETURN = 1;

/** Traps where a function called through a table is not of a subtype of the expected type. */
export function checkCallType(callee: FunctionInstance, expected: TypeId): void {
  if (!matchesHeap(callee.type, expected)) trap(TrapCode.IndirectCallType);
}

/**
 * Calls a function outside the running instance with its frame at `at`. Afterwards the activation says where to go on.
 * Gives true where it is suspended instead.
 */
export function callOut(activation: Activation, callee: FunctionInstance, at: number): boolean {
  const target = callee.instance;
  if (
    target !== null &&
    target.engineState instanceof ModuleCode &&
    target.engineState.dispatch === dispatchOf(activation)
  ) {
    activation.calls.push({ instance: activation.instance, pc: activation.pc, fp: activation.fp });
    enterFunction(activation, callee, at, CROSS_RETURN);
    return false;
  }
  return callForeign(activation, callee, at);
}

function dispatchOf(activation: Activation): string {
  return (activation.instance.engineState as ModuleCode).dispatch;
}

/** Begins a Wasm function whose arguments stand from word `at`; it returns to `link` of its own module's code. */
export function enterFunction(activation: Activation, callee: FunctionInstance, at: number, link: number): void {
  const instance = callee.instance!;
  checkOpen(instance);
  const code = instance.engineState as ModuleCode;
  const { meta } = code;
  const base = callee.index * 4;
  const entry = meta[base] === 0 ? code.translate(callee.index) : meta[base]!;
  const linkWord = at + meta[base + 1]!;
  if (at + meta[base + 3]! > REGISTER_WORDS || ++activation.depth > activation.maxDepth) trap(TrapCode.CallStack);
  I[linkWord] = link;
  I[linkWord + 1] = at;
  for (let word = at + meta[base + 2]!; word < linkWord; word++) I[word] = 0;
  activation.instance = instance;
  activation.pc = entry;
  activation.fp = at;
}

/** Goes on in the instance that called the function which has just returned. */
export function leaveInstance(activation: Activation): boolean {
  const { instance, pc, fp } = activation.calls.pop()!;
  checkOpen(instance);
  activation.instance = instance;
  activation.pc = pc;
  activation.fp = fp;
  return false;
}

/** Calls a host function, or one of another engine through its public face. */
function callForeign(activation: Activation, callee: FunctionInstance, at: number): boolean {
  const { params, results } = callee.signature;
  const args = readValues(params, at);
  const { top, frames } = stack;
  stack.top = at + Math.max(slotWords(params), slotWords(results));
  stack.frames = activation.depth;
  if (stack.top > REGISTER_WORDS) trap(TrapCode.CallStack);
  let result: unknown;
  try {
    result = callee.host === null ? callWasm(activation, callee, args) : callHost(callee, activation.instance, args);
  } finally {
    stack.top = top;
    stack.frames = frames;
  }
  if (isPromise(result)) {
    if (!activation.asynchronous) throw promiseError(callee, result);
    activation.pending = { callee, promise: result, at };
    return true;
  }
  writeResults(callee, activation.instance, at, result);
  return false;
}

function callWasm(activation: Activation, callee: FunctionInstance, args: readonly WasmValue[]): unknown {
  return activation.asynchronous ? callee.callAsync(...args) : callee.call(...args);
}
