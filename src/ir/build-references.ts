// Takes an instruction of references, puts it into the tree (specification: 2.4.6 Reference instructions).
import { Op } from "../syntax/opcodes.ts";
import { heapOf, Num, refType } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { buildNot } from "./build-numeric.ts";
import { Effect } from "./tree.ts";
import { readHeapType } from "./value-type.ts";

/** Takes the opcode; the immediates follow in the reader. */
export function buildReference(b: Builder, op: number): void {
  const { reader, module } = b;
  switch (op) {
    case Op["ref.null"]: {
      const heap = readHeapType(reader, module);
      return b.const(refType(heap, true), 0, 0);
    }
    case Op["ref.is_null"]:
      return b.reference(op, 1, Num.I32, 0, 0, Effect.None);
    case Op["ref.eq"]:
      return b.reference(op, 2, Num.I32, 0, 0, Effect.None);
    case Op["ref.func"]: {
      const index = reader.u32();
      return b.rare(op, 0, [module.types[module.functions[index]!]!.id << 2], [index]);
    }
    case Op["ref.as_non_null"]: {
      const heap = heapOf(b.stack.entries[b.stack.height - 1]!.type);
      return b.reference(op, 1, refType(heap, false), 0, 0, Effect.Memory);
    }
    case Op.br_on_null: {
      const label = reader.u32();
      b.testTop(Op["ref.is_null"], 0);
      const isNull = b.stack.pop();
      const reference = b.stack.pop();
      b.branchIf(label, isNull);
      return b.stack.push(reference);
    }
    case Op.br_on_non_null: {
      const label = reader.u32();
      b.testTop(Op["ref.is_null"], 0);
      buildNot(b);
      b.brIf(label);
      b.stack.pop();
      return;
    }
    default:
      b.unsupported(`instruction 0x${op.toString(16)}`);
  }
}
