// Takes where an activation was when a guest was left, gives what a host sees of it (specification: 4.2.17 Stack).
import type { StackFrame } from "../api/errors.ts";

/** An activation. Its offset is found when it is asked for, since that takes as long as translating the function does. */
export function stackFrame(
  module: string,
  functionIndex: number,
  functionName: string | undefined,
  find: () => number,
): StackFrame {
  let offset: number | undefined;
  return {
    module,
    functionIndex,
    functionName,
    get offset() {
      return (offset ??= find());
    },
  };
}
