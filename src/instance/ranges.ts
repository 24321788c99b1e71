// Takes ranges of memories and tables, fills and copies them, in pieces where a call may have to end in between (specification: 4.6.7, 4.6.8).
import type { MemoryInstance } from "./memory.ts";
import { checkLong } from "./meter.ts";
import type { TableInstance } from "./table.ts";
import { TrapCode, trap } from "./trap.ts";

/** How much is done between two looks at the limits of a call: it takes some microseconds. */
const PIECE = 1 << 18;

/** Before more bytes than that the limits are looked at. */
const LONG = 1 << 14;

/** So few bytes are set and copied one by one or in words: the host's methods take longer, and more would be so many ways that a processor guesses wrong. */
const FEW = 16;

/** How much of what is left of a range is to be worked on at once; looks at the limits of the call where much is left. */
export function pieceOf(left: number): number {
  checkLong(left);
  return Math.min(PIECE, left);
}

/** Sets elements that are there. */
export function fillRange(list: { fill: Fill }, start: number, value: unknown, count: number): void {
  for (let left = count, some: number; left > 0; left -= some) {
    some = pieceOf(left);
    list.fill(value as number, start + left - some, start + left);
  }
}

type Fill = (value: number, start: number, end: number) => unknown;

/** Copies elements that are there, and may overlap. */
export function copyRange(
  to: TypedArray | unknown[],
  target: number,
  from: TypedArray | readonly unknown[],
  source: number,
  count: number,
): void {
  for (let left = count, some: number; left > 0; left -= some) {
    some = pieceOf(left);
    const at = target > source ? left - some : count - left;
    if ("set" in from) (to as TypedArray).set(from.subarray(source + at, source + at + some), target + at);
    else copyList(to as unknown[], target + at, from, source + at, some);
  }
}

type TypedArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float64Array;

/** Does `memory.fill`. */
export function fillMemory(memory: MemoryInstance, start: number, value: number, count: number): void {
  const { bytes } = memory;
  const end = start + count;
  if (count > LONG || end > bytes.length) fillAny(memory, start, value, count);
  else if (count > FEW) bytes.fill(value, start, end);
  else for (let i = start; i < end; i++) bytes[i] = value;
}

function fillAny(memory: MemoryInstance, start: number, value: number, count: number): void {
  if (!memory.has(start, count)) trap(TrapCode.MemoryBounds);
  fillRange(memory.bytes, start, value, count);
}

/** Does `memory.copy`. */
export function copyMemory(
  to: MemoryInstance,
  from: MemoryInstance,
  target: number,
  source: number,
  count: number,
): void {
  const { bytes } = to;
  if (to !== from || count > LONG || Math.max(source, target) + count > bytes.length) {
    from.refresh();
    initMemory(to, from.bytes, target, source, count);
  } else if (count > FEW) bytes.copyWithin(target, source, source + count);
  else moveFew(to.view, target, source, count);
}

/** Copies bytes that are there: four or more in words from both ends, which may overlap, and all are read before any is written. */
function moveFew(view: DataView, target: number, source: number, count: number): void {
  if (count < 4) {
    for (let left = count; left > 0; left--) {
      const at = target > source ? left - 1 : count - left;
      view.setInt8(target + at, view.getInt8(source + at));
    }
    return;
  }
  const last = count - 4;
  const a = view.getInt32(source);
  const z = view.getInt32(source + last);
  if (count > 8) {
    const b = view.getInt32(source + 4);
    view.setInt32(target + last - 4, view.getInt32(source + last - 4));
    view.setInt32(target + 4, b);
  }
  view.setInt32(target, a);
  view.setInt32(target + last, z);
}

/** Does `memory.init` with the bytes of a segment. */
export function initMemory(to: MemoryInstance, bytes: Uint8Array, target: number, source: number, count: number): void {
  if (source + count > bytes.length || !to.has(target, count)) trap(TrapCode.MemoryBounds);
  copyRange(to.bytes, target, bytes, source, count);
}

/** Does `table.fill`. */
export function fillTable(table: TableInstance, start: number, value: unknown, count: number): void {
  const { elements } = table;
  if (start + count > elements.length) trap(TrapCode.TableBounds);
  table.forget();
  fillRange(elements, start, value, count);
}

/** Does `table.copy`. */
export function copyTable(to: TableInstance, from: TableInstance, target: number, source: number, count: number): void {
  initTable(to, from.elements, target, source, count);
}

/** Does `table.init` with the references of a segment. */
export function initTable(
  table: TableInstance,
  segment: readonly unknown[],
  target: number,
  source: number,
  count: number,
): void {
  const { elements } = table;
  if (source + count > segment.length || target + count > elements.length) trap(TrapCode.TableBounds);
  table.forget();
  copyRange(elements, target, segment, source, count);
}

/** Copies elements that are there, and may overlap. */
function copyList(to: unknown[], target: number, from: readonly unknown[], source: number, count: number): void {
  if (target <= source) for (let i = 0; i < count; i++) to[target + i] = from[source + i];
  else for (let i = count - 1; i >= 0; i--) to[target + i] = from[source + i];
}
