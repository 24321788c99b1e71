// Checks calls and returns (specification: 3.4.2 call … return_call_indirect). Functions take the operands' height and give the new one.
import { Fact } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { Heap, matchesVal, refType, signatureName, typeName } from "../syntax/types.ts";
import { ctx, FIRST_TYPE } from "./context.ts";
import { fail, failType } from "./fail.ts";
import { checkTable, readTable } from "./immediates.ts";
import { popRun, popSlow, pushRun, setDead } from "./operands.ts";

/** Checks a call by a table; the type's index is read. Gives the height without the index into the table. */
export function popCallee(index: number, sp: number): number {
  const table = readTable();
  checkFunctionType(index);
  const tableIndex = checkTable(table);
  const element = ctx.tableTypes[table];
  if (!matchesVal(element, refType(Heap.Func, true))) failType(`expects a table of funcref, got ${typeName(element)}`);
  return popSlow(tableIndex, sp);
}

/** Checks that a type index is of a function type. */
export function checkFunctionType(index: number): void {
  if (index >= ctx.module.types.length) fail(`unknown type ${index}`);
  if (ctx.paramCount[FIRST_TYPE + index] < 0) failType(`expects a function type, got type ${index}`);
}

/** Takes the arguments of a function type, gives its results. */
export function applyType(type: number, sp: number): number {
  ctx.facts |= ctx.typeFacts[type];
  sp = popRun(ctx.paramStart[type], ctx.paramCount[type], sp);
  return pushRun(ctx.resultStart[type], ctx.resultCount[type], sp);
}

/** Checks a tail call of a function or by a table. */
export function checkReturnCall(op: number, index: number, sp: number): number {
  if (op === Op.return_call) {
    if (index >= ctx.functions.length) fail(`unknown function ${index}`);
    return applyTail(FIRST_TYPE + ctx.functions[index], sp);
  }
  return applyTail(FIRST_TYPE + index, popCallee(index, sp));
}

/** Checks a call of a reference. */
export function checkCallRef(op: number, index: number, sp: number): number {
  checkFunctionType(index);
  const below = popSlow(refType(ctx.module.types[index].id, true), sp);
  return op === Op.call_ref ? applyType(FIRST_TYPE + index, below) : applyTail(FIRST_TYPE + index, below);
}

// The callee's results are the caller's.
function applyTail(type: number, sp: number): number {
  popRun(ctx.paramStart[type], ctx.paramCount[type], sp);
  ctx.facts |= ctx.typeFacts[type] | Fact.Call | Fact.TailCall;
  const callee = ctx.module.types[type - FIRST_TYPE];
  const caller = ctx.module.types[ctx.frameType[0] - FIRST_TYPE];
  const matches =
    callee.results.length === caller.results.length &&
    callee.results.every((result, i) => matchesVal(result, caller.results[i]));
  if (!matches) failType(`of ${signatureName(callee.id)} in a function ${signatureName(caller.id)}`);
  return setDead();
}
