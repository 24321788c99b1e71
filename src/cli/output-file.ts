// The flag that says where a command's result goes.
import { writeFileSync } from "node:fs";
import { unwritable } from "./failure.ts";
import type { Flag } from "./flags.ts";
import { printBytes } from "./output.ts";

export const outputFlags: Readonly<Record<"o", Flag>> = {
  o: { value: "OUT", help: "the file to write; standard output if it is not given, or -" },
};

/** Writes the result. Throws a UsageError where the file cannot be written. */
export function writeResult(path: string | undefined, bytes: Uint8Array): void {
  if (path === undefined || path === "-") {
    printBytes(bytes);
    return;
  }
  try {
    writeFileSync(path, bytes);
  } catch (error) {
    throw unwritable(path, error);
  }
}
