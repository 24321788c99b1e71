// Takes a function's tree, tells whether it is printed twice, as it calls itself (specification: 4.6.2 call).
import { type FunctionTree, type Stmt, StmtKind } from "../../ir/tree.ts";
import { bodyBytes } from "../../syntax/module.ts";
import type { ModuleNames } from "./names.ts";

/*
 * V8 never inlines a function's calls of itself. So a small function that does call itself is printed twice, as `w5` and as `x5`, and each calls the
 * other: then V8 inlines one into the other, some levels deep.
 */

/** Which of the two. */
export type Twin = "first" | "second";

/** The name of the one that is not given. */
export function otherTwin(twin: Twin, index: number): string {
  return `${twin === "first" ? "x" : "w"}${index}`;
}

/** A longer body is not inlined: V8's limit is 460 bytes of its bytecode. */
const MAX_BYTES = 110;

/** Whether a function is printed twice. */
export function hasTwin({ module }: ModuleNames, { body }: FunctionTree, index: number): boolean {
  return bodyBytes(module, index) <= MAX_BYTES && calls(body, index);
}

/** Whether a list has a call of a function. */
function calls(list: readonly Stmt[], index: number): boolean {
  return list.some(
    ({ kind, n, body, otherwise }) =>
      (kind === StmtKind.Call && n === index) ||
      (body !== null && calls(body, index)) ||
      (otherwise !== null && calls(otherwise, index)),
  );
}
