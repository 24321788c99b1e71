// Takes a mnemonic, gives its code and the types of its operands and of its result by the opcode table.
import { opcodeTable, type Row } from "../../src/syntax/opcodes.ts";

const rows = opcodeTable as unknown as Readonly<Record<string, Row>>;

export interface Signature {
  readonly params: readonly string[];
  readonly result: string;
}

export function signatureOf(name: string): Signature {
  const [params, result] = rows[name]![2]!.split("->") as [string, string];
  return { params: params.trim().split(" "), result: result.trim() };
}

export function opcodeOf(name: string): number {
  return rows[name]![0];
}
