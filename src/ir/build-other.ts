// Takes an instruction that is not plain, puts it into the tree: references, tables, bulk memory (specification: 2.4.4–2.4.6). What extensions
// brought is in files of its own.

import { prefixedOp } from "../syntax/instructions.ts";
import { Op } from "../syntax/opcodes.ts";
import { Num, type ValType } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { buildAggregate } from "./build-aggregates.ts";
import { buildAtomic } from "./build-atomics.ts";
import { buildExtendedCall } from "./build-calls.ts";
import { buildException } from "./build-exceptions.ts";
import { buildNumeric } from "./build-numeric.ts";
import { buildReference } from "./build-references.ts";
import { buildVector } from "./build-vectors.ts";
import { none } from "./tree.ts";

const twoNumbers: readonly ValType[] = [Num.I64, Num.I64];

/** Takes an instruction from its first byte on. */
export function buildOther(b: Builder, first: number): void {
  const { reader } = b;
  switch (first) {
    case 0xfb:
      return buildAggregate(b, 0xfb00 | reader.u32());
    case 0xfd:
      return buildVector(b, prefixedOp(first, reader.u32()));
    case 0xfe:
      return buildAtomic(b, 0xfe00 | reader.u32());
    default:
  }
  const op = first === 0xfc ? 0xfc00 | reader.u32() : first;
  if (op >= Op["i32.trunc_sat_f32_s"] && op <= Op["i64.trunc_sat_f64_u"]) return buildNumeric(b, op);
  switch (op) {
    case Op["ref.null"]:
    case Op["ref.is_null"]:
    case Op["ref.func"]:
    case Op["ref.eq"]:
    case Op["ref.as_non_null"]:
    case Op.br_on_null:
    case Op.br_on_non_null:
      return buildReference(b, op);
    case Op.return_call:
    case Op.return_call_indirect:
    case Op.call_ref:
    case Op.return_call_ref:
      return buildExtendedCall(b, op);
    case Op.try:
    case Op.catch:
    case Op.catch_all:
    case Op.delegate:
    case Op.rethrow:
    case Op.throw:
    case Op.throw_ref:
    case Op.try_table:
      return buildException(b, op);
    default:
      buildRare(b, op);
  }
}

/** Instructions of tables, of whole ranges, of two results. */
function buildRare(b: Builder, op: number): void {
  const { reader, module } = b;
  switch (op) {
    case Op["table.get"]: {
      const table = reader.u32();
      return b.rare(op, 1, [module.tables[table]!.type.element], [table]);
    }
    case Op["table.set"]:
      return b.rare(op, 2, none, [reader.u32()]);
    case Op["memory.init"]:
    case Op["memory.copy"]:
    case Op["table.init"]:
    case Op["table.copy"]:
      return b.rare(op, 3, none, [reader.u32(), reader.u32()]);
    case Op["memory.fill"]:
    case Op["table.fill"]:
      return b.rare(op, 3, none, [reader.u32()]);
    case Op["data.drop"]:
    case Op["elem.drop"]:
      return b.rare(op, 0, none, [reader.u32()]);
    case Op["table.grow"]:
    case Op["table.size"]: {
      const table = reader.u32();
      const result = module.tables[table]!.type.index64 ? Num.I64 : Num.I32;
      return b.rare(op, op === Op["table.grow"] ? 2 : 0, [result], [table]);
    }
    case Op["i64.add128"]:
    case Op["i64.sub128"]:
      return b.rare(op, 4, twoNumbers, []);
    case Op["i64.mul_wide_s"]:
    case Op["i64.mul_wide_u"]:
      return b.rare(op, 2, twoNumbers, []);
    default:
      b.unsupported(`instruction 0x${op.toString(16)}`);
  }
}
