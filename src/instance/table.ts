// A table of the store (specification: 4.2.8 Table instances).

import type { Table } from "../api/table.ts";
import type { ValueType, WasmValue } from "../api/value.ts";
import { maxElements32 } from "../syntax/limits.ts";
import type { TableType } from "../syntax/module.ts";
import { typeName } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { AllocationError } from "./link-error.ts";
import { defaultMemoryLimits, type MemoryLimits } from "./memory.ts";
import { pieceOf } from "./ranges.ts";
import { matchesRef } from "./reference.ts";
import { mismatch } from "./value.ts";

/** A table. Engines read and write `elements` directly. */
export class TableInstance implements Table {
  readonly type: TableType;
  /** References; null is the null reference. The array object stays the same when the table grows. */
  readonly elements: unknown[] = [];
  /** What engines know of elements by their place: `put` and `forget` say that it no longer holds. Lists may be shorter than the table. */
  readonly codes: unknown[][] = [];
  readonly #room: MemoryLimits;

  /** Throws a LinkError where the limit does not allow the smallest size. */
  constructor(type: TableType, init: unknown, limits: MemoryLimits = { ...defaultMemoryLimits }) {
    const { min } = type.limits;
    const { elements } = limits;
    if (min > elements)
      throw new AllocationError(`a table of ${counted(min, "element")} is over the limit of ${elements}`);
    this.type = type;
    this.#room = limits;
    this.#fill(min, init);
  }

  get elementType(): ValueType {
    return typeName(this.type.element);
  }

  get length(): number {
    return this.elements.length;
  }

  get(index: number): WasmValue | undefined {
    return this.elements[index];
  }

  set(index: number, value: WasmValue): boolean {
    this.#check(value);
    if (!(index >= 0 && index < this.elements.length && Number.isInteger(index))) return false;
    this.put(index, value);
    return true;
  }

  /** Sets an element that is there. */
  put(index: number, value: unknown): void {
    this.elements[index] = value;
    for (const list of this.codes) if (index < list.length) list[index] = undefined;
  }

  /** Where many elements are set: what is known of the table is gone for good, so that doing it again costs nothing. */
  forget(): void {
    for (const list of this.codes) list.length = 0;
    this.codes.length = 0;
  }

  grow(delta: number, value: WasmValue = null): number {
    this.#check(value);
    return this.growBy(delta, value);
  }

  /** As `grow`, with a value that is known to fit: what `table.grow` does. */
  growBy(delta: number, value: unknown): number {
    const length = this.elements.length;
    const limit = Math.min((this.type.limits.max ?? maxElements32) - length, this.#room.elements);
    if (!(delta >= 0 && delta <= limit && Number.isInteger(delta))) return -1;
    this.#fill(delta, value);
    return length;
  }

  #check(value: WasmValue): void {
    const { element } = this.type;
    if (!matchesRef(element, value)) throw new TypeError(`the table holds ${mismatch(element, value)}`);
  }

  // Element by element: the array stays dense, which is what makes indirect calls fast.
  #fill(count: number, value: unknown): void {
    this.#room.elements -= count;
    for (let left = count, some: number; left > 0; left -= some) {
      some = pieceOf(left);
      for (let i = some; i > 0; i--) this.elements.push(value);
    }
  }
}
