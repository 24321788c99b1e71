// Takes the opcode table as it is printed, gives its rows by mnemonic (specification: A.9 Index of instructions).
import { features, immediates, names, signatures, signatureTexts, sinceTexts } from "./instructions.generated.ts";
import type { Row } from "./opcodes.ts";

/** Immediates, signatures and features are columns of one character a row, counted from this one. */
const FIRST_CHARACTER = 35;

/** The table. */
export const instructions: Readonly<Record<string, Row>> = read();

function read(): Record<string, Row> {
  // What is iterated over inherits nothing: a page may add to the prototype of all objects.
  const rows: Record<string, Row> = Object.create(null);
  let n = 0;
  const next = (column: string) => column.charCodeAt(n) - FIRST_CHARACTER;
  for (const [first, words] of names) {
    let code = first;
    let family = "";
    for (const word of words.split(" ")) {
      // What begins with a dot is of the family of the one before; a code without an instruction is an empty word.
      const isShort = word.startsWith(".");
      const name = isShort ? family + word : word;
      if (!isShort) family = word.split(".", 1)[0]!;
      if (name !== "") {
        const row = [code, next(immediates), signatureTexts[next(signatures)]! || null] as const;
        const since = sinceTexts[next(features)]!;
        rows[name] = (since === "" ? row : [...row, since]) as Row;
        n++;
      }
      code++;
    }
  }
  return rows;
}

/** The opcode of a code after a prefix byte, or -1 where no table could hold it. */
export function prefixedOp(prefix: number, code: number): number {
  return code < 0x100 ? (prefix << 8) | code : code < 0x1000 ? (prefix << 12) | code : -1;
}

const mnemonics = new Map<number, string>();

/** The mnemonic of an opcode, or undefined where there is none. */
export function opName(op: number): string | undefined {
  if (mnemonics.size === 0) for (const name in instructions) mnemonics.set(instructions[name]![0], name);
  return mnemonics.get(op);
}
