// Takes an instruction of exceptions, puts it into the tree (specification: 2.4.2 try_table, throw; the legacy try as blocks around one).
import { Op } from "../syntax/opcodes.ts";
import { defType, Heap, refType, slotsOfAll, type ValType } from "../syntax/types.ts";
import type { Builder, Frame } from "./build.ts";
import { slotExpr } from "./operands.ts";
import { Effect, type Expr, type Handler, LABEL_RETURN, Stmt, StmtKind, TryStmt } from "./tree.ts";

/** What an open try catches. */
export interface Attempt {
  /** Label of its statement: the frame's own, or, in the legacy form, one more inside of the frame's block. */
  readonly label: number;
  readonly handlers: Handler[];
  /** Label of the try whose handlers are asked next. */
  outer: number;
  /** In a handler of the legacy form: the slot of the exception. Else -1. */
  caught: number;
  /** In the legacy form: the statement, and the handlers that are complete, each after a block around what comes before. */
  complete: Stmt[] | null;
}

const exception = refType(Heap.Exn, false);

/** Takes the opcode; the immediates follow in the reader. */
export function buildException(b: Builder, op: number): void {
  switch (op) {
    case Op.throw: {
      const tag = b.reader.u32();
      return buildThrow(b, tag, tagParams(b, tag));
    }
    case Op.throw_ref:
      return throwReference(b, b.stack.pop());
    case Op.rethrow: {
      const { attempt } = b.target(b.reader.u32());
      return throwReference(b, slotExpr(attempt!.caught, exception));
    }
    case Op.try_table:
      return openTryTable(b);
    case Op.try: {
      const attempt = { label: b.labels++, handlers: [], outer: enclosingTry(b, 0), caught: -1, complete: null };
      return b.openFrame(StmtKind.Try, b.labels++, b.blockType(), null, attempt);
    }
    default:
      continueTry(b, op as LegacyPart, true);
  }
}

function tagParams(b: Builder, tag: number): readonly ValType[] {
  return defType(b.module.tags[tag]!).params;
}

function buildThrow(b: Builder, tag: number, params: readonly ValType[]): void {
  const { stack } = b;
  const first = stack.height - params.length;
  // What would trap below the values must do so before they are gone.
  stack.settleEffects(Effect.Memory);
  stack.settleAll(first);
  b.emit(StmtKind.Throw, 0, 0, tag, stack.slotAt(first), null);
  b.dead();
}

function throwReference(b: Builder, reference: Expr): void {
  b.stack.settleEffects(Effect.Memory);
  b.emit(StmtKind.ThrowRef, 0, 0, 0, 0, reference);
  b.dead();
}

/** Label of the innermost try whose body holds the frame `label` frames out: an exception there goes to its handlers. */
function enclosingTry(b: Builder, label: number): number {
  for (let i = b.frames.length - 1 - label; i >= 0; i--) {
    const { attempt } = b.frames[i]!;
    if (attempt !== null && attempt.caught < 0) return attempt.label;
  }
  return LABEL_RETURN;
}

function openTryTable(b: Builder): void {
  const { reader } = b;
  const type = b.blockType();
  const handlers: Handler[] = [];
  for (let count = reader.u32(); count > 0; count--) {
    const kind = reader.u8();
    const tag = kind < 2 ? reader.u32() : -1;
    const frame = b.target(reader.u32());
    const slot = frame.kind === StmtKind.Return ? 0 : b.stack.slotAt(frame.height);
    const withReference = (kind & 1) !== 0;
    handlers.push({ tag, label: frame.label, slot, exception: withReference ? slot + slotsOfTag(b, tag) : -1 });
  }
  const label = b.labels++;
  const attempt = { label, handlers, outer: enclosingTry(b, 0), caught: -1, complete: null };
  b.openFrame(StmtKind.Try, label, type, null, attempt);
}

function slotsOfTag(b: Builder, tag: number): number {
  if (tag < 0) return 0;
  return slotsOfAll(tagParams(b, tag));
}

/** What ends the body of a legacy try, or one of its handlers. */
export type LegacyPart = Op.catch | Op.catch_all | Op.delegate;

/** Takes the next part of a legacy try; `reachable` is whether the part before falls through to its end. */
export function continueTry(b: Builder, op: LegacyPart, reachable: boolean): void {
  if (op === Op.delegate) {
    // The label counts from outside of the try.
    b.frames[b.frames.length - 1]!.attempt!.outer = enclosingTry(b, b.reader.u32() + 1);
    b.close(reachable);
  } else catchLegacy(b, op === Op.catch ? b.reader.u32() : -1, reachable);
}

function catchLegacy(b: Builder, tag: number, reachable: boolean): void {
  const { stack } = b;
  const frame = b.frames[b.frames.length - 1]!;
  const attempt = frame.attempt!;
  if (reachable) {
    b.moveResults(frame.results.length, frame.height);
    b.out.push(Stmt.branch(StmtKind.Br, b.at, frame.label, null));
  }
  const label = b.labels++;
  const before = attempt.complete ?? [bodyStatement(frame)];
  attempt.complete = [Stmt.structured(StmtKind.Block, b.at, label, null, before, null)];
  b.redirect(attempt.complete);
  // The exception stays below the values while the handler runs, for `rethrow`.
  stack.truncate(frame.height);
  attempt.caught = stack.next;
  stack.pushSettled(exception);
  attempt.handlers.push({ tag, label, slot: stack.next, exception: attempt.caught });
  const params = tag < 0 ? [] : tagParams(b, tag);
  stack.pushAllSettled(params);
}

function bodyStatement({ at, body, attempt }: Frame): TryStmt {
  return new TryStmt(at, attempt!.label, body, attempt!.handlers, attempt!.outer);
}

/** The statement of a try that has ended. */
export function tryStatement(frame: Frame): Stmt {
  const { at, label } = frame;
  const attempt = frame.attempt!;
  if (attempt.label === label) return bodyStatement(frame);
  return Stmt.structured(StmtKind.Block, at, label, null, attempt.complete ?? [bodyStatement(frame)], null);
}
