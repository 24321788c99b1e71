// Checks the instructions without a prefix that are neither plain nor structured (specification: 3.4).
import { failOpcode } from "../binary/reader.ts";
import { Fact } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { isRef, Num, typeName } from "../syntax/types.ts";
import { checkBranchTable } from "./branches.ts";
import { applyType, checkCallRef, checkReturnCall, popCallee } from "./calls.ts";
import { ctx, FIRST_TYPE } from "./context.ts";
import { checkException } from "./exceptions.ts";
import { fail, failDisabled, failType } from "./fail.ts";
import { checkIndexed, checkMemory, checkTable, readVal } from "./immediates.ts";
import { pop, popAny, popRun, push, pushTyped, setDead } from "./operands.ts";
import { checkPrefixed } from "./prefixed.ts";
import { checkReference } from "./references.ts";
import { Word } from "./words.ts";

/** Checks an instruction of which the first immediate, if it is a u32, is read. Takes the operands' height and gives the new one. */
export function checkSimple(op: number, index: number, sp: number): number {
  switch (op) {
    case Op.call:
      if (index >= ctx.functions.length) fail(`unknown function ${index}`);
      return applyType(FIRST_TYPE + ctx.functions[index], sp);
    case Op.call_indirect:
      return applyType(FIRST_TYPE + index, popCallee(index, sp));
    case Op.return:
      return checkReturn(sp);
    case Op.br_table:
      return checkBranchTable(index, sp);
  }
  return checkRare(op, index, sp);
}

function checkReturn(sp: number): number {
  const type = ctx.frameType[0];
  popRun(ctx.resultStart[type], ctx.resultCount[type], sp);
  return setDead();
}

function checkRare(op: number, index: number, sp: number): number {
  if ((ctx.words[op] & Word.Disabled) !== 0) failDisabled(op);
  ctx.sp = sp;
  switch (op) {
    case Op["global.get"]:
      checkGlobal(index);
      pushTyped(ctx.globalTypes[index]);
      break;
    case Op["global.set"]:
      checkGlobal(index);
      if (ctx.globalMutable[index] === 0) fail(`immutable global ${index}`);
      pop(ctx.globalTypes[index]);
      break;
    case Op.drop:
      popAny();
      break;
    case Op.select:
      checkSelect();
      break;
    case Op.select_t:
      checkSelectTyped(index);
      break;
    case Op["memory.size"]:
    case Op["memory.grow"]:
      if (index !== 0 || ctx.pos !== ctx.at + 2) checkIndexed("multi-memory", "memory index");
      if (op === Op["memory.grow"]) {
        ctx.facts |= Fact.Grow;
        pop(checkMemory(index));
      }
      push(checkMemory(index));
      break;
    case Op["table.get"]:
      pop(checkTable(index));
      pushTyped(ctx.tableTypes[index]);
      break;
    case Op["table.set"]:
      checkTable(index);
      pop(ctx.tableTypes[index]);
      pop(ctx.tableIndex[index]);
      break;
    case Op.return_call:
    case Op.return_call_indirect:
      return checkReturnCall(op, index, sp);
    case Op.call_ref:
    case Op.return_call_ref:
      return checkCallRef(op, index, sp);
    default:
      checkExtension(op, index);
  }
  return ctx.sp;
}

function checkGlobal(index: number): void {
  if (index >= ctx.globalTypes.length) fail(`unknown global ${index}`);
}

function checkExtension(op: number, index: number): void {
  switch (op) {
    case Op["ref.null"]:
    case Op["ref.is_null"]:
    case Op["ref.func"]:
    case Op["ref.eq"]:
    case Op["ref.as_non_null"]:
    case Op.br_on_null:
    case Op.br_on_non_null:
      checkReference(op, index);
      break;
    case Op.try:
    case Op.catch:
    case Op.catch_all:
    case Op.delegate:
    case Op.rethrow:
    case Op.throw:
    case Op.throw_ref:
    case Op.try_table:
      checkException(op, index);
      break;
    case 0xfb:
    case 0xfc:
    case 0xfd:
    case 0xfe:
      checkPrefixed(op);
      break;
    default:
      // Memory instructions are outlined where there is no memory.
      if (ctx.at >= ctx.end || (op >= Op["i32.load"] && op <= Op["i64.store32"])) fail("unknown memory 0");
      failOpcode(ctx.bytes, ctx.at);
  }
}

function checkSelect(): void {
  pop(Num.I32);
  const second = popAny();
  const first = popAny();
  if (isRef(first) || isRef(second)) {
    failType(`expects numbers or vectors, got ${typeName(isRef(first) ? first : second)}`);
  }
  if (first !== second && first !== Num.Bottom && second !== Num.Bottom) {
    failType(`expects two operands of one type, got ${typeName(first)} and ${typeName(second)}`);
  }
  push(first === Num.Bottom ? second : first);
}

function checkSelectTyped(count: number): void {
  if (count !== 1) fail(`invalid result arity: select of ${count} types`);
  const type = readVal();
  pop(Num.I32);
  pop(type);
  pop(type);
  pushTyped(type);
}
