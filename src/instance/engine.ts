// Takes a validated module, gives code that instances call: what every engine is to the rest (specification: 4.7.3 Invocation).
import type { ModuleCache } from "../api/cache.ts";
import type { PrecompiledChunk } from "../api/precompiled.ts";
import type { WasmResult, WasmValue } from "../api/value.ts";
import type { ValidatedModule } from "../syntax/module.ts";
import type { CompiledCode, Handed } from "./convention.ts";
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
  /** As `prepare`, with what is kept of the module; only of engines that have something to keep. */
  prepareCached?(module: ValidatedModule, cache: ModuleCache): EngineCode;
  /** Runs a Wasm function to its end. The number of arguments is right; they are converted to the parameter types here, in their list. */
  call(target: FunctionInstance, args: WasmValue[]): WasmResult;
  /** As `call`, but a host function's promise suspends the activation; it may throw, or tell later. */
  callThen(
    target: FunctionInstance,
    args: readonly WasmValue[],
    done: (result: WasmResult) => void,
    failed: (error: unknown) => void,
  ): void;
  callRaw(target: FunctionInstance, stack: BigUint64Array): void;
  /** Runs a Wasm function by the convention of compiled code. */
  enter(target: FunctionInstance, ...values: Handed): unknown;
}

/** Faster code for what turned hot in the interpreter; null where there is none to be had. */
export interface Tier {
  /** Calls after which a function is hot in a program that runs on, or turns after which a loop of it is. */
  hotAfter(index: number, isLoop: boolean): number;
  /** How often anything is counted down until a program counts as one that runs on. */
  readonly beginning: number;
  /** With `asynchronous`, its calls may be suspended: see suspension.ts. */
  functionOf(instance: ModuleInstance, index: number, asynchronous: boolean): CompiledCode | null;
  /** The rest of a function from the head of the loop with a label on: takes the first register of its frame, and the number of frames. */
  loopOf(instance: ModuleInstance, index: number, label: number, asynchronous: boolean): CompiledCode | null;
  /** Makes a function from text; null where no code is made from text. */
  readonly remake: Remake | null;
  /** Calls such code, with its arguments but the last. */
  run(code: CompiledCode, values: readonly unknown[], instance: ModuleInstance): unknown;
}

/** Takes a function's text, gives the function. */
export type Remake = (text: string) => unknown;

/** What a compiler needs of the interpreter: the functions that it does not print itself. */
export interface FallbackEngine extends Engine {
  /** With a tier, what turns hot goes on in its code. */
  prepare(module: ValidatedModule, tier?: Tier): EngineCode;
  /** The register file, which frames are read from: as words, as doubles, and the references of the slots. */
  readonly registers: { readonly I: Int32Array; readonly D: Float64Array; readonly R: unknown[] };
  /** A function that the interpreter runs, as compiled code calls it. */
  entry(target: FunctionInstance, asynchronous: boolean): CompiledCode;
}

/** An engine for modules whose functions were compiled ahead of time. */
export interface PrecompiledEngine extends Engine {
  prepareChunks(module: ValidatedModule, chunks: readonly PrecompiledChunk[]): EngineCode;
}

/** How the interpreter goes from one instruction to the next. */
export type Dispatch = "auto" | "switch" | "closures";

/** What a runtime's configuration says to its engine. */
export interface EngineOptions {
  readonly dispatch: Dispatch;
  /** Greatest number of guest frames at one time. */
  readonly maxCallDepth: number;
  /** Whether the compiler compiles every function before its first call, instead of those that turn hot; by the module's size, if nothing is said. */
  readonly eager: boolean | undefined;
}

/** What a door hands to the facade for each engine it has. */
export type MakeEngine = (options: EngineOptions) => Engine;
