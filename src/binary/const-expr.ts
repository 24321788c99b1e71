// Takes bytes, gives a constant expression (specification: 5.4.10 Expressions, 3.4.13 Constant expressions).
import { InvalidError, MalformedError } from "../api/errors.ts";
import { opName } from "../syntax/instructions.ts";
import type { ConstExpr, ConstInstr } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { type Draft, declaredOf } from "./draft.ts";
import { failOpcode, type Reader } from "./reader.ts";
import { readHeapType, readTypeRef } from "./value-types.ts";

/** Reads a constant expression; the functions it names become declared. */
export function readConstExpr(reader: Reader, draft: Draft): ConstExpr {
  const first = readInstr(reader, draft);
  if (first === undefined) return [];
  // Nearly all are one instruction, and some modules have 100,000: no list that grows.
  let next = readInstr(reader, draft);
  if (next === undefined) return [first];
  const expr = [first];
  for (; next !== undefined; next = readInstr(reader, draft)) expr.push(next);
  return expr;
}

// Undefined at the end of the expression.
function readInstr(reader: Reader, draft: Draft): ConstInstr | undefined {
  const offset = reader.pos;
  const op = reader.opcode();
  if (op === Op.end) return undefined;
  const value = readImmediate(reader, draft, op, offset);
  return op === Op["array.new_fixed"] ? { op, value, count: reader.u32(), offset } : { op, value, offset };
}

function readImmediate(reader: Reader, draft: Draft, op: number, offset: number): ConstInstr["value"] {
  switch (op) {
    case Op["i32.const"]:
      return reader.s32();
    case Op["i64.const"]:
      return reader.s64();
    case Op["f32.const"]:
      return readBits32(reader);
    case Op["f64.const"]:
      return BigInt(readBits32(reader)) | (BigInt(readBits32(reader)) << 32n);
    case Op["v128.const"]: {
      const start = reader.skip(16);
      return reader.bytes.slice(start, start + 16);
    }
    case Op["global.get"]:
      return reader.u32();
    case Op["ref.func"]: {
      const index = reader.u32();
      declaredOf(draft)[index] = 1;
      return index;
    }
    case Op["ref.null"]:
      return readHeapType(reader, draft);
    case Op["struct.new"]:
    case Op["struct.new_default"]:
    case Op["array.new"]:
    case Op["array.new_default"]:
    case Op["array.new_fixed"]:
      return readTypeRef(reader, draft);
    case Op["i32.add"]:
    case Op["i32.sub"]:
    case Op["i32.mul"]:
    case Op["i64.add"]:
    case Op["i64.sub"]:
    case Op["i64.mul"]:
    case Op["ref.i31"]:
    case Op["any.convert_extern"]:
    case Op["extern.convert_any"]:
      return 0;
    default:
      return failConstant(reader, op, offset);
  }
}

function readBits32(reader: Reader): number {
  const { bytes } = reader;
  const at = reader.skip(4);
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

function failConstant(reader: Reader, op: number, offset: number): never {
  const name = opName(op);
  if (op === Op.else) throw new MalformedError("END opcode expected", offset);
  if (name === undefined) failOpcode(reader.bytes, offset);
  throw new InvalidError(`constant expression required: ${name} is not constant`, offset);
}
