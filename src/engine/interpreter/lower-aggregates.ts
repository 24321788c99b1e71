// Takes an aggregate instruction's registers and immediates, gives the operands that aggregates.ts and arrays.ts read: fields as entries.
import { entriesOf, structLayout } from "../../instance/struct.ts";
import { Op } from "../../syntax/opcodes.ts";
import { type DefType, defType, isRef, Num, type ValType } from "../../syntax/types.ts";

/** Whether an instruction's operands are made here. */
export function isAggregate(op: number): boolean {
  return op >> 8 === 0xfb;
}

/** How many words a value has in the registers; 0 where it is a reference. Packed fields have one. */
function wordsOf(storage: ValType): number {
  return isRef(storage) ? 0 : entriesOf(storage);
}

/**
 * The operands of an instruction. Where a single value goes in or out its words follow the registers, 0 for a reference; for a packed
 * one that is read, the distance of its highest bit from that of a word.
 */
export function aggregateOperands(op: number, registers: readonly number[], list: readonly number[]): number[] {
  switch (op) {
    case Op["struct.new"]: {
      const type = defType(list[0]!);
      const sources = type.fields.flatMap(({ storage }, i) => sourcesOf(storage, registers[i]!));
      return [type.id, ...sources];
    }
    case Op["array.new_fixed"]: {
      const { storage } = elementOf(list[0]!);
      return [list[0]!, list[1]!, ...registers.flatMap((register) => sourcesOf(storage, register))];
    }
    case Op["struct.get"]:
    case Op["struct.set"]:
    case Op["struct.get_s"]:
    case Op["struct.get_u"]: {
      const type = defType(list[0]!);
      const { storage } = type.fields[list[1]!]!;
      return [...registers, structLayout(type).at[list[1]!]!, accessOf(op, storage)];
    }
    case Op["array.get"]:
    case Op["array.get_s"]:
    case Op["array.get_u"]:
    case Op["array.set"]:
      return [...registers, accessOf(op, elementOf(list[0]!).storage)];
    case Op["array.fill"]:
      return [...registers, wordsOf(elementOf(list[0]!).storage)];
    case Op["array.new"]:
      return [...registers, list[0]!, wordsOf(elementOf(list[0]!).storage)];
    default:
      return [...registers, ...list];
  }
}

function elementOf(id: number): DefType["fields"][number] {
  return defType(id).fields[0]!;
}

function accessOf(op: number, storage: ValType): number {
  const isPackedRead = op === Op["struct.get_s"] || op === Op["struct.get_u"] || op === Op["array.get_u"];
  if (!isPackedRead) return wordsOf(storage);
  return storage === Num.I8 ? 24 : 16;
}

/** For each entry of a value: its word in the frame times two, plus one where it is a reference. */
function sourcesOf(storage: ValType, register: number): number[] {
  if (isRef(storage)) return [register * 2 + 1];
  return Array.from({ length: entriesOf(storage) }, (_, i) => (register + i) * 2);
}
