// Takes an opcode's first byte, gives what puts the instruction into the tree (specification: 2.4 Instructions). Each kind of instruction has a small
// function of its own: in a fresh process that is optimised by itself, and an instruction that is met late throws no other's code away.

import { Op } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { buildCall, buildCallIndirect } from "./build-calls.ts";
import { buildLoad, buildMemoryGrow, buildMemorySize, buildStore } from "./build-memory.ts";
import { buildBinary, buildNot, buildNumeric } from "./build-numeric.ts";
import { buildOther } from "./build-other.ts";
import { slotExpr } from "./operands.ts";
import { mayTrap, operandCount } from "./shapes.ts";
import { Effect, Expr, ExprKind, StmtKind } from "./tree.ts";
import { readValType } from "./value-type.ts";

/** Puts an instruction into the tree, whose immediates follow in the reader. */
export type Build = (b: Builder, op: number) => void;

/** What does so, by the first byte of an opcode. */
export const builds: readonly Build[] = Array.from({ length: 256 }, (_, op) => buildOf(op));

function buildOf(op: number): Build {
  switch (op) {
    case Op.unreachable:
      return buildUnreachable;
    case Op.nop:
      return () => {};
    case Op.block:
      return (b) => b.open(StmtKind.Block, null);
    case Op.loop:
      return (b) => b.open(StmtKind.Loop, null);
    case Op.if:
      return (b) => b.open(StmtKind.If, b.stack.pop());
    case Op.else:
      return (b) => b.else(true);
    case Op.end:
      return (b) => b.close(true);
    case Op.br:
      return (b) => b.br(b.reader.u32());
    case Op.br_if:
      return (b) => b.brIf(b.reader.u32());
    case Op.br_table:
      return (b) => b.brTable();
    case Op.return:
      return (b) => b.br(b.frames.length - 1);
    case Op.call:
      return buildCall;
    case Op.call_indirect:
      return buildCallIndirect;
    case Op.drop:
      return buildDrop;
    case Op.select:
      return buildSelect;
    case Op.select_t:
      return buildSelectOfType;
    case Op["local.get"]:
      return buildLocalGet;
    case Op["local.set"]:
      return buildLocalSet;
    case Op["local.tee"]:
      return buildLocalTee;
    case Op["global.get"]:
      return buildGlobalGet;
    case Op["global.set"]:
      return buildGlobalSet;
    case Op["memory.size"]:
      return buildMemorySize;
    case Op["memory.grow"]:
      return buildMemoryGrow;
    case Op["i32.const"]:
      return (b) => b.const(Num.I32, b.reader.s32(), 0);
    case Op["i64.const"]:
      return buildLong;
    case Op["f32.const"]:
      return (b) => b.const(Num.F32, b.reader.bits32(), 0);
    case Op["f64.const"]:
      return (b) => b.const(Num.F64, b.reader.bits32(), b.reader.bits32());
    case Op["i32.eqz"]:
      return buildNot;
    default:
      if (op >= Op["i32.load"] && op <= Op["i64.load32_u"]) return buildLoad;
      if (op >= Op["i32.store"] && op <= Op["i64.store32"]) return buildStore;
      if (op < Op["i32.eqz"] || op > Op["i64.extend32_s"]) return buildOther;
      return operandCount[op] === 2 && !mayTrap(op) ? buildBinary : buildNumeric;
  }
}

function buildUnreachable(b: Builder, op: number): void {
  // What would trap below must do so first.
  b.stack.settleEffects(Effect.Memory);
  b.emit(StmtKind.Unreachable, op, 0, 0, 0, null, null);
  b.dead();
}

function buildDrop(b: Builder, op: number): void {
  const expr = b.stack.pop();
  if ((expr.effects & Effect.Memory) === 0) return;
  b.stack.settleEffects(Effect.Memory);
  b.emit(StmtKind.Drop, op, 0, 0, 0, expr, null);
}

function buildSelectOfType(b: Builder): void {
  for (let n = b.reader.u32(); n > 0; n--) readValType(b.reader, b.module);
  buildSelect(b);
}

function buildSelect({ stack, at }: Builder): void {
  const c = stack.pop();
  const b = stack.pop();
  const a = stack.pop();
  stack.push(new Expr(ExprKind.Select, a.type, Op.select, a, b, c, 0, 0, 0, 0, at));
}

function buildLocalGet(b: Builder): void {
  const local = b.reader.u32();
  b.stack.push(slotExpr(b.localSlot[local]!, b.locals[local]!));
}

function buildLocalSet(b: Builder): void {
  setLocal(b, b.reader.u32(), b.stack.pop());
}

function buildLocalTee(b: Builder): void {
  const local = b.reader.u32();
  setLocal(b, local, b.stack.pop());
  b.stack.push(slotExpr(b.localSlot[local]!, b.locals[local]!));
}

function setLocal(b: Builder, local: number, expr: Expr): void {
  const slot = b.localSlot[local]!;
  if (expr.kind === ExprKind.Slot && expr.n === slot) return;
  b.stack.settleReaders(slot);
  b.stack.settleEffects(expr.effects & Effect.Memory);
  b.emit(StmtKind.Set, 0, b.locals[local]!, slot, 0, expr, null);
}

function buildGlobalGet(b: Builder, op: number): void {
  const index = b.reader.u32();
  const { type, mutable } = b.module.globals[index]!.type;
  const effects = mutable ? Effect.Global : Effect.None;
  b.stack.push(new Expr(ExprKind.Global, type, op, null, null, null, index, 0, 0, effects, b.at));
}

function buildGlobalSet(b: Builder): void {
  const index = b.reader.u32();
  const expr = b.stack.pop();
  b.stack.settleEffects(Effect.Memory | Effect.Global);
  b.emit(StmtKind.GlobalSet, 0, b.module.globals[index]!.type.type, index, 0, expr, null);
}

function buildLong(b: Builder): void {
  const lo = b.reader.s64();
  b.const(Num.I64, lo, b.reader.hi);
}
