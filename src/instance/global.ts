// A global of the store: four words in its instance's global area, or a reference (specification: 4.2.9 Global instances).
import type { GlobalType } from "../syntax/module.ts";

/** Words of each global in `ModuleInstance.globalWords`: room for a v128. */
export const GLOBAL_WORDS = 4;

export class GlobalInstance {
  readonly type: GlobalType;
  /** i32 and f32 bits in the first word, i64 and f64 bits in two (low first). */
  readonly words: Int32Array;
  readonly at: number;
  /** The value where the type is a reference; null is the null reference. */
  ref: unknown = null;

  constructor(type: GlobalType, words: Int32Array, at: number) {
    this.type = type;
    this.words = words;
    this.at = at;
  }
}
