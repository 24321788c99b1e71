// Takes an instruction of a memory, puts it into the tree (specification: 2.4.5 Memory instructions).
import type { Builder } from "./build.ts";
import { dense, resultType } from "./shapes.ts";
import { Effect, Expr, ExprKind, Stmt, StmtKind } from "./tree.ts";

/** Puts a load of a number or a vector into the tree. */
export function buildLoad(b: Builder, op: number): void {
  const offset = b.memArg();
  const { stack, memory, align, at } = b;
  const a = stack.pop();
  const type = resultType[dense(op)]!;
  stack.push(new Expr(ExprKind.Load, type, op, a, null, null, offset, memory, align, Effect.Memory, at));
}

/** Puts a store of a number or a vector into the tree. */
export function buildStore(b: Builder, op: number): void {
  const offset = b.memArg();
  const { stack, out, memory, align, at } = b;
  const value = stack.pop();
  const address = stack.pop();
  stack.settleEffects(Effect.Memory);
  out.push(Stmt.plain(StmtKind.Store, at, op, align, memory, offset, address, value));
}

/** Puts a `memory.size` into the tree. */
export function buildMemorySize(b: Builder, op: number): void {
  const memory = b.reader.u32();
  b.stack.push(b.expr(ExprKind.MemorySize, b.addressType(memory), op, null, null, memory, Effect.Memory));
}

/** Puts a `memory.grow` into the tree. */
export function buildMemoryGrow(b: Builder, op: number): void {
  const memory = b.reader.u32();
  b.rare(op, 1, [b.addressType(memory)], [memory]);
}
