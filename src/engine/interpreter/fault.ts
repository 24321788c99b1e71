// Takes an error that left a guest and the frames it left, gives the error a host should see (specification: 4.2.2 Results).

import { type StackFrame, Trap } from "../../api/errors.ts";
import { ExceptionInstance } from "../../instance/exception.ts";
import { isStackOverflow } from "../../instance/host-call.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { stackFrame } from "../../instance/stack-frame.ts";
import { TrapCode, trapOf } from "../../instance/trap.ts";
import type { Activation } from "./activation.ts";
import type { ModuleCode } from "./code.ts";
import { EXIT, Frames } from "./frames.ts";

/** Frames kept at either end of a long stack. */
const KEPT = 32;

/** Adds the guest's stack to a trap or exception; other errors are the host's and stay as they are. */
export function describeFault(activation: Activation, error: unknown): unknown {
  if (error instanceof Trap || error instanceof ExceptionInstance)
    error.wasmStack = error.wasmStack.concat(stackOf(activation));
  return error;
}

/** The frames of an activation, the innermost first; of a deep one the first and the last. */
function stackOf(activation: Activation): StackFrame[] {
  const head: StackFrame[] = [];
  const tail: Site[] = [];
  let count = 0;
  for (const frames = new Frames(activation); frames.position !== EXIT; frames.next()) {
    const { instance, position } = frames;
    if (count++ < KEPT) head.push(frameAt({ instance, position }));
    else {
      tail.push({ instance, position });
      if (tail.length > KEPT) tail.shift();
    }
  }
  return [...head, ...tail.map(frameAt)];
}

interface Site {
  readonly instance: ModuleInstance;
  readonly position: number;
}

function frameAt({ instance, position }: Site): StackFrame {
  const code = instance.engineState as ModuleCode;
  const functionIndex = code.functionAt(position);
  const name = instance.prepared.functionName(functionIndex);
  return stackFrame(instance.name, functionIndex, name, () => code.offsetOf(position));
}

/** Where guests and host functions call one another, the host's stack is part of the guest's: its end is the same trap. */
export function stackFault(error: unknown): unknown {
  return isStackOverflow(error) ? trapOf(TrapCode.CallStack, { cause: error }) : error;
}
