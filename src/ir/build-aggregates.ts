// Takes an instruction of structures, arrays, casts or scalar references, puts it into the tree (specification: 2.4.7 Aggregate instructions).
import { Op } from "../syntax/opcodes.ts";
import { type DefType, Heap, Num, refType, unpacked } from "../syntax/types.ts";
import type { Builder } from "./build.ts";
import { buildNot } from "./build-numeric.ts";
import { Effect } from "./tree.ts";
import { readHeapType } from "./value-type.ts";

/** Takes the opcode; the immediates follow in the reader. Types are immediates of the tree by canonical number. */
export function buildAggregate(b: Builder, op: number): void {
  if (op <= Op["struct.set"]) return buildStruct(b, op, readType(b));
  if (op <= Op["array.new_elem"]) return buildNewArray(b, op, readType(b));
  if (op === Op["array.len"]) return b.reference(op, 1, Num.I32, 0, 0, Effect.Memory);
  if (op <= Op["array.init_elem"]) return buildArray(b, op, readType(b));
  switch (op) {
    case Op["any.convert_extern"]:
    case Op["extern.convert_any"]:
      // A reference is the same value in either hierarchy.
      return;
    case Op["ref.i31"]:
      return b.reference(op, 1, refType(Heap.I31, false), 0, 0, Effect.None);
    case Op["i31.get_s"]:
    case Op["i31.get_u"]:
      return b.reference(op, 1, Num.I32, 0, 0, Effect.Memory);
    case Op.br_on_cast:
    case Op.br_on_cast_fail:
      return buildBranch(b, op);
    default:
      return buildCast(b, op);
  }
}

function readType({ reader, module }: Builder): DefType {
  return module.types[reader.u32()]!;
}

function buildStruct(b: Builder, op: number, { id, fields }: DefType): void {
  const result = refType(id, false);
  switch (op) {
    case Op["struct.new"]:
      return b.rare(op, fields.length, [result], [id]);
    case Op["struct.new_default"]:
      return b.rare(op, 0, [result], [id]);
    default: {
      const field = b.reader.u32();
      if (op === Op["struct.set"]) return b.rare(op, 2, [], [id, field]);
      return b.reference(op, 1, unpacked(fields[field]!.storage), id, field, Effect.Memory);
    }
  }
}

function buildNewArray(b: Builder, op: number, { id }: DefType): void {
  const result = [refType(id, false)];
  switch (op) {
    case Op["array.new"]:
      return b.rare(op, 2, result, [id]);
    case Op["array.new_default"]:
      return b.rare(op, 1, result, [id]);
    case Op["array.new_fixed"]: {
      const count = b.reader.u32();
      return b.rare(op, count, result, [id, count]);
    }
    default: // array.new_data, array.new_elem
      return b.rare(op, 2, result, [id, b.reader.u32()]);
  }
}

function buildArray(b: Builder, op: number, { id, fields }: DefType): void {
  switch (op) {
    case Op["array.get"]:
    case Op["array.get_s"]:
    case Op["array.get_u"]:
      return b.reference(op, 2, unpacked(fields[0]!.storage), id, 0, Effect.Memory);
    case Op["array.set"]:
      return b.rare(op, 3, [], [id]);
    case Op["array.fill"]:
      return b.rare(op, 4, [], [id]);
    case Op["array.copy"]:
      return b.rare(op, 5, [], [id, readType(b).id]);
    default: // array.init_data, array.init_elem
      return b.rare(op, 4, [], [id, b.reader.u32()]);
  }
}

function buildCast(b: Builder, op: number): void {
  const nullable = op === Op["ref.test_null"] || op === Op["ref.cast_null"];
  const type = refType(readHeapType(b.reader, b.module), nullable);
  if (op === Op["ref.test"] || op === Op["ref.test_null"])
    b.reference(Op["ref.test"], 1, Num.I32, type, 0, Effect.None);
  else b.reference(Op["ref.cast"], 1, type, type, 0, Effect.Memory);
}

function buildBranch(b: Builder, op: number): void {
  const { reader } = b;
  const flags = reader.u8();
  const label = reader.u32();
  readHeapType(reader, b.module);
  const target = refType(readHeapType(reader, b.module), (flags & 2) !== 0);
  // The reference stays where it is, for the branch and for what follows.
  b.testTop(Op["ref.test"], target);
  if (op === Op.br_on_cast_fail) buildNot(b);
  b.brIf(label);
}
