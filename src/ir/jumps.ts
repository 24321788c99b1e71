// Takes a branch to a loop that begins with a jump table, gives where the table leads to from there (specification: 4.6.2 Control instructions).
import type { Frame } from "./build.ts";
import { type Expr, ExprKind, type Stmt, StmtKind } from "./tree.ts";

/** Notes a jump with a table, which carries no values, at the loop that it is the first thing in: what else is in the loop comes after it. */
export function noteJump(frames: readonly Frame[], index: Expr, labels: readonly number[]): void {
  let i = frames.length - 1;
  while (frames[i]!.kind === StmtKind.Block && frames[i]!.body.length === 0) i--;
  const frame = frames[i]!;
  if (frame.kind === StmtKind.Loop && frame.body.length === 0 && index.kind === ExprKind.Slot)
    frame.jump = { slot: index.n, labels };
}

/**
 * Where a branch to a frame ends that comes after a statement: a loop whose table is given a constant leads on to a block. Programs that go on in their
 * middle, Go's, have all their jumps in this form. Only what is around the branch can be reached.
 */
export function jumpedTo(frames: readonly Frame[], frame: Frame, before: Stmt | undefined): Frame {
  const { jump } = frame;
  if (before?.kind !== StmtKind.Set || before.n !== jump?.slot || before.a!.kind !== ExprKind.Const) return frame;
  const label = jump.labels[before.a!.lo >>> 0] ?? jump.labels[jump.labels.length - 1];
  return frames.find((open) => open.label === label) ?? frame;
}
