// Takes an opcode's first byte, gives what puts the instruction into the tree (specification: 2.4 Instructions). Each kind of instruction has a small
// function of its own: in a fresh process that is optimised by itself, and an instruction that is met late throws no other's code away.

import { Op } from "../syntax/opcodes.ts";
import { Num, type ValType } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { buildCall, buildCallIndirect } from "./build-calls.ts";
import { buildLoad, buildMemoryGrow, buildMemorySize, buildStore } from "./build-memory.ts";
import { buildBinary, buildNot, buildNumeric } from "./build-numeric.ts";
import { buildOther } from "./build-other.ts";
import { mayTrap, operandCount } from "./shapes.ts";
import { Effect, Expr, ExprKind, Stmt, StmtKind } from "./tree.ts";
import { readValType } from "./value-type.ts";

/** Puts an instruction into the tree, whose immediates follow in the reader. */
export type Build = (b: Builder, op: number) => void;

const own: Readonly<Record<number, Build>> = {
  [Op.unreachable]: buildUnreachable,
  [Op.nop]: () => {},
  [Op.block]: (b) => b.open(StmtKind.Block, null),
  [Op.loop]: (b) => b.open(StmtKind.Loop, null),
  [Op.if]: (b) => b.open(StmtKind.If, b.stack.pop()),
  [Op.else]: (b) => b.else(true),
  [Op.end]: (b) => b.close(true),
  [Op.br]: (b) => b.br(b.reader.u32()),
  [Op.br_if]: (b) => b.brIf(b.reader.u32()),
  [Op.br_table]: (b) => b.brTable(),
  [Op.return]: (b) => b.br(b.frames.length - 1),
  [Op.call]: buildCall,
  [Op.call_indirect]: buildCallIndirect,
  [Op.drop]: buildDrop,
  [Op.select]: (b) => buildSelect(b),
  [Op.select_t]: buildSelectOfType,
  [Op["local.get"]]: buildLocalGet,
  [Op["local.set"]]: buildLocalSet,
  [Op["local.tee"]]: buildLocalTee,
  [Op["global.get"]]: buildGlobalGet,
  [Op["global.set"]]: buildGlobalSet,
  [Op["memory.size"]]: buildMemorySize,
  [Op["memory.grow"]]: buildMemoryGrow,
  [Op["i32.const"]]: (b) => b.const(Num.I32, b.reader.s32(), 0),
  [Op["i64.const"]]: buildLong,
  [Op["f32.const"]]: (b) => b.const(Num.F32, b.reader.bits32(), 0),
  [Op["f64.const"]]: (b) => b.const(Num.F64, b.reader.bits32(), b.reader.bits32()),
  [Op["i32.eqz"]]: buildNot,
};

/** What does so, by the first byte of an opcode. */
export const builds: readonly Build[] = Array.from({ length: 256 }, (_, op) => own[op] ?? buildOf(op));

function buildOf(op: number): Build {
  if (op >= Op["i32.load"] && op <= Op["i64.load32_u"]) return buildLoad;
  if (op >= Op["i32.store"] && op <= Op["i64.store32"]) return buildStore;
  if (op < Op["i32.eqz"] || op > Op["i64.extend32_s"]) return buildOther;
  return operandCount[op] === 2 && !mayTrap(op) ? buildBinary : buildNumeric;
}

function buildUnreachable(b: Builder, op: number): void {
  // What would trap below must do so first.
  b.stack.settleEffects(Effect.Memory);
  b.emit(StmtKind.Unreachable, op, 0, 0, 0, null);
  b.dead();
}

function buildDrop(b: Builder, op: number): void {
  const expr = b.stack.pop();
  if ((expr.effects & Effect.Memory) === 0) return;
  b.stack.settleEffects(Effect.Memory);
  b.emit(StmtKind.Drop, op, 0, 0, 0, expr);
}

function buildSelectOfType(b: Builder): void {
  // There is one. It may be wider than that of an operand: of null, for one that is not.
  b.reader.u32();
  buildSelect(b, readValType(b.reader, b.module));
}

function buildSelect({ stack, at }: Builder, type?: ValType): void {
  const c = stack.pop();
  const b = stack.pop();
  const a = stack.pop();
  stack.push(new Expr(ExprKind.Select, type ?? a.type, Op.select, a, b, c, 0, 0, 0, 0, at));
}

function buildLocalGet({ stack, reader, localExprs }: Builder): void {
  stack.push(localExprs[reader.u32()]!);
}

function buildLocalSet(b: Builder): void {
  setLocal(b, b.localExprs[b.reader.u32()]!);
}

function buildLocalTee(b: Builder): void {
  const local = b.localExprs[b.reader.u32()]!;
  setLocal(b, local);
  b.stack.push(local);
}

function setLocal({ stack, out, at }: Builder, { n, type }: Expr): void {
  const expr = stack.pop();
  if (expr.kind === ExprKind.Slot && expr.n === n) return;
  stack.settleReaders(n, expr.effects & Effect.Memory);
  out.push(Stmt.plain(StmtKind.Set, at, 0, type, n, 0, expr, null));
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
  b.emit(StmtKind.GlobalSet, 0, b.module.globals[index]!.type.type, index, 0, expr);
}

function buildLong(b: Builder): void {
  const lo = b.reader.s64();
  b.const(Num.I64, lo, b.reader.hi);
}
