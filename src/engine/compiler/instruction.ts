// Takes an instruction that has no kind of its own in the tree, gives source for it.
import { Pseudo, type Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { aggregate } from "./aggregates.ts";
import { atomicInstruction } from "./atomics.ts";
import type { FunctionEmitter } from "./emit.ts";
import { wideInstruction } from "./sums.ts";
import { memoryInstruction, tableInstruction } from "./tables.ts";
import { unprintable } from "./writer.ts";

/** An instruction of references, tables, bulk memory, and whatever else is rare. */
export function instruction(e: FunctionEmitter, stmt: Stmt): void {
  const { op, list, m, type } = stmt;
  if (op === Pseudo.Meter) e.writer.line(`if((fuel[0]-=${list[0]!})<0)refuel();`);
  else if (op === Pseudo.Profile) e.writer.line(`profile(${list.join()},n);`);
  else if (op === Op["ref.func"]) e.writer.line(`${e.writer.slot(m, type)}=functionAt(${list[0]!});`);
  else if (op >> 8 === 0xfb) aggregate(e, stmt);
  else if (!isWritten(e, stmt)) throw unprintable(op);
}

function isWritten(e: FunctionEmitter, stmt: Stmt): boolean {
  return (
    tableInstruction(e, stmt) || memoryInstruction(e, stmt) || atomicInstruction(e, stmt) || wideInstruction(e, stmt)
  );
}
