// Takes an instruction of a body, gives its words (specification: 6.5 Instructions).
import { failOpcode, type Reader } from "../../binary/reader.ts";
import { opName } from "../../syntax/instructions.ts";
import { Imm, Op } from "../../syntax/opcodes.ts";
import { type Arity, arity, immediates } from "./arity.ts";
import type { CodeScope } from "./code-scope.ts";
import { type Facts, immediatesText } from "./immediates.ts";
import { heapType } from "./types.ts";

/** The words of an instruction, without its operands. */
export interface Instruction {
  readonly op: Op;
  readonly text: string;
  readonly arity: Arity;
}

/** Reads an instruction. Throws a MalformedError where there is none. */
export function readInstruction(reader: Reader, code: CodeScope): Instruction {
  const position = reader.pos;
  const op: Op = reader.opcode();
  const imm = immediates(op);
  if (imm === undefined) failOpcode(reader.bytes, position);
  const facts: Facts = { index: 0, count: 0, block: 0 };
  const text = specialText(reader, code, op) ?? `${mnemonic(op)}${immediatesText(reader, code, imm, facts)}`;
  const isBlock = imm === Imm.Block || imm === Imm.TryTable;
  return { op, text, arity: isBlock ? facts.block : arity(op, facts.index, facts.count, code) };
}

function mnemonic(op: Op): string {
  return op === Op.select_t ? "select" : opName(op)!;
}

// The binary has two opcodes where the text has one with a reference type; and the label of `delegate` is one outside of its block.
function specialText(reader: Reader, { scope, labels }: CodeScope, op: Op): string | undefined {
  switch (op) {
    case Op.delegate:
      return `delegate ${labels.use(reader.u32(), 1)}`;
    case Op["ref.test"]:
      return `ref.test (ref ${heapType(reader, scope)})`;
    case Op["ref.test_null"]:
      return `ref.test (ref null ${heapType(reader, scope)})`;
    case Op["ref.cast"]:
      return `ref.cast (ref ${heapType(reader, scope)})`;
    case Op["ref.cast_null"]:
      return `ref.cast (ref null ${heapType(reader, scope)})`;
    default:
      return undefined;
  }
}
