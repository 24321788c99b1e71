// Checks calls and returns (specification: 3.4.11 call … return_call_indirect).

import { Fact } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { Heap, matchesVal, refType, signatureName, typeName } from "../syntax/types.ts";
import { ctx, FIRST_TYPE } from "./context.ts";
import { fail, failType } from "./fail.ts";
import { checkTable, readIndex } from "./immediates.ts";
import { checkMany, pop, popMany, push, pushMany, setDead } from "./operands.ts";

/** Checks a call of a function. */
export function checkCall(index: number): void {
  if (index >= ctx.functions.length) fail(`unknown function ${index}`);
  apply(FIRST_TYPE + ctx.functions[index]);
}

/** Checks a call by a table; the type's index is read. */
export function checkCallIndirect(index: number): void {
  popCallee(index);
  apply(FIRST_TYPE + index);
}

/** Checks a tail call of a function or by a table. */
export function checkReturnCall(op: number, index: number): void {
  if (op === Op.return_call) {
    if (index >= ctx.functions.length) fail(`unknown function ${index}`);
    applyTail(FIRST_TYPE + ctx.functions[index]);
  } else {
    popCallee(index);
    applyTail(FIRST_TYPE + index);
  }
}

/** Checks a call of a reference. */
export function checkCallRef(op: number, index: number): void {
  checkFunctionType(index);
  pop(refType(ctx.module.types[index].id, true));
  if (op === Op.call_ref) apply(FIRST_TYPE + index);
  else applyTail(FIRST_TYPE + index);
}

/** Checks that the function's results are on the stack. */
export function checkReturn(): void {
  const type = ctx.frameType[0];
  checkMany(ctx.resultStart[type], ctx.resultCount[type]);
}

function popCallee(index: number): void {
  const table = readIndex();
  checkFunctionType(index);
  const tableIndex = checkTable(table);
  const element = ctx.tableTypes[table];
  if (!matchesVal(element, refType(Heap.Func, true))) failType(`expects a table of funcref, got ${typeName(element)}`);
  pop(tableIndex);
}

/** Checks that a type index is of a function type. */
export function checkFunctionType(index: number): void {
  if (index >= ctx.module.types.length) fail(`unknown type ${index}`);
  if (ctx.paramCount[FIRST_TYPE + index] < 0) failType(`expects a function type, got type ${index}`);
}

function apply(type: number): void {
  popMany(ctx.paramStart[type], ctx.paramCount[type]);
  ctx.facts |= ctx.typeFacts[type];
  const results = ctx.resultCount[type];
  if (results === 1) push(ctx.pool[ctx.resultStart[type]]);
  else if (results !== 0) pushMany(ctx.resultStart[type], results);
}

// The callee's results are the caller's.
function applyTail(type: number): void {
  popMany(ctx.paramStart[type], ctx.paramCount[type]);
  ctx.facts |= ctx.typeFacts[type] | Fact.Call;
  const callee = ctx.module.types[type - FIRST_TYPE];
  const caller = ctx.module.types[ctx.frameType[0] - FIRST_TYPE];
  const matches =
    callee.results.length === caller.results.length &&
    callee.results.every((result, i) => matchesVal(result, caller.results[i]));
  if (!matches) failType(`of ${signatureName(callee.id)} in a function ${signatureName(caller.id)}`);
  setDead();
}
