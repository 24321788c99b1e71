// Takes a `rare` opcode of atomic accesses or notifying (threads proposal), does it. Operands as in rare.ts; waiting is a call.
import { atomics, checkAtomic } from "../../instance/atomics.ts";
import type { Lanes } from "../../instance/memory.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { notify } from "../../instance/wait.ts";
import { Op } from "../../syntax/opcodes.ts";
import { readIndex } from "./rare.ts";
import { B, I } from "./registers.ts";

/** The rows that the instructions from i32.atomic.load on form: seven for each of these. */
const enum Action {
  Load,
  Store,
  Add,
  Sub,
  And,
  Or,
  Xor,
  Exchange,
  CompareExchange,
}

const ROW = 7;
/** The sizes of a row in bytes, and whether its type is i64. */
const sizes = [4, 8, 1, 2, 1, 2, 4] as const;
const wide = [false, true, false, false, true, true, true] as const;

/** Does `op` at `pc` on the frame at `fp`; its result goes to word `to`. */
export function executeAtomic(
  instance: ModuleInstance,
  C: Int32Array,
  pc: number,
  fp: number,
  op: number,
  to: number,
): void {
  const isNotify = op === Op["memory.atomic.notify"];
  const action = isNotify ? Action.Add : Math.floor((op - Op["i32.atomic.load"]) / ROW);
  const place = (op - Op["i32.atomic.load"]) % ROW;
  const size = isNotify ? 4 : sizes[place]!;
  const operands = action === Action.Load ? 1 : action === Action.CompareExchange ? 3 : 2;
  const immediates = pc + 4 + operands;
  const memory = instance.memories[C[immediates]!]!;
  const base = fp + C[pc + 4]!;
  const offset = C[immediates + 1]!;
  const address = readIndex(memory.type.index64, base) + (C[immediates + 2]! * 4294967296 + (offset >>> 0));
  checkAtomic(memory, address, I[base]! + offset, size);
  const a = fp + C[pc + 5]!;
  if (isNotify) I[to] = notify(memory, address, I[a]! >>> 0);
  else if (size === 8) atomic64(action, memory.lanes.i64, address / 8, a, fp + C[pc + 6]!, to);
  else {
    const lane = laneOf(memory.lanes, size);
    const index = address / size;
    if (action !== Action.CompareExchange) atomic32(action, lane, index, I[a]!, to);
    // What is expected is wrapped to the size.
    else I[to] = atomics.compareExchange(lane, index, I[a]!, I[fp + C[pc + 6]!]!);
    if (wide[place]! && action !== Action.Store) I[to + 1] = 0;
  }
}

type Lane = Uint8Array | Uint16Array | Int32Array;

function laneOf({ u8, u16, i32 }: Lanes, size: number): Lane {
  return size === 1 ? u8 : size === 2 ? u16 : i32;
}

function atomic32(action: Action, lane: Lane, index: number, value: number, to: number): void {
  switch (action) {
    case Action.Load:
      I[to] = atomics.load(lane, index);
      return;
    case Action.Store:
      atomics.store(lane, index, value);
      return;
    case Action.Add:
      I[to] = atomics.add(lane, index, value);
      return;
    case Action.Sub:
      I[to] = atomics.sub(lane, index, value);
      return;
    case Action.And:
      I[to] = atomics.and(lane, index, value);
      return;
    case Action.Or:
      I[to] = atomics.or(lane, index, value);
      return;
    case Action.Xor:
      I[to] = atomics.xor(lane, index, value);
      return;
    default:
      I[to] = atomics.exchange(lane, index, value);
  }
}

/** As `atomic32`, for operands in the registers `a` and `b`. */
function atomic64(action: Action, lane: BigInt64Array, index: number, a: number, b: number, to: number): void {
  const value = B[a >> 1]!;
  switch (action) {
    case Action.Load:
      B[to >> 1] = atomics.load(lane, index);
      return;
    case Action.Store:
      atomics.store(lane, index, value);
      return;
    case Action.Add:
      B[to >> 1] = atomics.add(lane, index, value);
      return;
    case Action.Sub:
      B[to >> 1] = atomics.sub(lane, index, value);
      return;
    case Action.And:
      B[to >> 1] = atomics.and(lane, index, value);
      return;
    case Action.Or:
      B[to >> 1] = atomics.or(lane, index, value);
      return;
    case Action.Xor:
      B[to >> 1] = atomics.xor(lane, index, value);
      return;
    case Action.Exchange:
      B[to >> 1] = atomics.exchange(lane, index, value);
      return;
    default:
      B[to >> 1] = atomics.compareExchange(lane, index, value, B[b >> 1]!);
  }
}
