// A linear memory of the store: bytes that grow by copying (specification: 4.2.8 Memory instances).
import type { MemoryType } from "../syntax/module.ts";

export class MemoryInstance {
  readonly type: MemoryType;
  /** New objects after each growth: engines keep `view` and compare. */
  bytes: Uint8Array;
  view: DataView;

  constructor(type: MemoryType) {
    this.type = type;
    this.bytes = new Uint8Array(type.limits.min * 65536);
    this.view = new DataView(this.bytes.buffer);
  }
}
