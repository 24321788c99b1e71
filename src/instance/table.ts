// A table of the store (specification: 4.2.7 Table instances).

import type { Table } from "../api/table.ts";
import type { ValueType, WasmValue } from "../api/value.ts";
import type { TableType } from "../syntax/module.ts";
import { typeName } from "../syntax/types.ts";
import { RoomError } from "./link-error.ts";
import { checkLong } from "./meter.ts";
import { matchesRef } from "./reference.ts";
import { mismatch } from "./value.ts";

/** No table grows beyond this: the number that browsers agreed on. */
const MAX_ELEMENTS = 10_000_000;

/** A table. Engines read and write `elements` directly. */
export class TableInstance implements Table {
  readonly type: TableType;
  /** References; null is the null reference. The array object stays the same when the table grows. */
  readonly elements: unknown[];

  constructor(type: TableType, init: unknown) {
    const { min } = type.limits;
    if (min > MAX_ELEMENTS) throw new RoomError(`a table of ${min} elements is over the limit of ${MAX_ELEMENTS}`);
    this.type = type;
    this.elements = [];
    fill(this.elements, min, init);
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
    this.elements[index] = value;
    return true;
  }

  grow(delta: number, value: WasmValue = null): number {
    this.#check(value);
    return this.growBy(delta, value);
  }

  /** As `grow`, with a value that is known to fit: what `table.grow` does. */
  growBy(delta: number, value: unknown): number {
    checkLong(delta);
    const length = this.elements.length;
    const limit = Math.min(this.type.limits.max ?? MAX_ELEMENTS, MAX_ELEMENTS);
    if (!(delta >= 0 && delta <= limit - length && Number.isInteger(delta))) return -1;
    fill(this.elements, length + delta, value);
    return length;
  }

  #check(value: WasmValue): void {
    const { element } = this.type;
    if (!matchesRef(element, value)) throw new TypeError(`the table holds ${mismatch(element, value)}`);
  }
}

// Element by element: the array stays dense, which is what makes indirect calls fast.
function fill(elements: unknown[], length: number, value: unknown): void {
  for (let i = elements.length; i < length; i++) elements.push(value);
}
