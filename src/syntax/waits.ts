// The instructions that wait, as functions: a call is where a guest can be suspended (threads proposal: Wait and Notify operators).
import { type DefType, defType, funcType, Num } from "./types.ts";

/** Bytes of the value that is waited on. */
export type WaitSize = 4 | 8;

/** The index that stands for waiting on a memory: below all functions of a module. */
export function waitIndex(memory: number, size: WaitSize): number {
  return -1 - (2 * memory + (size === 8 ? 1 : 0));
}

/** The memory that an index stands for. */
export function waitMemory(index: number): number {
  return (-1 - index) >> 1;
}

/** The size that an index stands for. */
export function waitSize(index: number): WaitSize {
  return (index & 1) === 0 ? 8 : 4;
}

/** Parameters: address, expected value, nanoseconds (negative: without end), offset. Result: 0 woken, 1 another value, 2 timed out. */
export function waitType(size: WaitSize): DefType {
  const value = size === 4 ? Num.I32 : Num.I64;
  return defType(funcType([Num.I64, value, Num.I64, Num.I64], [Num.I32]));
}
