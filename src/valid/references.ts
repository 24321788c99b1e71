// Checks the instructions on references without a prefix (specification: 3.4.6 Reference instructions, 3.4.2 call_ref, br_on_null).
import { Op } from "../syntax/opcodes.ts";
import { Heap, heapOf, matchesVal, Num, refType, typeName } from "../syntax/types.ts";
import { ctx } from "./context.ts";
import { fail, failType } from "./fail.ts";
import { checkLabel, labelCount, labelStart } from "./frames.ts";
import { readHeap } from "./immediates.ts";
import { pop, popRef, popRun, push, pushRun } from "./operands.ts";

/** Checks an instruction of which the first immediate, if it is a u32, is read. */
export function checkReference(op: number, index: number): void {
  switch (op) {
    case Op["ref.null"]:
      push(refType(readHeap(), true));
      break;
    case Op["ref.is_null"]:
      popRef();
      push(Num.I32);
      break;
    case Op["ref.func"]:
      if (index >= ctx.functions.length) fail(`unknown function ${index}`);
      if (ctx.module.declared[index] === 0) fail(`undeclared function reference ${index}`);
      push(refType(ctx.module.types[ctx.functions[index]].id, false));
      break;
    case Op["ref.eq"]:
      pop(refType(Heap.Eq, true));
      pop(refType(Heap.Eq, true));
      push(Num.I32);
      break;
    case Op["ref.as_non_null"]:
      push(refType(heapOf(popRef()), false));
      break;
    case Op.br_on_null:
      checkBranchOnNull(index);
      break;
    case Op.br_on_non_null:
      checkBranchOnNonNull(index);
      break;
  }
}

// The branch takes what is below the reference.
function checkBranchOnNull(label: number): void {
  checkLabel(label);
  const heap = heapOf(popRef());
  ctx.sp = popRun(labelStart(label), labelCount(label), ctx.sp);
  ctx.sp = pushRun(labelStart(label), labelCount(label), ctx.sp);
  push(refType(heap, false));
}

// The branch takes the reference too.
function checkBranchOnNonNull(label: number): void {
  checkLabel(label);
  checkBranchRef(label, refType(heapOf(popRef()), false));
}

/** Checks a branch that takes a reference as its last operand; what is below stays on the stack. */
export function checkBranchRef(label: number, type: number): void {
  const below = labelCount(label) - 1;
  const last = below < 0 ? Num.Bottom : ctx.pool[labelStart(label) + below];
  if (below < 0 || !matchesVal(type, last)) {
    failType(`gives ${typeName(type)} to a label of ${below < 0 ? "nothing" : typeName(last)}`);
  }
  ctx.sp = popRun(labelStart(label), below, ctx.sp);
  ctx.sp = pushRun(labelStart(label), below, ctx.sp);
}
