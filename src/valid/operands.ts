// The operand stack of the algorithm (specification: A.5.1). The topmost operands are packed in the loop, those below are in `ctx.stack`.
// Functions for common instructions take a height and give the new one; those for rare instructions work on `ctx.sp`.
import { maxOperands } from "../syntax/limits.ts";
import { Heap, isRef, matchesVal, Num, refType, typeName, type ValType } from "../syntax/types.ts";
import { ctx, factsOfType, growStack } from "./context.ts";
import { fail, failOperand, failType } from "./fail.ts";
import { Packed, packType } from "./packed.ts";

/** Puts the packed operands onto the stack; gives its height. */
export function spill(ops: number): number {
  let { sp } = ctx;
  growStack(sp + Packed.Max + 1);
  const { stack } = ctx;
  for (let shift = (31 - Math.clz32(ops)) & ~3; shift >= 0; shift -= Packed.Bits) {
    stack[sp++] = (ops >> shift) & Packed.Type;
  }
  return sp;
}

/** Packs the topmost operands of the innermost frame; the others stay on the stack. */
export function refill(sp: number): number {
  const { stack, base } = ctx;
  let ops = 0;
  for (let shift = 0; sp > base && shift < Packed.Max * Packed.Bits; shift += Packed.Bits) {
    const type = packType(stack[sp - 1]);
    if (type === Packed.Other) break;
    ops |= type << shift;
    sp--;
  }
  ctx.sp = sp;
  return ops;
}

/** Pops one operand of a type where the top is not just that. */
export function popSlow(type: ValType, sp: number): number {
  if (sp === ctx.base) {
    if (ctx.frameDead[ctx.depth] === 1) return sp;
    failOperand(type, undefined);
  }
  const actual = ctx.stack[sp - 1];
  if (!matchesVal(actual, type)) failOperand(type, actual);
  return sp - 1;
}

/** Pops a run of types of the pool, the last first. */
export function popRun(start: number, count: number, sp: number): number {
  const { pool, stack, base } = ctx;
  for (let i = start + count - 1; i >= start; i--) {
    if (sp > base && stack[sp - 1] === pool[i]) sp--;
    else sp = popSlow(pool[i], sp);
  }
  return sp;
}

/** Pushes a run of types of the pool. */
export function pushRun(start: number, count: number, sp: number): number {
  const { pool } = ctx;
  if ((ctx.given += count) > maxOperands) fail(`too many operands of calls and blocks: more than ${maxOperands}`);
  growStack(sp + count);
  const { stack } = ctx;
  for (let i = start; i < start + count; i++) stack[sp++] = pool[i];
  return sp;
}

/** Pops one operand of a type. */
export function pop(type: ValType): void {
  const { sp } = ctx;
  if (sp > ctx.base && ctx.stack[sp - 1] === type) ctx.sp = sp - 1;
  else ctx.sp = popSlow(type, sp);
}

/** Pops one operand, whatever it is; the bottom type where code is dead. */
export function popAny(): ValType {
  if (ctx.sp === ctx.base) {
    if (ctx.frameDead[ctx.depth] === 1) return Num.Bottom;
    failType("expects an operand, got nothing");
  }
  return ctx.stack[--ctx.sp];
}

/** Pops one reference. */
export function popRef(): ValType {
  const type = popAny();
  if (type === Num.Bottom) return refType(Heap.Bottom, false);
  if (!isRef(type)) failType(`expects a reference, got ${typeName(type)}`);
  return type;
}

/** Pushes one operand. */
export function push(type: ValType): void {
  ctx.stack[ctx.sp++] = type;
}

/** Pushes one operand whose type the instruction's word does not tell. */
export function pushTyped(type: ValType): void {
  ctx.facts |= factsOfType(type);
  push(type);
}

/** Pushes a list of operands. */
export function pushTypes(types: readonly ValType[]): void {
  growStack(ctx.sp + types.length);
  for (const type of types) pushTyped(type);
}

/** The rest of the frame does not run: its operands may be any. Gives the height. */
export function setDead(): number {
  ctx.frameDead[ctx.depth] = 1;
  return (ctx.sp = ctx.base);
}
