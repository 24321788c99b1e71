// Takes a `rare` opcode of atomic accesses, waiting and notifying (threads proposal), does it. Operands as in rare.ts.
import type { ModuleInstance } from "../../instance/module.ts";

/** Does `op` at `pc` on the frame at `fp`; its result goes to word `to`. */
export function executeAtomic(
  _instance: ModuleInstance,
  _C: Int32Array,
  _pc: number,
  _fp: number,
  op: number,
  _to: number,
): void {
  throw new Error(`unknown operation 0x${op.toString(16)}`);
}
