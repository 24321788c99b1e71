// An exception of a guest's, as the host sees, throws and catches it (JavaScript API: exceptions).
import type { StackFrame } from "./errors.ts";
import type { Tag } from "./global.ts";
import type { WasmValue } from "./value.ts";

/**
 * What a guest throws with `throw`, and what a guest catches when a host function throws it. An `Error` without a stack of
 * JavaScript, as that would cost a hundred times as much as the rest.
 */
export interface Exception extends Error {
  readonly name: "Exception";
  /** The tag that it was thrown with. */
  readonly tag: Tag;
  /** Where guests threw it that did not catch it, the innermost activation first; long stacks are cut in the middle. */
  readonly wasmStack: readonly StackFrame[];
  /** Whether it was thrown with this tag. */
  is(tag: Tag): boolean;
  /** @throws TypeError where it was thrown with another tag, RangeError where it has no such value. */
  getArg(tag: Tag, index: number): WasmValue;
}

/** Makes exceptions. */
export interface ExceptionConstructor {
  readonly prototype: Exception;
  /** @throws TypeError where the values are not those of the tag's type. */
  new (tag: Tag, values: readonly WasmValue[]): Exception;
}
