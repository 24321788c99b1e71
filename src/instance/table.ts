// A table of the store (specification: 4.2.7 Table instances).
import type { TableType } from "../syntax/module.ts";

export class TableInstance {
  readonly type: TableType;
  /** References; null is the null reference. The array object stays the same when the table grows. */
  readonly elements: unknown[];

  constructor(type: TableType, init: unknown) {
    this.type = type;
    this.elements = new Array(type.limits.min).fill(init);
  }
}
