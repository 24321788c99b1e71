// Checks exceptions: throw, throw_ref, try_table, and the legacy try … catch … delegate (specification: 3.4.2 try_table; legacy/exceptions).
import { MalformedError } from "../api/errors.ts";
import { Op } from "../syntax/opcodes.ts";
import { defType, Heap, matchesVal, Ref, refType, typeName, type ValType } from "../syntax/types.ts";
import { readBlockType } from "./block-type.ts";
import { ctx } from "./context.ts";
import { failPlace } from "./control.ts";
import { fail, failType } from "./fail.ts";
import { checkLabel, closeFrame, labelCount, labelStart, leaveFrame, openFrame, reopenFrame } from "./frames.ts";
import { readByte, readCount, readIndex } from "./immediates.ts";
import { pop, pushTypes, setDead } from "./operands.ts";

/** Checks an instruction of which the first immediate, if it is a u32, is read. */
export function checkException(op: number, index: number): void {
  switch (op) {
    case Op.throw: {
      const params = tagParams(index);
      for (let i = params.length - 1; i >= 0; i--) pop(params[i]);
      setDead();
      break;
    }
    case Op.throw_ref:
      pop(Ref.ExnNull);
      setDead();
      break;
    case Op.try_table: {
      const type = readBlockType();
      checkCatches();
      ctx.sp = openFrame(op, type, ctx.sp);
      break;
    }
    case Op.try:
      ctx.sp = openFrame(op, readBlockType(), ctx.sp);
      break;
    case Op.catch:
    case Op.catch_all:
      checkCatch(op, index);
      break;
    case Op.delegate:
      checkDelegate(index);
      break;
    case Op.rethrow:
      checkRethrow(index);
      break;
  }
}

function tagParams(tag: number): readonly ValType[] {
  const { tags } = ctx.module;
  if (tag >= tags.length) fail(`unknown tag ${tag}`);
  return defType(tags[tag]).params;
}

const exn = refType(Heap.Exn, false);

function checkCatches(): void {
  for (let count = readCount(); count > 0; count--) {
    const kind = readByte();
    if (kind > 3) throw new MalformedError("malformed catch clause", ctx.pos - 1);
    const params = kind < 2 ? tagParams(readIndex()) : [];
    const label = readIndex();
    checkLabel(label);
    checkClause(params, (kind & 1) !== 0, label);
  }
}

function checkClause(params: readonly ValType[], hasRef: boolean, label: number): void {
  const types = hasRef ? [...params, exn] : params;
  const start = labelStart(label);
  const count = labelCount(label);
  let matches = types.length === count;
  for (let i = 0; matches && i < count; i++) matches = matchesVal(types[i], ctx.pool[start + i]);
  if (matches) return;
  const taken = Array.from(ctx.pool.subarray(start, start + count), typeName).join(" ");
  failType(`catches (${types.map(typeName).join(" ")}) for a label of (${taken})`);
}

function checkCatch(op: number, tag: number): void {
  const open = ctx.frameOp[ctx.depth];
  if (open !== Op.try && open !== Op.catch) failPlace(op === Op.catch ? "catch" : "catch_all");
  ctx.sp = closeFrame(ctx.sp);
  reopenFrame(op);
  if (op === Op.catch) pushTypes(tagParams(tag));
}

function checkDelegate(label: number): void {
  if (ctx.frameOp[ctx.depth] !== Op.try) failPlace("delegate");
  ctx.sp = closeFrame(ctx.sp);
  // The label counts from outside of the try; the last one is the function itself.
  if (label >= ctx.depth) fail(`unknown label ${label}`);
  ctx.sp = leaveFrame(ctx.sp);
}

function checkRethrow(label: number): void {
  checkLabel(label);
  const op = ctx.frameOp[ctx.depth - label];
  if (op !== Op.catch && op !== Op.catch_all) fail(`invalid rethrow label ${label}`);
  setDead();
}
