// A guest's table of references, as the host sees it (specification: 4.2.8 Table instances).
import type { ValueType, WasmValue } from "./value.ts";

/** A table. Indices and lengths count elements. */
export interface Table {
  readonly elementType: ValueType;
  readonly length: number;
  /** The element, or undefined where the index is out of range. */
  get(index: number): WasmValue | undefined;
  /** @throws TypeError where the value does not fit. Gives false where the index is out of range. */
  set(index: number, value: WasmValue): boolean;
  /** Grows by `delta` elements and gives the former length, or -1 where it cannot. */
  grow(delta: number, value?: WasmValue): number;
}
