// Takes an instruction of tail calls or of calls through references, puts it into the tree.
import type { Builder } from "./build.ts";

/** Takes the opcode; the immediates follow in the reader. */
export function buildExtendedCall(b: Builder, op: number): void {
  b.unsupported(`instruction 0x${op.toString(16)}`);
}
