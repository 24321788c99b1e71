// Takes a `rare` opcode, does what has no opcode of its own: references, tables, bulk operations, other memories (specification: 4.6 Instructions).

import { bytesOf } from "../../instance/array.ts";
import type { MemoryInstance } from "../../instance/memory.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { copyMemory, copyTable, fillMemory, fillTable, initMemory, initTable } from "../../instance/ranges.ts";
import type { TableInstance } from "../../instance/table.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { Pseudo } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { executeAtomic } from "./atomics.ts";
import { I, R } from "./registers.ts";
import { executeVectorAccess } from "./vector-access.ts";
import { executeWide } from "./wide.ts";

/*
 * Layout: rare, length, operation, destination, operands (registers, then immediates). Addresses and counts of 64-bit memories
 * and tables are taken as doubles: nothing that fits a host is above 2^53.
 */

/** Words of a `rare` before its operands. */
export const RARE_OPERANDS = 4;

/** Operations that are no instruction's. */
export const enum RareOp {
  /** Nulls the references of a frame's locals. Operands: words of the frame, link word, slots of the parameters. */
  InitReferences = -1,
}

const TWO32 = 4294967296;

/** Does the operation at `pc` on the frame at `fp` and gives the position after it. */
export function executeRare(instance: ModuleInstance, C: Int32Array, pc: number, fp: number): number {
  const next = pc + C[pc + 1]!;
  const op = C[pc + 2]!;
  const to = fp + C[pc + 3]!;
  const a = fp + C[pc + 4]!;
  const first = C[pc + 4]!;
  switch (op) {
    case RareOp.InitReferences:
      initReferences(fp, first, C[pc + 5]!, C[pc + 6]!);
      break;
    case Pseudo.Meter:
      instance.meter!.spend(first);
      break;
    case Op.select:
      R[to >> 1] = R[(I[fp + C[pc + 6]!] !== 0 ? a : fp + C[pc + 5]!) >> 1];
      break;
    case Op["ref.func"]:
      R[to >> 1] = instance.functionAt(first);
      break;
    case Op["global.get"]:
      globalGet(instance, first, to);
      break;
    case Op["global.set"]:
      globalSet(instance, C[pc + 5]!, a);
      break;
    case Op["memory.size"]: {
      const memory = instance.memories[first]!;
      writeIndex(memory.type.index64, to, memory.pages);
      break;
    }
    case Op["memory.grow"]: {
      const memory = instance.memories[C[pc + 5]!]!;
      writeIndex(memory.type.index64, to, memory.grow(readIndex(memory.type.index64, a)));
      break;
    }
    case Op["data.drop"]:
      instance.data[first] = noBytes;
      break;
    case Op["elem.drop"]:
      instance.elements[first] = noElements;
      break;
    default:
      if (op >= Op["i32.load"] && op <= Op["i64.load32_u"]) load(instance, C, pc, op, a, to);
      else if (op >= Op["i32.store"] && op <= Op["i64.store32"]) store(instance, C, pc, op, a, fp + C[pc + 5]!);
      else if (op >> 8 === 0xfd) executeVectorAccess(instance, C, pc, fp, op, to);
      else if (op >> 8 === 0xfe) executeAtomic(instance, C, pc, fp, op, to);
      else if (op >> 8 === 0xfc && (op & 255) < 12)
        bulkMemory(instance, op, a, fp + C[pc + 5]!, fp + C[pc + 6]!, C[pc + 7]!, C[pc + 8]!);
      else if (op >= Op["i64.add128"] && op <= Op["i64.mul_wide_u"]) executeWide(C, pc, fp, op, to);
      else tables(instance, C, pc, fp, op, to);
  }
  return next;
}

const noBytes = new Uint8Array(0);
const noElements: readonly unknown[] = [];

function initReferences(fp: number, frameWords: number, linkWord: number, paramSlots: number): void {
  const base = fp >> 1;
  const end = base + (frameWords >> 1);
  while (R.length < end) R.push(null);
  for (let slot = base + paramSlots; slot < base + (linkWord >> 1); slot++) R[slot] = null;
}

function globalGet(instance: ModuleInstance, index: number, to: number): void {
  const { type, words, at } = instance.globals[index]!;
  for (let i = 0; i < bytesOf(type.type) / 4; i++) I[to + i] = words[at + i]!;
}

function globalSet(instance: ModuleInstance, index: number, from: number): void {
  const { type, words, at } = instance.globals[index]!;
  for (let i = 0; i < bytesOf(type.type) / 4; i++) words[at + i] = I[from + i]!;
}

/** An unsigned i32 or i64 register as a number. */
export function readIndex(is64: boolean, from: number): number {
  return is64 ? (I[from + 1]! >>> 0) * TWO32 + (I[from]! >>> 0) : I[from]! >>> 0;
}

function writeIndex(is64: boolean, to: number, value: number): void {
  I[to] = value;
  if (is64) I[to + 1] = Math.floor(value / TWO32);
}

/** The start of `size` bytes at an effective address, or a trap. */
export function effective(memory: MemoryInstance, from: number, C: Int32Array, offsetAt: number, size: number): number {
  const address = readIndex(memory.type.index64, from) + (C[offsetAt + 1]! * TWO32 + (C[offsetAt]! >>> 0));
  if (!memory.has(address, size)) trap(TrapCode.MemoryBounds);
  return address;
}

