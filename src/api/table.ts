// A guest's table of references, as the host sees it (specification: 4.2.8 Table instances).
import type { ValueType, WasmValue } from "./value.ts";

/** A table. Indices and lengths count elements. */
export interface Table {
  readonly elementType: ValueType;
  readonly length: number;
  /** The element, or undefined where the index is out of range. */
  get(index: number): WasmValue | undefined;
  /**
   * Sets an element, and gives true; false where the index is out of range.
   * @throws TypeError where the value does not fit.
   */
  set(index: number, value: WasmValue): boolean;
  /**
   * Grows by `delta` elements with a value (default: null), and gives the former length, or -1 where it cannot.
   * @throws TypeError where the value does not fit.
   */
  grow(delta: number, value?: WasmValue): number;
}
