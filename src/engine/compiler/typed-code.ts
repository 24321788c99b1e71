// Takes a function type, gives the property that its functions have their code in, for calls through tables (specification: 4.6.7 call_indirect).
import type { CompiledCode } from "../../instance/convention.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import { type DefType, funcType } from "../../syntax/types.ts";

/** Longest name. */
const MAX_NAME = 20;

/**
 * The name of a property that is there only in functions of a type, so that finding it is the check of the type. Source may outlive the process: it is
 * made of value types. Null where those have numbers of this process, or where they are not all that the type is.
 */
export function typedCode({ id, params, results }: DefType): string | null {
  const name = `t${params.join("")}_${results.join("")}`;
  const isOfDigits = name.length === params.length + results.length + 2;
  return isOfDigits && name.length < MAX_NAME && funcType(params, results) === id ? name : null;
}

/** Says what code a function has; the property is made by the first call that looks for it. */
export function setTypedCode(f: FunctionInstance, code: CompiledCode, isFirst: boolean): void {
  const name = typedCode(f.signature);
  if (name !== null && (isFirst || name in f)) (f as unknown as Record<string, CompiledCode>)[name] = code;
}
