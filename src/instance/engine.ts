// Takes a validated module, gives code that instances call: what every engine is to the rest (specification: 4.5.5 Invocation).
import type { WasmResult, WasmValue } from "../api/value.ts";
import type { ValidatedModule } from "../syntax/module.ts";
import type { FunctionInstance } from "./function.ts";
import type { ModuleInstance } from "./module.ts";

/** The engine's translation of one module, shared by all its instances. */
export interface EngineCode {
  /** Attaches what the engine needs per instance; called once, before any function of the instance runs. */
  attach(instance: ModuleInstance): void;
  /** Frees the translation. Instances that exist go on. */
  close(): void;
}

/** A way to run code. One engine serves all modules of a runtime. */
export interface Engine {
  readonly name: "compiler" | "interpreter";
  prepare(module: ValidatedModule): EngineCode;
  /** Runs a Wasm function to its end. The number of arguments is right; they are converted to the parameter types here. */
  call(target: FunctionInstance, args: readonly WasmValue[]): WasmResult;
  /** As `call`, but a host function's promise suspends the activation. */
  callAsync(target: FunctionInstance, args: readonly WasmValue[]): Promise<WasmResult>;
  callRaw(target: FunctionInstance, stack: BigUint64Array): void;
}

/** How the interpreter goes from one instruction to the next. */
export type Dispatch = "auto" | "switch" | "closures";

/** What a runtime's configuration says to its engine. */
export interface EngineOptions {
  readonly dispatch: Dispatch;
  /** Greatest number of guest frames at one time. */
  readonly maxCallDepth: number;
}

/** What a door hands to the facade for each engine it has. */
export type MakeEngine = (options: EngineOptions) => Engine;
