// Takes an instruction of threads, puts it into the tree (threads proposal: Atomic memory accesses, Wait and Notify operators).
import { instructions, opName } from "../syntax/instructions.ts";
import { Op } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";
import { type WaitSize, waitIndex, waitType } from "../syntax/waits.ts";
import type { Builder } from "./build.ts";
import { callFrame } from "./build-calls.ts";
import { shapeOf } from "./shapes.ts";
import { ExprKind, none, Stmt, StmtKind } from "./tree.ts";

/** Takes the opcode; the immediates follow in the reader. */
export function buildAtomic(b: Builder, op: number): void {
  if (op === Op["atomic.fence"]) {
    // Other accesses do not move past atomic ones in the first place.
    b.reader.u8();
    return;
  }
  const offset = b.memArg();
  const { memory } = b;
  if (op === Op["memory.atomic.wait32"]) return buildWait(b, 4, memory, offset);
  if (op === Op["memory.atomic.wait64"]) return buildWait(b, 8, memory, offset);
  const [operands, result] = shapeOf(instructions[opName(op)!]![2]);
  b.rare(op, operands, result === Num.Bottom ? [] : [result], [memory, offset | 0, high(offset)]);
}

// Waiting is a call. What the function takes for the address is 64 bits wide.
function buildWait(b: Builder, size: WaitSize, memory: number, offset: number): void {
  const { stack } = b;
  const timeout = stack.pop();
  const expected = stack.pop();
  const address = stack.pop();
  const is64 = b.module.memories[memory]!.index64;
  stack.push(is64 ? address : b.expr(ExprKind.Numeric, Num.I64, Op["i64.extend_i32_u"], address, null, 0, 0));
  stack.push(expected);
  stack.push(timeout);
  b.const(Num.I64, offset | 0, high(offset));
  const base = callFrame(b, waitType(size));
  b.out.push(Stmt.listed(StmtKind.Call, b.at, 0, 0, waitIndex(memory, size), base, null, none, b.liveSlots()));
  stack.pushSettled(Num.I32);
}

function high(offset: number): number {
  return Math.floor(offset / 4294967296);
}
