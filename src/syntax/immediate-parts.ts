// Takes a kind of immediates, gives what they are made of, for those that go past them or look only for some (specification: 5.4 Instructions).
import { Imm } from "./opcodes.ts";

/**
 * Those that are not one number or index. A letter for each part: `n` a number or an index, `T` that of a table, `M` that of a memory, `B` a block
 * type, `V` a value type, `H` a heap type, `A` a memory argument, `C` a catch clause, `b` a byte. After `*` a count comes first, and as many of the
 * next part.
 */
export const immediateParts: Readonly<Partial<Record<Imm, string>>> = {
  [Imm.None]: "",
  [Imm.Block]: "B",
  [Imm.Labels]: "*nn",
  [Imm.TypeTable]: "nT",
  [Imm.ValTypes]: "*V",
  [Imm.TryTable]: "B*C",
  [Imm.Memory]: "M",
  [Imm.F32]: "bbbb",
  [Imm.F64]: "bbbbbbbb",
  [Imm.Heap]: "H",
  [Imm.TypeField]: "nn",
  [Imm.TypeCount]: "nn",
  [Imm.TypeData]: "nn",
  [Imm.TypeElem]: "nn",
  [Imm.TypeType]: "nn",
  [Imm.Cast]: "bnnn",
  [Imm.DataMemory]: "nM",
  [Imm.MemoryMemory]: "MM",
  [Imm.ElemTable]: "nT",
  [Imm.TableTable]: "TT",
  [Imm.V128]: "bbbbbbbbbbbbbbbb",
  [Imm.Lanes]: "bbbbbbbbbbbbbbbb",
  [Imm.Fence]: "b",
  [Imm.Lane2]: "b",
  [Imm.Lane4]: "b",
  [Imm.Lane8]: "b",
  [Imm.Lane16]: "b",
  [Imm.Mem1]: "A",
  [Imm.Mem2]: "A",
  [Imm.Mem4]: "A",
  [Imm.Mem8]: "A",
  [Imm.Mem16]: "A",
  [Imm.MemLane1]: "Ab",
  [Imm.MemLane2]: "Ab",
  [Imm.MemLane4]: "Ab",
  [Imm.MemLane8]: "Ab",
};
