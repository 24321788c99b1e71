// Takes an instruction of tail calls or of calls through references, puts it into the tree (specification: 2.4.7, call_ref, return_call).
import { Op } from "../syntax/opcodes.ts";
import type { DefType } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { type Expr, Stmt, StmtKind } from "./tree.ts";

/** Takes the opcode; the immediates follow in the reader. */
export function buildExtendedCall(b: Builder, op: number): void {
  const { reader, module } = b;
  switch (op) {
    case Op.call_ref: {
      const type = module.types[reader.u32()]!;
      const reference = b.popCallee();
      const base = b.callFrame(type);
      b.hasReferences = true;
      b.emit(StmtKind.CallRef, 0, 0, type.id, base, reference, null);
      for (const result of type.results) b.stack.pushSettled(result);
      return;
    }
    case Op.return_call: {
      const index = reader.u32();
      return tailCall(b, op, module.types[module.functions[index]!]!, index, null, []);
    }
    case Op.return_call_indirect: {
      const type = module.types[reader.u32()]!;
      const table = reader.u32();
      return tailCall(b, op, type, type.id, b.popElementIndex(table), [table]);
    }
    default: {
      const type = module.types[reader.u32()]!;
      b.hasReferences = true;
      return tailCall(b, op, type, type.id, b.popCallee(), []);
    }
  }
}

/** A call of function or type `n`, chosen by `callee`, after which nothing of this frame is needed. */
function tailCall(b: Builder, op: number, type: DefType, n: number, callee: Expr | null, list: number[]): void {
  const base = b.callFrame(type);
  b.out.push(Stmt.listed(StmtKind.TailCall, b.at, op, 0, n, base, callee, list));
  b.dead();
}
