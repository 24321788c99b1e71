// Takes an error that left a guest and the frames it left, gives the error a host should see (specification: 4.2.2 Results).
import { type StackFrame, Trap } from "../../api/errors.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import type { Activation } from "./activation.ts";
import type { ModuleCode } from "./code.ts";
import { I } from "./registers.ts";

/** Frames kept at either end of a long stack. */
const KEPT = 32;

/** Positions of every module's code that no function holds: see `ModuleCode`. */
const EXIT = 0;
const CROSS_RETURN = 1;

/** Adds the guest's stack to a trap; other errors are the host's and stay as they are. */
export function describeFault(activation: Activation, error: unknown): unknown {
  if (error instanceof Trap) error.wasmStack = [...error.wasmStack, ...stackOf(activation)];
  return error;
}

/** The frames of an activation, the innermost first; of a deep one the first and the last. */
function stackOf(activation: Activation): StackFrame[] {
  const head: StackFrame[] = [];
  const tail: Site[] = [];
  let count = 0;
  for (const site of sites(activation)) {
    if (count++ < KEPT) head.push(frameAt(site));
    else {
      tail.push(site);
      if (tail.length > KEPT) tail.shift();
    }
  }
  return [...head, ...tail.map(frameAt)];
}

interface Site {
  readonly instance: ModuleInstance;
  readonly position: number;
}

/** Where each frame stands in its code, the innermost first. */
function* sites(activation: Activation): Generator<Site> {
  let { instance, fp } = activation;
  let position = activation.failedAt;
  let calls = activation.calls.length;
  while (position > CROSS_RETURN) {
    yield { instance, position };
    const code = instance.engineState as ModuleCode;
    const link = fp + code.linkWord(code.functionAt(position));
    let back = I[link]!;
    fp = I[link + 1]!;
    if (back === CROSS_RETURN) {
      const call = activation.calls[--calls]!;
      ({ instance, fp } = call);
      back = call.pc;
    }
    if (back === EXIT) return;
    position = (instance.engineState as ModuleCode).positionOf(back) - 1;
  }
}

function frameAt({ instance, position }: Site): StackFrame {
  const { functionIndex, offset } = (instance.engineState as ModuleCode).locate(position);
  return { module: instance.name, functionIndex, functionName: instance.prepared.functionName(functionIndex), offset };
}
