// Takes memories and ranges of them, fills and copies: short ranges without a call of the host's functions (specification: 4.6.5 Memory instructions).
import type { MemoryInstance } from "../../instance/memory.ts";
import { TrapCode, trap } from "../../instance/trap.ts";

/** Up to so many bytes a loop is quicker than the host's function. */
const SHORT = 96;

/** Fills a range of a memory with a byte. */
export function fillMemory(memory: MemoryInstance, start: number, value: number, count: number): void {
  if (!memory.has(start, count)) trap(TrapCode.MemoryBounds);
  const { bytes, view } = memory;
  const end = start + count;
  if (count > SHORT) {
    bytes.fill(value, start, end);
    return;
  }
  const word = Math.imul(value & 255, 0x1010101);
  let at = start;
  for (; at + 4 <= end; at += 4) view.setInt32(at, word);
  for (; at < end; at++) bytes[at] = value;
}

/** Copies a range of a memory, in which what is copied may lie too. */
export function copyMemory(
  to: MemoryInstance,
  from: MemoryInstance,
  target: number,
  source: number,
  count: number,
): void {
  if (!from.has(source, count) || !to.has(target, count)) trap(TrapCode.MemoryBounds);
  if (from !== to) to.bytes.set(from.bytes.subarray(source, source + count), target);
  else if (count > SHORT) to.bytes.copyWithin(target, source, source + count);
  else if (target <= source) copyUp(to, target, source, count);
  else copyDown(to, target, source, count);
}

function copyUp({ bytes, view }: MemoryInstance, target: number, source: number, count: number): void {
  let at = 0;
  for (; at + 4 <= count; at += 4) view.setInt32(target + at, view.getInt32(source + at));
  for (; at < count; at++) bytes[target + at] = bytes[source + at]!;
}

function copyDown({ bytes, view }: MemoryInstance, target: number, source: number, count: number): void {
  let at = count;
  for (; at >= 4; at -= 4) view.setInt32(target + at - 4, view.getInt32(source + at - 4));
  while (--at >= 0) bytes[target + at] = bytes[source + at]!;
}
