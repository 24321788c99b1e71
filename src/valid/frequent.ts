// Checks the structured instructions, calls and variables in the forms that nearly all of them have: short immediates, and packed operands that
// are just those expected (specification: 3.4). Every other form is left to `checkGeneral`. Each instruction has a small function of its own: in a
// fresh process that is optimised early, and one that is met late throws no other's code away.
import { Fact } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { Num, Ref } from "../syntax/types.ts";
import { ctx, FIRST_TYPE } from "./context.ts";
import { openFrame } from "./frames.ts";
import { checkGeneral } from "./general.ts";
import { skipInteger } from "./immediates-long.ts";
import { Packed } from "./packed.ts";

// Indices of two bytes are below.
const SHORT_INDICES = 0x4000;
// After the prefix.
const COPY = Op["memory.copy"] & 0xff;
const FILL = Op["memory.fill"] & 0xff;
const THREE_I32 = 0x111;
// Beyond every range.
const NO_INDEX = 0x3fff_ffff;

/** Checks the instruction at an offset. Takes the packed operands and gives the new ones, -1 at the body's end; `ctx.pos` is after it. */
export type Check = (at: number, ops: number) => number;

/** How to check an instruction that the loop itself does not, by the first byte of its opcode. */
export const checks: readonly Check[] = Array.from({ length: 256 }, (_, op) => frequent(op));

function frequent(op: number): Check {
  switch (op) {
    case Op.block:
    case Op.loop:
      return checkBlock;
    case Op.if:
      return checkIf;
    case Op.end:
      return checkEnd;
    case Op.br:
      return checkBr;
    case Op.br_if:
      return checkBrIf;
    case Op.br_table:
      return checkBrTable;
    case Op.return:
      return checkReturn;
    case Op.unreachable:
      return checkUnreachable;
    case Op.call:
      return checkCall;
    case Op.call_indirect:
      return checkCallIndirect;
    case Op["f32.const"]:
    case Op["f64.const"]:
      return checkFloat;
    case Op["i64.const"]:
      return checkLong;
    case Op.drop:
      return checkDrop;
    case Op.select:
      return checkSelect;
    case Op["global.get"]:
      return checkGlobalGet;
    case Op["global.set"]:
      return checkGlobalSet;
    case 0xfc:
      return checkCopyOrFill;
    default:
      return checkGeneral;
  }
}

function checkBlock(at: number, ops: number): number {
  const type = shortBlockType(at + 1);
  if (ops !== 0 || type < 0) return checkGeneral(at, ops);
  if (ctx.bytes[at] === Op.loop) ctx.facts |= Fact.Loop;
  return open(at, type);
}

function checkIf(at: number, ops: number): number {
  const type = shortBlockType(at + 1);
  return ops !== Num.I32 || type < 0 ? checkGeneral(at, ops) : open(at, type);
}

// A block type of no or one number; -1 for others.
function shortBlockType(pos: number): number {
  const code = ctx.bytes[pos];
  if (code === 0x40) return 0;
  return code >= 0x7c && code < 0x80 ? 0x80 - code : -1;
}

function open(at: number, type: number): number {
  ctx.pos = at + 2;
  openFrame(ctx.bytes[at], type, ctx.sp);
  return 0;
}

function checkEnd(at: number, ops: number): number {
  const { depth } = ctx;
  const type = ctx.frameType[depth];
  const isPlain = ops === ctx.resultOps[type] && ctx.sp === ctx.base && ctx.setLocals.length === ctx.frameSet[depth];
  if (!isPlain || (ctx.frameOp[depth] === Op.if && type !== 0)) return checkGeneral(at, ops);
  ctx.pos = at + 1;
  ctx.depth = depth - 1;
  if (depth === 0) return -1;
  ctx.base = ctx.frameBase[depth - 1];
  return ops;
}

function checkBr(at: number, ops: number): number {
  const taken = labelOps(at + 1);
  return taken === 0 || taken === ops ? die(ctx.pos) : checkGeneral(at, ops);
}

function checkBrIf(at: number, ops: number): number {
  const taken = labelOps(at + 1);
  const rest = ops >>> Packed.Bits;
  return (ops & Packed.Type) === Num.I32 && (taken === 0 || taken === rest) ? rest : checkGeneral(at, ops);
}

function checkBrTable(at: number, ops: number): number {
  const { bytes, depth, frameLabel } = ctx;
  const taken = ops >>> Packed.Bits;
  const count = shortIndex(at + 1);
  let { pos } = ctx;
  let isPlain = (ops & Packed.Type) === Num.I32 && count < ctx.end - pos && depth < SHORT_INDICES;
  for (let i = 0; isPlain && i <= count; i++) {
    const first = bytes[pos++];
    // Three bytes or more are taken for two that are greater than any depth.
    const label = first < 0x80 ? first : (first & 0x7f) | (bytes[pos++] << 7);
    isPlain = frameLabel[depth - label] === taken;
  }
  return isPlain ? die(pos) : checkGeneral(at, ops);
}

// Reads a label, gives what a branch to it takes; undefined where there is no such label, or it is not short.
function labelOps(pos: number): number | undefined {
  return ctx.frameLabel[ctx.depth - shortIndex(pos)];
}

