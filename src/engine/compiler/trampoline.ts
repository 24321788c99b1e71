// Takes tail calls of compiled code, makes them in constant room (specification: 4.6.2 return_call).
import type { CompiledCode } from "../../instance/convention.ts";

/**
 * A function with tail calls is two: a body, and what others call. Instead of results the body may give this object. Then `f` is the body to go
 * on with, and `b` calls it with its arguments, which stand in the arrays for results. What others call goes on until there are results.
 */
export const tail: {
  f: CompiledCode | null;
  b: ((f: CompiledCode, n: number) => unknown) | null;
} = { f: null, b: null };

/** The body of a function; functions without tail calls are their own. */
export function bodyOf(code: CompiledCode & { readonly tail?: CompiledCode }): CompiledCode {
  return code.tail === undefined ? code : code.tail;
}
