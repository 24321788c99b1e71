// Takes an instruction of vectors, puts it into the tree (specification: 2.4.9 Vector instructions).
import { Imm, Op } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { buildLoad, buildStore } from "./build-memory.ts";
import { dense, immediates, operandCount, resultType } from "./shapes.ts";
import { Effect, Expr, ExprKind, none, Stmt, StmtKind } from "./tree.ts";

/** Takes the opcode; the immediates follow in the reader. */
export function buildVector(b: Builder, op: number): void {
  const { reader } = b;
  switch (immediates.get(op)) {
    case Imm.None:
      return compute(b, op, 0);
    case Imm.V128:
      return b.vectorConst(skip16(b));
    case Imm.Lanes:
      return compute(b, op, skip16(b));
    case Imm.Lane2:
    case Imm.Lane4:
    case Imm.Lane8:
    case Imm.Lane16:
      return compute(b, op, reader.u8());
    case Imm.MemLane1:
    case Imm.MemLane2:
    case Imm.MemLane4:
    case Imm.MemLane8:
      return accessLane(b, op);
    default:
      if (op === Op["v128.store"]) buildStore(b, op);
      else buildLoad(b, op);
  }
}

/** Gives the offset of 16 bytes and moves behind them. */
function skip16({ reader }: Builder): number {
  const at = reader.pos;
  reader.pos += 16;
  return at;
}

function compute(b: Builder, op: number, n: number): void {
  const { stack } = b;
  const code = dense(op);
  const count = operandCount[code];
  const third = count === 3 ? stack.pop() : null;
  const second = count >= 2 ? stack.pop() : null;
  const first = stack.pop();
  stack.push(new Expr(ExprKind.Numeric, resultType[code], op, first, second, third, n, 0, 0, Effect.None, b.at));
}

function accessLane(b: Builder, op: number): void {
  const offset = b.memArg();
  const { memory } = b;
  const lane = b.reader.u8();
  const vector = b.stack.pop();
  const address = b.stack.pop();
  if (op <= Op["v128.load64_lane"]) {
    const effects = Effect.Memory;
    b.stack.push(new Expr(ExprKind.Load, Num.V128, op, address, vector, null, offset, memory, lane, effects, b.at));
    return;
  }
  b.stack.settleEffects(Effect.Memory);
  const { at, out } = b;
  out.push(new Stmt(StmtKind.Store, at, op, 0, memory, offset, address, vector, 0, null, null, [lane], none, null));
}
