// A guest's global, as the host sees it (specification: 4.2.10 Global instances).
import type { ValueType, WasmValue } from "./value.ts";

/** A global variable or constant. */
export interface Global {
  readonly valueType: ValueType;
  readonly mutable: boolean;
  get(): WasmValue;
  /** @throws TypeError where the global is immutable or the value does not fit. */
  set(value: WasmValue): void;
}

/** An exception tag. */
export interface Tag {
  readonly params: readonly ValueType[];
}
