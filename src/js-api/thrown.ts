// Takes what left a guest, gives what JavaScript catches, and the way back (JavaScript API: Error Condition Mappings; create a host function).
import {
  LinkError as StoreLinkError,
  SuspendError as StoreSuspendError,
  Trap,
  UnsupportedError,
} from "../api/errors.ts";
import { AllocationError, ExceptionInstance, javascriptTag } from "../embedding.ts";
import { LinkError, RuntimeError, SuspendError } from "./errors.ts";
import { exceptionInstance, exceptionObject } from "./exception.ts";
import { exportedObject, referentOf } from "./gc-object.ts";
import { defineHidden } from "./web-idl.ts";

/** Of each trap, the error that JavaScript catches, and the way back: a trap that passes through JavaScript remains one. */
const errors = new WeakMap<Trap, Error>();
const traps = new WeakMap<object, Trap>();

/** What JavaScript catches where a guest let an error through. */
export function thrownByGuest(error: unknown): unknown {
  if (error instanceof ExceptionInstance) {
    return error.tag === javascriptTag ? exportedObject(error.getArg(javascriptTag, 0)) : exceptionObject(error);
  }
  if (error instanceof StoreSuspendError) return new SuspendError(error.message);
  // A wait on a thread that the host does not let wait, which is a trap here (threads proposal: Wait).
  if (error instanceof UnsupportedError) return errorOf(new Trap(error.message));
  return error instanceof Trap ? errorOf(error) : exportedObject(error);
}

/** What goes through a guest where a host function threw a value. */
export function thrownByHost(value: unknown): unknown {
  const object = value as object;
  return exceptionInstance(object) ?? traps.get(object) ?? referentOf(value);
}

/** What JavaScript catches where a module could not be instantiated. */
export function thrownByLinking(error: unknown): unknown {
  if (error instanceof AllocationError) return new RangeError(error.message);
  return error instanceof StoreLinkError ? new LinkError(error.message) : thrownByGuest(error);
}

function errorOf(trap: Trap): Error {
  let error = errors.get(trap);
  if (error === undefined) {
    error =
      trap.code === "call stack exhausted" ? new RangeError("Maximum call stack size exceeded") : runtimeError(trap);
    errors.set(trap, error);
    traps.set(error, trap);
  }
  return error;
}

function runtimeError(trap: Trap): Error {
  const error = new RuntimeError(trap.message);
  const frames = trap.wasmStack.map(({ functionIndex, functionName = "<anonymous>", offset }) => {
    // A guest's name is one line: with an end of one it would be the frame of whom it likes.
    const name = functionName.replace(/[^ -~\xa0-\u2027\u202a-\uffff]/g, "\ufffd");
    return `    at ${name} (wasm-function[${functionIndex}]:0x${offset.toString(16)})`;
  });
  const lines = String(error.stack).split("\n");
  // Hosts other than V8 begin with a frame.
  lines.splice(lines[0]!.startsWith(`${error.name}:`) ? 1 : 0, 0, ...frames);
  defineHidden(error, "stack", lines.join("\n"));
  return error;
}
