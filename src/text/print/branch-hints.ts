// Takes the sections of code metadata, gives annotations by function and offset (branch hinting proposal: Branch Hints).
import { MalformedError } from "../../api/errors.ts";
import { Reader } from "../../binary/reader.ts";
import type { CustomSection, Module } from "../../syntax/module.ts";

const sectionName = "metadata.code.branch_hint";

/** Branch hints; they are annotations of instructions, as offsets into the code change with its encoding. */
export interface BranchHints {
  /** The section that they are read from; it is not printed as a custom section. */
  readonly section: CustomSection | undefined;
  /** Function → offset of the instruction in its body → annotation. */
  readonly byFunction: ReadonlyMap<number, ReadonlyMap<number, string>>;
}

/** Reads the branch hints, if there are any. A malformed section stays a custom section. */
export function readBranchHints({ bytes, customSections }: Module): BranchHints {
  const section = customSections.find(({ name }) => name === sectionName);
  const byFunction = new Map<number, ReadonlyMap<number, string>>();
  if (section === undefined) return { section, byFunction };
  try {
    const reader = new Reader(bytes, section.start, section.end);
    for (let count = reader.count(); count > 0; count--) {
      const func = reader.u32();
      byFunction.set(func, readHints(reader));
    }
    return { section: byFunction.size === 0 ? undefined : section, byFunction };
  } catch (error) {
    if (error instanceof MalformedError) return { section: undefined, byFunction: new Map() };
    throw error;
  }
}

function readHints(reader: Reader): Map<number, string> {
  const hints = new Map<number, string>();
  for (let count = reader.count(); count > 0; count--) {
    const offset = reader.u32();
    const length = reader.byteLength();
    const value = reader.bytes[reader.skip(length)];
    // Another value would not be read again.
    if (length === 1 && value < 2) hints.set(offset, `(@${sectionName} "\\0${value}")`);
  }
  return hints;
}
