// Takes an instruction that calls, puts it into the tree (specification: 2.4.2 call, call_ref, call_indirect, return_call).

import { functionType } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { type DefType, Num, type ValType } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { Effect, Expr, ExprKind, none, Stmt, StmtKind } from "./tree.ts";

/** Puts a call of a function into the tree; its index follows in the reader. */
export function buildCall(b: Builder): void {
  const index = b.reader.u32();
  const type = functionType(b.module, index);
  const base = callFrame(b, type);
  b.out.push(Stmt.listed(StmtKind.Call, b.at, 0, 0, index, base, null, none, b.liveSlots()));
  b.stack.pushAllSettled(type.results);
}

/** Puts a call through a table into the tree; the immediates follow in the reader. */
export function buildCallIndirect(b: Builder): void {
  const type = b.module.types[b.reader.u32()]!;
  const table = b.reader.u32();
  const index = popElementIndex(b, table);
  const base = callFrame(b, type);
  b.out.push(Stmt.listed(StmtKind.CallIndirect, b.at, 0, 0, type.id, base, index, [table], b.liveSlots()));
  b.stack.pushAllSettled(type.results);
}

/** Takes the opcode of another call; the immediates follow in the reader. */
export function buildExtendedCall(b: Builder, op: number): void {
  const { reader, module } = b;
  switch (op) {
    case Op.call_ref: {
      const type = module.types[reader.u32()]!;
      const reference = popCallee(b);
      const base = callFrame(b, type);
      b.out.push(Stmt.listed(StmtKind.CallRef, b.at, 0, 0, type.id, base, reference, none, b.liveSlots()));
      b.stack.pushAllSettled(type.results);
      return;
    }
    case Op.return_call: {
      const index = reader.u32();
      return tailCall(b, op, functionType(b.module, index), index, null, []);
    }
    case Op.return_call_indirect: {
      const type = module.types[reader.u32()]!;
      const table = reader.u32();
      return tailCall(b, op, type, type.id, popElementIndex(b, table), [table]);
    }
    default: {
      const type = module.types[reader.u32()]!;
      return tailCall(b, op, type, type.id, popCallee(b), []);
    }
  }
}

/** A call of function or type `n`, chosen by `callee`, after which nothing of this frame is needed. */
function tailCall(b: Builder, op: number, type: DefType, n: number, callee: Expr | null, list: number[]): void {
  const base = callFrame(b, type);
  b.out.push(Stmt.listed(StmtKind.TailCall, b.at, op, 0, n, base, callee, list));
  b.dead();
}

/** Pops the index of an indirect call, as an i32. */
function popElementIndex(b: Builder, table: number): Expr {
  const index = popCallee(b);
  if (!b.module.tables[table]!.type.index64) return index;
  // No table has 2^32 elements: what is above is as good as the greatest i32.
  const constant = (type: ValType, lo: number): Expr =>
    new Expr(ExprKind.Const, type, 0, null, null, null, 0, lo, 0, 0, b.at);
  const high = b.expr(ExprKind.Numeric, Num.I32, Op["i64.gt_u"], index, constant(Num.I64, -1), 0, 0);
  const low = b.expr(ExprKind.Numeric, Num.I32, Op["i32.wrap_i64"], index, null, 0, 0);
  return new Expr(ExprKind.Select, Num.I32, Op.select, constant(Num.I32, -1), low, high, 0, 0, 0, 0, b.at);
}

/** Pops what says which function is called. It is computed before the arguments are laid out: it may read what they overwrite. */
function popCallee({ stack }: Builder): Expr {
  if (stack.entries[stack.height - 1]!.kind !== ExprKind.Const) stack.settle(stack.height - 1);
  return stack.pop();
}

/** Puts the arguments where the callee's parameters are and gives that slot. */
export function callFrame(b: Builder, { params }: DefType): number {
  const { stack } = b;
  const first = stack.height - params.length;
  // What waits below survives in its slots; only what a call can change must be computed before it.
  stack.settleEffects(Effect.Memory | Effect.Global);
  stack.settleAll(first);
  stack.truncate(first);
  // From here up the slots are the callee's.
  stack.settleReadersAbove();
  return stack.next;
}
