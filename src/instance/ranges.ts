// Takes ranges of memories and tables, fills and copies them, in pieces where a call may have to end in between (specification: 4.6.5, 4.6.6).
import type { MemoryInstance } from "./memory.ts";
import { checkLimit, checkLong, running } from "./meter.ts";
import type { TableInstance } from "./table.ts";
import { TrapCode, trap } from "./trap.ts";

/** Up to so many bytes a loop is quicker than a method of the host's. */
const FEW = 16;

/** Bytes that take about a millisecond. */
const PIECE = 1 << 22;

/** Whether a range is to be worked on as a whole; looks at the limits of the call where it is long. */
export function isWhole(count: number): boolean {
  checkLong(count);
  return count <= PIECE || running.limit === null;
}

/** Does something to each piece of a range that is none, the last first where `backward`; looks at the limits before each. */
export function inPieces(count: number, work: (at: number, count: number) => void, backward = false): void {
  for (let left = count; left > 0; left -= PIECE) {
    checkLimit();
    const some = Math.min(PIECE, left);
    work(backward ? left - some : count - left, some);
  }
}

/** Copies bytes that are there, and may overlap. */
export function copyBytes(to: Uint8Array, target: number, from: Uint8Array, source: number, count: number): void {
  if (!isWhole(count)) {
    inPieces(count, (at, some) => copyBytes(to, target + at, from, source + at, some), target > source);
  } else if (from === to) to.copyWithin(target, source, source + count);
  else to.set(from.subarray(source, source + count), target);
}

/** Does `memory.fill`. */
export function fillMemory(memory: MemoryInstance, start: number, value: number, count: number): void {
  if (!memory.has(start, count)) trap(TrapCode.MemoryBounds);
  if (isWhole(count)) memory.bytes.fill(value, start, start + count);
  else inPieces(count, (at, some) => fillMemory(memory, start + at, value, some));
}

/** Does `memory.copy`. */
export function copyMemory(
  to: MemoryInstance,
  from: MemoryInstance,
  target: number,
  source: number,
  count: number,
): void {
  if (to === from && count <= FEW && to.has(Math.max(source, target), count)) {
    return moveFew(to.view, target, source, count);
  }
  from.refresh();
  initMemory(to, from.bytes, target, source, count);
}

/** Copies bytes that are there, in words as long as there are four, from the end on which it overwrites nothing that is still to be read. */
function moveFew(view: DataView, target: number, source: number, count: number): void {
  for (let left = count; left > 0; ) {
    const some = left < 4 ? 1 : 4;
    left -= some;
    const at = target > source ? left : count - left - some;
    if (some < 4) view.setUint8(target + at, view.getUint8(source + at));
    else view.setInt32(target + at, view.getInt32(source + at));
  }
}

/** Does `memory.init` with the bytes of a segment. */
export function initMemory(to: MemoryInstance, bytes: Uint8Array, target: number, source: number, count: number): void {
  if (source + count > bytes.length || !to.has(target, count)) trap(TrapCode.MemoryBounds);
  copyBytes(to.bytes, target, bytes, source, count);
}

/** Does `table.fill`. */
export function fillTable({ elements }: TableInstance, start: number, value: unknown, count: number): void {
  if (start + count > elements.length) trap(TrapCode.TableBounds);
  checkLong(count);
  elements.fill(value, start, start + count);
}

/** Does `table.copy`. */
export function copyTable(to: TableInstance, from: TableInstance, target: number, source: number, count: number): void {
  initTable(to, from.elements, target, source, count);
}

/** Does `table.init` with the references of a segment. */
export function initTable(
  { elements }: TableInstance,
  segment: readonly unknown[],
  target: number,
  source: number,
  count: number,
): void {
  if (source + count > segment.length || target + count > elements.length) trap(TrapCode.TableBounds);
  checkLong(count);
  copyList(elements, target, segment, source, count);
}

/** Copies elements that are there, and may overlap. */
export function copyList(to: unknown[], target: number, from: readonly unknown[], source: number, count: number): void {
  if (target <= source) for (let i = 0; i < count; i++) to[target + i] = from[source + i];
  else for (let i = count - 1; i >= 0; i--) to[target + i] = from[source + i];
}
