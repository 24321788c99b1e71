// A global of the store: four words in its instance's global area, or a reference (specification: 4.2.10 Global instances).
import type { Global } from "../api/global.ts";
import type { ValueType, WasmValue } from "../api/value.ts";
import type { GlobalType } from "../syntax/module.ts";
import { typeName } from "../syntax/types.ts";
import { matchesType, mismatch, readValue, writeValue } from "./value.ts";

/** Words of each global in `ModuleInstance.globalWords`: room for a v128. */
export const GLOBAL_WORDS = 4;

/** A global. Engines read and write its words, or `ref`, directly. */
export class GlobalInstance implements Global {
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

  get valueType(): ValueType {
    return typeName(this.type.type);
  }

  get mutable(): boolean {
    return this.type.mutable;
  }

  get(): WasmValue {
    const { type } = this.type;
    return type >= 8 ? this.ref : readValue(type, this.words, this.at);
  }

  set(value: WasmValue): void {
    if (!this.type.mutable) throw new TypeError("the global is immutable");
    this.#store(value);
  }

  #store(value: WasmValue): void {
    const { type } = this.type;
    if (!matchesType(type, value)) throw new TypeError(`the global is of type ${mismatch(type, value)}`);
    if (type >= 8) this.ref = value;
    else writeValue(type, value, this.words, this.at);
  }

  /** A global of the host's, with words of its own. Throws a TypeError where the value does not fit. */
  static of(type: GlobalType, value: WasmValue): GlobalInstance {
    const global = new GlobalInstance(type, new Int32Array(GLOBAL_WORDS), 0);
    global.#store(value);
    return global;
  }
}
