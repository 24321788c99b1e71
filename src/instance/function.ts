// A function of the store: Wasm code of an instance, or a host function (specification: 4.2.6 Function instances).
import type { ExportedFunction, FunctionDefinition } from "../api/function.ts";
import type { Module } from "../api/module.ts";
import type { WasmResult, WasmValue } from "../api/value.ts";
import { type DefType, defType, type TypeId } from "../syntax/types.ts";
import type { Engine } from "./engine.ts";
import type { ModuleInstance } from "./module.ts";

/** A function written in JavaScript; `withModule` hands it the calling module first. */
export interface HostCode {
  readonly withModule: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a host function's parameters are what its declared type says
  readonly run: (...args: any[]) => unknown;
}

/** Every function reference is one of these, so that a reference, a table's element and what the host holds are the same object. */
export class FunctionInstance implements ExportedFunction {
  /** Canonical function type: `call_indirect` compares this. */
  readonly type: TypeId;
  readonly signature: DefType;
  /** The instance whose code it is; null for a host function. */
  readonly instance: ModuleInstance | null;
  readonly index: number;
  readonly host: HostCode | null;
  readonly #engine: Engine;
  readonly #define: () => FunctionDefinition;
  #definition: FunctionDefinition | undefined;

  constructor(
    type: TypeId,
    instance: ModuleInstance | null,
    index: number,
    host: HostCode | null,
    engine: Engine,
    define: () => FunctionDefinition,
  ) {
    this.type = type;
    this.signature = defType(type);
    this.instance = instance;
    this.index = index;
    this.host = host;
    this.#engine = engine;
    this.#define = define;
  }

  get definition(): FunctionDefinition {
    this.#definition ??= this.#define();
    return this.#definition;
  }

  call(...args: readonly WasmValue[]): WasmResult {
    return this.#engine.call(this, args);
  }

  callAsync(...args: readonly WasmValue[]): Promise<WasmResult> {
    return this.#engine.callAsync(this, args);
  }

  callRaw(stack: BigUint64Array): void {
    this.#engine.callRaw(this, stack);
  }
}

/** The module a host function is told called it. */
export type Caller = Module;
