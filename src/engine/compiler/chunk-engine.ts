// Takes calls from the host, runs them in compiled code, and leaves to the interpreter what that does not do (specification: 4.7.3 Invocation).
import type { WasmResult, WasmValue } from "../../api/value.ts";
import { stack } from "../../instance/call-stack.ts";
import {
  argumentList,
  type CompiledCode,
  pushArgument,
  returnedBigInt,
  takeResult,
} from "../../instance/convention.ts";
import type { Engine, EngineCode, FallbackEngine } from "../../instance/engine.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import { matchesRef } from "../../instance/reference.ts";
import { argumentError, checkRaw, takesPlain } from "../../instance/signature.ts";
import { matchesType, readValue, writeValue } from "../../instance/value.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { isRef, Num } from "../../syntax/types.ts";
import type { ChunkSource, Traceable } from "./chunk.ts";
import { enterCompiled, enterWithList } from "./enter.ts";
import { CompiledModuleCode, type CompilerSettings } from "./module-code.ts";

const words = new Int32Array(4);

/** An engine whose modules are chunks of JavaScript, wherever those come from. */
export abstract class ChunkEngine implements Engine {
  readonly name = "compiler";
  readonly #interpreter: FallbackEngine;
  protected readonly settings: CompilerSettings;

  constructor(interpreter: FallbackEngine, settings: CompilerSettings) {
    this.settings = settings;
    this.#interpreter = interpreter;
  }

  abstract prepare(module: ValidatedModule): EngineCode;

  /** A module whose chunks come from a source. */
  protected link(module: ValidatedModule, source: (code: Traceable["code"]) => ChunkSource): EngineCode {
    return new CompiledModuleCode(module, this.#interpreter, this.settings, source);
  }

  call(target: FunctionInstance, args: WasmValue[]): WasmResult {
    const code = this.#codeOf(target);
    if (code === null) return this.#interpreter.call(target, args);
    const values = takesPlain(target) ? plainValues(target, args) : valuesOf(target, args);
    const returned = enterWithList(code, target.instance!, values);
    const { results } = target.signature;
    const count = results.length;
    if (count === 0) return undefined;
    const type = results[0];
    if (count === 1 && type !== Num.V128) return type === Num.I64 ? returnedBigInt(returned) : returned;
    const read = results.map((type, i) => {
      const ref = takeResult(type, returned, count === 1 ? -1 : i, words, 0);
      return isRef(type) ? ref : readValue(type, words, 0);
    });
    return read.length > 1 ? read : read[0];
  }

  callThen(...call: Parameters<Engine["callThen"]>): void {
    this.#interpreter.callThen(...call);
  }

  enter(
    target: FunctionInstance,
    count: number,
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
    values: readonly unknown[] | undefined,
  ): unknown {
    const code = this.#codeOf(target);
    if (code === null) return this.#interpreter.enter(target, count, a, b, c, d, values);
    return enterCompiled(code, target.instance!, count, a, b, c, d, values);
  }

  callRaw(target: FunctionInstance, raw: BigUint64Array): void {
    const code = this.#codeOf(target);
    if (code === null) return this.#interpreter.callRaw(target, raw);
    checkRaw(target, raw);
    const slots = new Int32Array(raw.buffer, raw.byteOffset, raw.length * 2);
    const { params, results } = target.signature;
    const values = argumentList();
    let at = 0;
    for (const type of params) {
      pushArgument(values, type, slots, at, null);
      at += type === Num.V128 ? 4 : 2;
    }
    const returned = enterWithList(code, target.instance!, values);
    at = 0;
    results.forEach((type, i) => {
      slots[at + 1] = 0;
      takeResult(type, returned, results.length === 1 ? -1 : i, slots, at);
      at += type === Num.V128 ? 4 : 2;
    });
  }

  /** A function's compiled code; null while there is none, and where one frame more is too many: a function that calls nothing does not count. */
  #codeOf(target: FunctionInstance): CompiledCode | null {
    return stack.frames < this.settings.maxCallDepth ? (target.compiled ?? compiledAtFirst(target)) : null;
  }
}

function compiledAtFirst({ instance, index }: FunctionInstance): CompiledCode | null {
  const code = instance!.prepared.code as CompiledModuleCode;
  instance!.refresh();
  return code.isEager || instance!.isShared ? code.functionOf(instance!, index) : null;
}

/** The arguments in the convention of compiled code, in their own list. */
function plainValues(target: FunctionInstance, args: WasmValue[]): readonly unknown[] {
  const { params } = target.signature;
  for (let i = 0; i < params.length; i++) {
    const value = args[i];
    if (!matchesType(params[i]!, value)) throw argumentError(target, i, value);
    if (params[i] === Num.I32) args[i] = (value as number) | 0;
  }
  return args;
}

function valuesOf(target: FunctionInstance, args: readonly WasmValue[]): readonly unknown[] {
  const { params } = target.signature;
  const values = argumentList();
  for (let i = 0; i < params.length; i++) {
    const type = params[i]!;
    const value = args[i];
    if (isRef(type)) {
      if (!matchesRef(type, value)) throw argumentError(target, i, value);
      values.push(value);
    } else {
      if (!writeValue(type, value, words, 0)) throw argumentError(target, i, value);
      pushArgument(values, type, words, 0, null);
    }
  }
  return values;
}
