// The error classes of the namespace, made as the host's own are (JavaScript API: Error Objects; ECMAScript: NativeError Object Structure).
import { defineHidden, isObject } from "./web-idl.ts";

/** A constructor of errors, with or without `new`. */
export interface ErrorClass {
  readonly prototype: Error;
  new (message?: string, options?: ErrorOptions): Error;
  (message?: string, options?: ErrorOptions): Error;
}

/** The bytes are no valid module. */
export const CompileError: ErrorClass = errorClass("CompileError");

/** Imports do not fit, or there is no room for what a module needs. */
export const LinkError: ErrorClass = errorClass("LinkError");

/** A guest trapped. */
export const RuntimeError: ErrorClass = errorClass("RuntimeError");

/** A guest met a promise, and was not called by a function that gives one (JavaScript Promise Integration proposal). */
export const SuspendError: ErrorClass = errorClass("SuspendError");

function errorClass(name: string): ErrorClass {
  function construct(...args: [string?, ErrorOptions?]): Error {
    // What is no object is no prototype: `Error` would take its own.
    return Reflect.construct(Error, args, isObject(new.target?.prototype) ? new.target : construct);
  }
  const prototype = Object.create(Error.prototype);
  defineHidden(prototype, "constructor", construct);
  defineHidden(prototype, "name", name);
  defineHidden(prototype, "message", "");
  Object.setPrototypeOf(construct, Error);
  Object.defineProperty(construct, "name", { value: name, configurable: true });
  Object.defineProperty(construct, "length", { value: 1, configurable: true });
  Object.defineProperty(construct, "prototype", { value: prototype, writable: false });
  return construct as unknown as ErrorClass;
}
