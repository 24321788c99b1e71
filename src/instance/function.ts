// A function of the store: Wasm code of an instance, or a host function (specification: 4.2.7 Function instances).
import type { ExportedFunction, FunctionDefinition } from "../api/function.ts";
import type { Module } from "../api/module.ts";
import type { WasmResult, WasmValue } from "../api/value.ts";
import { type DefType, defType, type TypeId } from "../syntax/types.ts";
import { checkOpen } from "./closing.ts";
import type { CompiledCode } from "./convention.ts";
import { callFromHost, callFromHostAsync, callFromHostRaw } from "./host-call.ts";
import type { ModuleInstance } from "./module.ts";
import { checkCount } from "./signature.ts";
import { functionTypeOf } from "./value-type.ts";

/** A function written in JavaScript; `withModule` hands it the calling module first. */
export interface HostCode {
  readonly withModule: boolean;
  /** Whether a promise that it gives is waited for. With a border it gives nothing else, and is not called by who cannot wait. */
  readonly waits: boolean;
  readonly run: (...args: never[]) => unknown;
  /** What becomes of what it gives and throws, if that is not of the store. */
  readonly border?: Border | undefined;
  /**
   * Whether it takes one to three values of types i32 and references, gives one that is sure to be of its type, and calls nobody: then engines call
   * it as it is.
   */
  readonly isDirect?: boolean;
  /** "module.name", for messages. */
  readonly label: string;
  /** Export name in its host module. */
  readonly name: string;
  /** The host module it belongs to: what it takes for its caller where the host itself calls it. */
  readonly home: Module;
}

/** Converts what a function of another world gives, which may throw as the function itself, and what it throws. */
export interface Border {
  result(value: unknown): unknown;
  error(thrown: unknown): unknown;
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
  /** The function as compiled code calls it, once that has been asked for. */
  code: CompiledCode | null = null;
  /** The same, where that is no stand-in but what a compiler made of it. */
  compiled: CompiledCode | null = null;
  /** As `code`, where a host function's promise suspends the caller. */
  suspending: CompiledCode | null = null;
  /** The function that JavaScript has for it, once that has been asked for. */
  exported: ((...args: unknown[]) => unknown) | null = null;

  constructor(type: TypeId, instance: ModuleInstance | null, index: number, host: HostCode | null) {
    this.type = type;
    this.signature = defType(type);
    this.instance = instance;
    this.index = index;
    this.host = host;
  }

  get definition(): FunctionDefinition {
    return this.instance === null ? hostDefinition(this) : this.instance.prepared.functionDefinition(this.index);
  }

  call(...args: WasmValue[]): WasmResult {
    checkCount(this, args.length);
    const { instance } = this;
    if (instance === null) return callFromHost(this, args);
    checkOpen(instance);
    return instance.prepared.engine.call(this, args);
  }

  callAsync(...args: readonly WasmValue[]): Promise<WasmResult> {
    return new Promise((done, failed) => this.callThen(args, done, failed));
  }

  /** As `callAsync`, for who makes the promise itself: its turns can be counted. */
  callThen(args: readonly WasmValue[], done: (result: WasmResult) => void, failed: (error: unknown) => void): void {
    try {
      checkCount(this, args.length);
      const { instance } = this;
      if (instance === null) callFromHostAsync(this, args).then(done).catch(failed);
      else {
        checkOpen(instance);
        instance.prepared.engine.callThen(this, args, done, failed);
      }
    } catch (error) {
      failed(error);
    }
  }

  /** Calls a function of a guest's by the convention of compiled code, with values that fit its type: they are not checked. */
  enter(count: number, a?: unknown, b?: unknown, c?: unknown, d?: unknown, values?: readonly unknown[]): unknown {
    const instance = this.instance!;
    checkOpen(instance);
    return instance.prepared.engine.enter(this, count, a, b, c, d, values);
  }

  callRaw(stack: BigUint64Array): void {
    const { instance } = this;
    if (instance === null) callFromHostRaw(this, stack);
    else {
      checkOpen(instance);
      instance.prepared.engine.callRaw(this, stack);
    }
  }
}

function hostDefinition(f: FunctionInstance): FunctionDefinition {
  const { name } = f.host!;
  return { ...functionTypeOf(f.type), name, index: f.index, exportNames: [name], import: undefined };
}
