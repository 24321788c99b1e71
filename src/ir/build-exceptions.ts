// Takes an instruction of exceptions, puts it into the tree.
import type { Builder } from "./build.ts";

/** Takes the opcode; the immediates follow in the reader. */
export function buildException(b: Builder, op: number): void {
  b.unsupported(`instruction 0x${op.toString(16)}`);
}
