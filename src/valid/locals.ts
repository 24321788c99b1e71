// Takes the local declarations of a body, gives the types of its locals (specification: 3.4.3, 3.5.7 Locals, 5.5.13). A local that has no default value
// is kept as the complement of its type until it is set.
import { InvalidError, MalformedError } from "../api/errors.ts";
import { maxLocals } from "../syntax/limits.ts";
import { isDefaultable, type ValType } from "../syntax/types.ts";
import { ctx, factsOfType, grown, SHORT_LOCALS } from "./context.ts";
import { fail } from "./fail.ts";
import { readIndex, readVal } from "./immediates.ts";
import { Packed, packType } from "./packed.ts";

/** Reads the declarations at `ctx.pos`; the parameters come first. */
export function declareLocals(type: number): void {
  const params = ctx.paramCount[type];
  const start = ctx.paramStart[type];
  const position = ctx.pos;
  for (let i = 0; i < params; i++) {
    const type = ctx.pool[start + i];
    ctx.locals[i] = type;
    ctx.shortLocals[i] = packType(type);
  }
  ctx.localCount = params;
  if (ctx.setLocals.length > 0) ctx.setLocals.length = 0;
  let declared = 0;
  for (let groups = readIndex(); groups > 0; groups--) {
    const { bytes, pos } = ctx;
    const code = bytes[pos + 1];
    // Short, and of numbers, as nearly all are; beyond the body's end shows later.
    if (bytes[pos] < 0x80 && code >= 0x7c && code < 0x80) {
      ctx.pos = pos + 2;
      declared += bytes[pos];
      declareGroup(bytes[pos], 0x80 - code);
    } else {
      declared += declareOthers();
    }
  }
  if (declared > 0xffff_ffff) throw new MalformedError("too many locals", position);
  if (params + declared > maxLocals) {
    throw new InvalidError(`too many locals: more than ${maxLocals}`, position, ctx.functionIndex);
  }
  ctx.shortLocals.fill(Packed.Other, Math.min(ctx.localCount, SHORT_LOCALS));
}

function declareOthers(): number {
  const count = readIndex();
  ctx.at = ctx.pos;
  declareGroup(count, readVal());
  return count;
}

function declareGroup(count: number, type: ValType): void {
  const start = ctx.localCount;
  // Counted on, and refused at the end.
  if (start + count > maxLocals) return;
  ctx.localCount = start + count;
  if (ctx.localCount > ctx.locals.length) ctx.locals = grown(ctx.locals, maxLocals);
  ctx.locals.fill(isDefaultable(type) ? type : ~type, start, ctx.localCount);
  ctx.shortLocals.fill(packType(type), start, ctx.localCount);
  ctx.facts |= factsOfType(type);
}

/** The type of a local that is read. */
export function localType(index: number): ValType {
  if (index >= ctx.localCount) fail(`unknown local ${index}`);
  const type = ctx.locals[index];
  if (type < 0) fail(`uninitialized local ${index}`);
  return type;
}

/** The type of a local that is written. One without default value is set until its block ends. */
export function setLocal(index: number): ValType {
  if (index >= ctx.localCount) fail(`unknown local ${index}`);
  const type = ctx.locals[index];
  if (type >= 0) return type;
  ctx.setLocals.push(index);
  return (ctx.locals[index] = ~type);
}

/** Forgets all but the first locals that were set. */
export function unsetLocals(count: number): void {
  const { setLocals, locals } = ctx;
  while (setLocals.length > count) {
    const index = setLocals.pop()!;
    locals[index] = ~locals[index];
  }
}