/** Bytes of each load and store by opcode. */
const accessBytes = new Uint8Array(64);
accessBytes.set([4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4], Op["i32.load"]);

function load(instance: ModuleInstance, C: Int32Array, pc: number, op: number, from: number, to: number): void {
  const memory = instance.memories[C[pc + 5]!]!;
  const address = effective(memory, from, C, pc + 6, accessBytes[op]!);
  const { view } = memory;
  switch (op) {
    case Op["i32.load"]:
    case Op["f32.load"]:
      I[to] = view.getInt32(address, true);
      return;
    case Op["i64.load"]:
    case Op["f64.load"]:
      I[to] = view.getInt32(address, true);
      I[to + 1] = view.getInt32(address + 4, true);
      return;
    case Op["i32.load8_s"]:
    case Op["i64.load8_s"]:
      I[to] = view.getInt8(address);
      break;
    case Op["i32.load8_u"]:
    case Op["i64.load8_u"]:
      I[to] = view.getUint8(address);
      break;
    case Op["i32.load16_s"]:
    case Op["i64.load16_s"]:
      I[to] = view.getInt16(address, true);
      break;
    case Op["i32.load16_u"]:
    case Op["i64.load16_u"]:
      I[to] = view.getUint16(address, true);
      break;
    default: // i64.load32_s, i64.load32_u
      I[to] = view.getInt32(address, true);
  }
  // Codes from i64.load8_s alternate between signed and unsigned.
  if (op >= Op["i64.load8_s"]) I[to + 1] = (op & 1) === 0 ? I[to]! >> 31 : 0;
}

function store(instance: ModuleInstance, C: Int32Array, pc: number, op: number, from: number, value: number): void {
  const memory = instance.memories[C[pc + 6]!]!;
  const address = effective(memory, from, C, pc + 7, accessBytes[op]!);
  const { view } = memory;
  switch (op) {
    case Op["i32.store8"]:
    case Op["i64.store8"]:
      view.setInt8(address, I[value]!);
      return;
    case Op["i32.store16"]:
    case Op["i64.store16"]:
      view.setInt16(address, I[value]!, true);
      return;
    case Op["i64.store"]:
    case Op["f64.store"]:
      view.setInt32(address, I[value]!, true);
      view.setInt32(address + 4, I[value + 1]!, true);
      return;
    default: // i32.store, f32.store, i64.store32
      view.setInt32(address, I[value]!, true);
  }
}

/** memory.init, memory.copy and memory.fill; `x` and `y` are the immediates, `a b c` registers. */
function bulkMemory(instance: ModuleInstance, op: number, a: number, b: number, c: number, x: number, y: number): void {
  const memory = instance.memories[op === Op["memory.init"] ? y : x]!;
  const is64 = memory.type.index64;
  const target = readIndex(is64, a);
  if (op === Op["memory.fill"]) fillMemory(memory, target, I[b]!, readIndex(is64, c));
  else if (op === Op["memory.init"]) initMemory(memory, instance.data[x]!, target, I[b]! >>> 0, I[c]! >>> 0);
  else {
    const from = instance.memories[y]!;
    const { index64 } = from.type;
    copyMemory(memory, from, target, readIndex(index64, b), readIndex(is64 && index64, c));
  }
}

function tables(instance: ModuleInstance, C: Int32Array, pc: number, fp: number, op: number, to: number): void {
  const a = fp + C[pc + 4]!;
  const b = fp + C[pc + 5]!;
  const c = fp + C[pc + 6]!;
  switch (op) {
    case Op["table.get"]:
      R[to >> 1] = element(instance.tables[C[pc + 5]!]!, a);
      return;
    case Op["table.set"]: {
      const table = instance.tables[C[pc + 6]!]!;
      element(table, a);
      table.put(readIndex(table.type.index64, a), R[b >> 1]);
      return;
    }
    case Op["table.size"]: {
      const table = instance.tables[C[pc + 4]!]!;
      writeIndex(table.type.index64, to, table.elements.length);
      return;
    }
    case Op["table.grow"]: {
      const table = instance.tables[C[pc + 6]!]!;
      writeIndex(table.type.index64, to, table.growBy(readIndex(table.type.index64, b), R[a >> 1]));
      return;
    }
    case Op["table.fill"]: {
      const table = instance.tables[C[pc + 7]!]!;
      const { index64 } = table.type;
      return fillTable(table, readIndex(index64, a), R[b >> 1], readIndex(index64, c));
    }
    case Op["table.init"]: {
      const table = instance.tables[C[pc + 8]!]!;
      const segment = instance.elements[C[pc + 7]!]!;
      return initTable(table, segment, readIndex(table.type.index64, a), I[b]! >>> 0, I[c]! >>> 0);
    }
    default: {
      // table.copy
      const to = instance.tables[C[pc + 7]!]!;
      const from = instance.tables[C[pc + 8]!]!;
      const { index64 } = from.type;
      copyTable(
        to,
        from,
        readIndex(to.type.index64, a),
        readIndex(index64, b),
        readIndex(to.type.index64 && index64, c),
      );
    }
  }
}

function element(table: TableInstance, from: number): unknown {
  const index = readIndex(table.type.index64, from);
  if (index >= table.elements.length) trap(TrapCode.TableBounds);
  return table.elements[index];
}