function checkReturn(at: number, ops: number): number {
  const taken = ctx.frameLabel[0];
  return taken === 0 || taken === ops ? die(at + 1) : checkGeneral(at, ops);
}

function checkUnreachable(at: number, _ops: number): number {
  return die(at + 1);
}

// The rest of the frame does not run.
function die(pos: number): number {
  ctx.pos = pos;
  ctx.frameDead[ctx.depth] = 1;
  ctx.sp = ctx.base;
  return 0;
}

function checkCall(at: number, ops: number): number {
  const index = shortIndex(at + 1);
  // Undefined for a function that there is not.
  return apply(ctx.functions[index], ops) ?? checkGeneral(at, ops);
}

// By a function table with addresses of i32, the first.
function checkCallIndirect(at: number, ops: number): number {
  const index = shortIndex(at + 1);
  const isFirst = ctx.bytes[ctx.pos++] === 0 && ctx.tableTypes[0] === Ref.FuncNull && ctx.tableIndex[0] === Num.I32;
  const rest = isFirst && (ops & Packed.Type) === Num.I32 ? apply(index, ops >>> Packed.Bits) : undefined;
  return rest ?? checkGeneral(at, ops);
}

// What a call of a function type leaves; undefined where its operands are not just those expected, or not packed.
function apply(index: number, ops: number): number | undefined {
  const type = FIRST_TYPE + index;
  const params = ctx.paramCount[type];
  if (!(type < ctx.typeCount) || params < 0) return undefined;
  const results = ctx.resultCount[type];
  const bits = params * Packed.Bits;
  const rest = ops >>> bits;
  const isPlain = (ops & ((1 << bits) - 1)) === ctx.paramOps[type] && rest <= Packed.Room && results <= 1;
  if (!isPlain || ctx.resultOps[type] < 0) return undefined;
  ctx.facts |= Fact.Call | ctx.typeFacts[type];
  return results === 0 ? rest : (rest << Packed.Bits) | ctx.resultOps[type];
}

// Reads an index of one or two bytes; gives `NO_INDEX` for others.
function shortIndex(pos: number): number {
  const { bytes } = ctx;
  const first = bytes[pos];
  ctx.pos = pos + 1;
  if (first < 0x80) return first;
  const second = bytes[pos + 1];
  ctx.pos = pos + 2;
  return second < 0x80 ? (first & 0x7f) | (second << 7) : NO_INDEX;
}

function checkFloat(at: number, ops: number): number {
  if (ops > Packed.Room) return checkGeneral(at, ops);
  const type = ctx.bytes[at] === Op["f32.const"] ? Num.F32 : Num.F64;
  ctx.pos = at + (type === Num.F32 ? 5 : 9);
  return (ops << Packed.Bits) | type;
}

// Nine bytes or ten.
function checkLong(at: number, ops: number): number {
  if (ops > Packed.Room) return checkGeneral(at, ops);
  ctx.at = at;
  skipInteger();
  return (ops << Packed.Bits) | Num.I64;
}

function checkDrop(at: number, ops: number): number {
  if (ops === 0) return checkGeneral(at, ops);
  ctx.pos = at + 1;
  return ops >>> Packed.Bits;
}

function checkSelect(at: number, ops: number): number {
  const rest = ops >>> Packed.Bits;
  const type = rest & Packed.Type;
  const isPlain = (ops & Packed.Type) === Num.I32 && type !== 0 && type === ((rest >>> Packed.Bits) & Packed.Type);
  if (!isPlain) return checkGeneral(at, ops);
  ctx.pos = at + 1;
  return rest >>> Packed.Bits;
}

function checkGlobalGet(at: number, ops: number): number {
  const index = ctx.bytes[at + 1];
  const type = ctx.globalTypes[index];
  // Undefined for a global that there is not.
  if (!(type < Num.V128) || index >= 0x80 || ops > Packed.Room) return checkGeneral(at, ops);
  ctx.pos = at + 2;
  return (ops << Packed.Bits) | type;
}

function checkGlobalSet(at: number, ops: number): number {
  const index = ctx.bytes[at + 1];
  const isPlain = index < 0x80 && ctx.globalTypes[index] === (ops & Packed.Type) && ctx.globalMutable[index] === 1;
  if (!isPlain) return checkGeneral(at, ops);
  ctx.pos = at + 2;
  return ops >>> Packed.Bits;
}

// memory.copy and memory.fill of the first memory, where that has addresses of i32.
function checkCopyOrFill(at: number, ops: number): number {
  const { bytes, memoryIndex } = ctx;
  const code = bytes[at + 1];
  const immediates = code === COPY ? bytes[at + 2] | bytes[at + 3] : bytes[at + 2];
  const isPlain = (code === COPY || code === FILL) && immediates === 0 && (ops & 0xfff) === THREE_I32;
  if (!isPlain || memoryIndex[0] !== Num.I32 || !ctx.features.has("bulk-memory")) return checkGeneral(at, ops);
  ctx.pos = at + (code === COPY ? 4 : 3);
  return ops >>> (3 * Packed.Bits);
}
