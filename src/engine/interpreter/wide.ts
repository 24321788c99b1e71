// Takes a `rare` opcode of wide arithmetic, does it (wide arithmetic proposal). Operands as in rare.ts; the two results follow one another.
import { i64Add128, i64MulWideS, i64MulWideU, i64Sub128, WIDE } from "../../num/wide.ts";
import { Op } from "../../syntax/opcodes.ts";
import { I } from "./registers.ts";

/** Does `op` at `pc` on the frame at `fp`; its results go to the words from `to`. */
export function executeWide(C: Int32Array, pc: number, fp: number, op: number, to: number): void {
  const a = fp + C[pc + 4]!;
  const b = fp + C[pc + 5]!;
  if (op === Op["i64.mul_wide_s"]) i64MulWideS(I[a]!, I[a + 1]!, I[b]!, I[b + 1]!);
  else if (op === Op["i64.mul_wide_u"]) i64MulWideU(I[a]!, I[a + 1]!, I[b]!, I[b + 1]!);
  else {
    const c = fp + C[pc + 6]!;
    const d = fp + C[pc + 7]!;
    const operation = op === Op["i64.add128"] ? i64Add128 : i64Sub128;
    operation(I[a]!, I[a + 1]!, I[b]!, I[b + 1]!, I[c]!, I[c + 1]!, I[d]!, I[d + 1]!);
  }
  I.set(WIDE, to);
}
