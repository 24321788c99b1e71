// Takes a `rare` opcode of a vector access, does it on any memory with any address (specification: 4.6.8 Memory instructions). Operands as in rare.ts.
import type { MemoryInstance } from "../../instance/memory.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { effective } from "./rare.ts";
import { I, I8, I16 } from "./registers.ts";

/** Bytes that a load from v128.load to v128.load64_splat takes. */
const sizes: readonly number[] = [16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8];

/** Does `op` at `pc` on the frame at `fp`; its result goes to word `to`. */
export function executeVectorAccess(
  instance: ModuleInstance,
  C: Int32Array,
  pc: number,
  fp: number,
  op: number,
  to: number,
): void {
  const a = fp + C[pc + 4]!;
  const find = (memory: MemoryInstance, size: number, at: number): number => effective(memory, a, C, at, size);
  if (op === Op["v128.store"] || op === Op["v128.store8_lane"] || op === Op["v128.store16_lane"]) {
    const memory = instance.memories[C[pc + 6]!]!;
    const size = op === Op["v128.store"] ? 16 : op === Op["v128.store8_lane"] ? 1 : 2;
    return store(memory.view, find(memory, size, pc + 7), size, fp, C[pc + 5]!);
  }
  const memory = instance.memories[C[pc + 5]!]!;
  if (op >= Op["v128.load8_lane"] && op <= Op["v128.load64_lane"]) {
    const size = 1 << (op - Op["v128.load8_lane"]);
    return loadLane(memory.view, find(memory, size, pc + 6), size, to, fp + C[pc + 8]!, C[pc + 9]!);
  }
  const size = op === Op["v128.load32_zero"] ? 4 : op === Op["v128.load64_zero"] ? 8 : sizes[op - Op["v128.load"]]!;
  load(op, memory.view, find(memory, size, pc + 6), size, to);
}

function store(view: DataView, at: number, size: number, fp: number, place: number): void {
  if (size === 1) view.setInt8(at, I8[4 * fp + place]!);
  else if (size === 2) view.setInt16(at, I16[2 * fp + place]!, true);
  else for (let i = 0; i < 4; i++) view.setInt32(at + 4 * i, I[fp + place + i]!, true);
}

function loadLane(view: DataView, at: number, size: number, to: number, from: number, lane: number): void {
  I.copyWithin(to, from, from + 4);
  for (let i = 0; i < size; i++) I8[4 * to + size * lane + i] = view.getInt8(at + i);
}

function load(op: number, view: DataView, at: number, size: number, to: number): void {
  switch (op) {
    case Op["v128.load8x8_s"]:
      for (let i = 0; i < 8; i++) I16[2 * to + i] = view.getInt8(at + i);
      return;
    case Op["v128.load8x8_u"]:
      for (let i = 0; i < 8; i++) I16[2 * to + i] = view.getUint8(at + i);
      return;
    case Op["v128.load16x4_s"]:
      for (let i = 0; i < 4; i++) I[to + i] = view.getInt16(at + 2 * i, true);
      return;
    case Op["v128.load16x4_u"]:
      for (let i = 0; i < 4; i++) I[to + i] = view.getUint16(at + 2 * i, true);
      return;
    case Op["v128.load32x2_s"]:
    case Op["v128.load32x2_u"]:
      for (let i = 0; i < 4; i += 2) {
        const word = view.getInt32(at + 2 * i, true);
        I[to + i] = word;
        I[to + i + 1] = op === Op["v128.load32x2_s"] ? word >> 31 : 0;
      }
      return;
    case Op["v128.load32_zero"]:
    case Op["v128.load64_zero"]:
      for (let i = 0; i < 4; i++) I[to + i] = 4 * i < size ? view.getInt32(at + 4 * i, true) : 0;
      return;
    default: // v128.load, and what repeats its bytes
      for (let i = 0; i < 16; i++) I8[4 * to + i] = view.getInt8(at + (i % size));
  }
}
