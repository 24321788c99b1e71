// Takes tail calls, gives turns of a loop, or what trampoline.ts goes on with (specification: 4.6.2 return_call, return_call_ref, return_call_indirect).
import type { Stmt } from "../../ir/tree.ts";
import { Fact } from "../../syntax/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { defType, Num, slotsOf, type ValType } from "../../syntax/types.ts";
import { copySlots } from "./assign.ts";
import { calledElement, calledReference, leaveResult, list, resultPlace } from "./calls.ts";
import type { FunctionEmitter } from "./emit.ts";
import { value } from "./value.ts";
import { resultWords } from "./vector.ts";

/** Writes a tail call. */
export function tailCall(e: FunctionEmitter, stmt: Stmt): void {
  const { names } = e;
  const { op, n } = stmt;
  if (op !== Op.return_call) {
    const operand = value(e, stmt.a!);
    const f = op === Op.return_call_ref ? calledReference(e, operand) : calledElement(e, stmt, e.writer.keep(operand));
    return leaveTo(e, stmt.m, defType(n).params, `bodyOf(${f})`, names.applier(n));
  }
  const { id, params } = names.typeOf(n);
  if (n === e.index) return turn(e, stmt.m, params);
  if (isLast(e, n)) return e.writer.line(`return(${names.functionName(n)}(${list(e, params, stmt.m)}));`);
  const callee = names.isOwn(n) ? names.bodyName(n) : `bodyOf(${names.functionName(n)})`;
  leaveTo(e, stmt.m, params, callee, names.applier(id));
}

/**
 * Whether a tail call is made as a call: of a function of the module's that makes no tail calls, so that no more than one frame too many is on the host's
 * stack. In a trap's stack `framesOf` leaves that out.
 */
function isLast({ names, module, index, tries }: FunctionEmitter, callee: number): boolean {
  const facts = module.facts[callee - module.importedFunctions] ?? Fact.TailCall;
  const isSeen = names.mayBeSuspended(index) || tries.areOpen || module.isProfiled === true;
  return (facts & Fact.TailCall) === 0 && !isSeen;
}

/** A function that calls itself begins again. */
function turn(e: FunctionEmitter, first: number, params: readonly ValType[]): void {
  e.tailCalls.own = true;
  copySlots(e, params, first, 0);
  e.memories.settle();
  e.writer.line("continue T;");
}

/** Sets the locals that are not parameters to what they are at the start; where the function is entered at a loop, not before that. */
export function resetLocals({ writer, tree, isEnteredAtLoop }: FunctionEmitter): string {
  let slot = 0;
  let source = "";
  tree.locals.forEach((type, i) => {
    if (i >= tree.params) source += writer.reset(slot);
    slot += slotsOf(type);
  });
  return isEnteredAtLoop && source !== "" ? `if(r===0){${source}}` : source;
}

/** Leaves arguments and callee where the function that is called by others finds them. */
function leaveTo(e: FunctionEmitter, first: number, params: readonly ValType[], callee: string, applier: string): void {
  const { writer } = e;
  e.tailCalls.others = true;
  let slot = first;
  for (const [i, type] of params.entries()) {
    writer.line(leaveResult(e, slot, type, i));
    slot += slotsOf(type);
  }
  writer.line(`K.f=${callee};K.b=${applier};return K;`);
}

/** A function that calls one of a type with the arguments that are left in the arrays. */
export function applier(params: readonly ValType[]): string {
  const args = params.flatMap((type, i) => {
    if (type === Num.V128) return resultWords(i);
    const place = resultPlace(type, i);
    return type === Num.I64 ? [place, `RI[${2 * i + 1}]`] : [place];
  });
  return `(f,n)=>f(${[...args, "n"].join()})`;
}

/** What others call in place of a function with tail calls. Those may have led through other instances, and closed this one. */
export function bouncer(e: FunctionEmitter, params: readonly string[]): string {
  const { index, names, isEnteredAtLoop } = e;
  const all = [...params, "n"].join();
  const source = `const w${index}=function c${index}(${all}){let v=b${index}(${all});if(v===K){do v=K.b(K.f,n);while(v===K);checkOpen(M)}return v};`;
  if (isEnteredAtLoop) return source;
  names.bodies.set(index, true);
  return `${source}w${index}.tail=b${index};`;
}
