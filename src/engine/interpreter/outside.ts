// Takes an opcode that goes beyond the running function in a way of its own, does it for both forms of dispatch (specification: 4.6.4 Exception handling, 4.6.5 Function calls).
import type { Thrown } from "../../instance/exception.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import type { Activation } from "./activation.ts";
import { callOut, checkCallType, leaveInstance, tailCall } from "./call.ts";
import type { ModuleCode } from "./code.ts";
import { Code } from "./codes.generated.ts";
import { I, R } from "./registers.ts";
import { makeException, raise } from "./unwind.ts";

/**
 * Does the opcode at `C[at]` on the activation's frame; `next` is the address of what follows it, and `failedAt` its position.
 * Afterwards the activation says where to go on. Gives true where it is suspended instead, or goes on in code of another form.
 */
export function outside(activation: Activation, C: Int32Array, at: number, next: number): boolean {
  const { instance } = activation;
  if (execute(activation, C, at, next)) return true;
  activation.failedAt = -1;
  return activation.instance !== instance && formOf(activation.instance) !== formOf(instance);
}

function formOf({ engineState }: ModuleInstance): string {
  return (engineState as ModuleCode).form.name;
}

function execute(activation: Activation, C: Int32Array, at: number, next: number): boolean {
  const { instance, fp } = activation;
  activation.pc = next;
  switch (C[at]) {
    case Code.crossReturn:
      leaveInstance(activation);
      return false;
    case Code.callImport:
      return callOut(activation, instance.functionAt(C[at + 1]!), fp + C[at + 2]!);
    case Code.callIndirect: {
      const callee = elementOf(instance, C[at + 4]!, I[fp + C[at + 3]!]!, C[at + 1]!);
      return callOut(activation, callee, fp + C[at + 2]!);
    }
    case Code.callRef:
      return callOut(activation, functionOf(R[(fp + C[at + 2]!) >> 1]), fp + C[at + 1]!);
    case Code.tailCallImport:
      return tailCall(activation, instance.functionAt(C[at + 1]!), fp + C[at + 2]!, fp + C[at + 3]!);
    case Code.tailCallIndirect: {
      const callee = elementOf(instance, C[at + 4]!, I[fp + C[at + 3]!]!, C[at + 1]!);
      return tailCall(activation, callee, fp + C[at + 2]!, fp + C[at + 5]!);
    }
    case Code.tailCallRef:
      return tailCall(activation, functionOf(R[(fp + C[at + 2]!) >> 1]), fp + C[at + 1]!, fp + C[at + 3]!);
    case Code.throw:
      raise(activation, makeException(instance.tags[C[at + 1]!]!, fp + C[at + 2]!));
      return false;
    case Code.throwRef:
      raise(activation, exceptionOf(R[(fp + C[at + 1]!) >> 1]));
      return false;
    case Code.profile:
      instance.profiler!.tick(instance, C[at + 1]!, C[at + 2]!, activation.depth, C[at + 3] === 1);
      return false;
    default:
      return (instance.engineState as ModuleCode).special(activation, C, at, next);
  }
}

/** The function of type `type` at an index of a table, or a trap. */
function elementOf(instance: ModuleInstance, table: number, index: number, type: number): FunctionInstance {
  const { elements } = instance.tables[table]!;
  index >>>= 0;
  if (index >= elements.length) trap(TrapCode.UndefinedElement);
  const f = elements[index] as FunctionInstance | null;
  if (f === null) trap(TrapCode.UninitializedElement, index);
  if (f.type !== type) checkCallType(f, type);
  return f;
}

function functionOf(reference: unknown): FunctionInstance {
  if (reference === null) trap(TrapCode.NullFunction);
  return reference as FunctionInstance;
}

function exceptionOf(reference: unknown): Thrown {
  if (reference === null) trap(TrapCode.NullException);
  return reference as Thrown;
}
