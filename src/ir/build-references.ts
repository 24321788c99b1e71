// Takes an instruction of references, puts it into the tree (specification: 2.4.3 Reference instructions).
import { Op } from "../syntax/opcodes.ts";
import { heapOf, Num, refType } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { readHeapType } from "./value-type.ts";

/** Takes the opcode; the immediates follow in the reader. */
export function buildReference(b: Builder, op: number): void {
  const { reader, module } = b;
  switch (op) {
    case Op["ref.null"]: {
      const heap = readHeapType(reader, module);
      return b.rare(op, 0, [(heap << 2) | 2], []);
    }
    case Op["ref.is_null"]:
      return b.rare(op, 1, [Num.I32], []);
    case Op["ref.eq"]:
      return b.rare(op, 2, [Num.I32], []);
    case Op["ref.func"]: {
      const index = reader.u32();
      return b.rare(op, 0, [module.types[module.functions[index]!]!.id << 2], [index]);
    }
    case Op["ref.as_non_null"]: {
      const heap = heapOf(b.stack.entries[b.stack.height - 1]!.type);
      return b.rare(op, 1, [refType(heap, false)], []);
    }
    case Op.br_on_null: {
      const label = reader.u32();
      b.testTop(Op["ref.is_null"], []);
      const isNull = b.stack.pop();
      const { type } = b.stack.pop();
      b.branchIf(label, isNull);
      b.stack.pushSettled(refType(heapOf(type), false));
      return;
    }
    case Op.br_on_non_null: {
      const label = reader.u32();
      b.testTop(Op["ref.is_null"], []);
      b.numeric(Op["i32.eqz"]);
      b.brIf(label);
      b.stack.pop();
      return;
    }
    default:
      b.unsupported(`instruction 0x${op.toString(16)}`);
  }
}
