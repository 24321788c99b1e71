// Takes calls from the host, runs activations of packed code by the form of dispatch that suits the host (specification: 4.7.3 Invocation).
import { UnsupportedError } from "../../api/errors.ts";
import type { WasmResult, WasmValue } from "../../api/value.ts";
import { MAX_NESTING } from "../../instance/call-stack.ts";
import { applyCode, type CompiledCode, framesArgument } from "../../instance/convention.ts";
import type { Dispatch, Engine, EngineCode } from "../../instance/engine.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import { checkWaiting, type Outcome, running, settledUnder, under } from "../../instance/meter.ts";
import { checkRaw } from "../../instance/signature.ts";
import { suspension } from "../../instance/suspension.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { Num } from "../../syntax/types.ts";
import { Activation } from "./activation.ts";
import { enterFunction, resume } from "./call.ts";
import { ModuleCode } from "./code.ts";
import { type DispatchForm, type OtherForm, switchForm } from "./dispatch.ts";
import { entryOf } from "./entry.ts";
import { describeFault, stackFault } from "./fault.ts";
import { EXIT } from "./frames.ts";
import { I, R, stack } from "./registers.ts";
import { readRegister, readValues, slotWords, writeArguments } from "./values.ts";

export interface InterpreterOptions {
  /** `auto` measures once per process whether the host has a JIT, if there is a choice. */
  readonly dispatch: Dispatch;
  /** Frames of guests that may be open at once. */
  readonly maxCallDepth: number;
}

export class Interpreter implements Engine {
  readonly name = "interpreter";
  readonly #options: InterpreterOptions;
  protected readonly form: DispatchForm;

  /** @throws UnsupportedError where closures are asked for and not given. */
  constructor(options: InterpreterOptions, closures?: OtherForm) {
    this.#options = options;
    // Now, and not at the first module: a JIT that is busy with what compiled the module would seem to be none.
    this.form = choose(options.dispatch, closures);
  }

  prepare(module: ValidatedModule): EngineCode {
    return new ModuleCode(module, this.form);
  }

  call(target: FunctionInstance, args: readonly WasmValue[]): WasmResult {
    const base = stack.top;
    writeArguments(target, args, base);
    this.#run(this.#activate(target, base, false));
    return resultOf(target, base);
  }

  callThen(
    target: FunctionInstance,
    args: readonly WasmValue[],
    done: (result: WasmResult) => void,
    failed: (error: unknown) => void,
  ): void {
    const base = stack.top;
    writeArguments(target, args, base);
    const activation = this.#activate(target, base, true);
    const { limit } = running;
    const goOn = (enter?: () => void): void => {
      if (this.#run(activation, enter)) {
        done(resultOf(target, base));
        return;
      }
      const { callee, promise, at } = activation.pending!;
      const saved = save(activation, at + slotWords(callee.signature.params));
      release();
      activation.pending = null;
      const waiting = new Set([activation.instance, ...activation.calls.map(({ instance }) => instance)]);
      const reenter = (outcome?: Outcome): void => {
        try {
          goOn(() => {
            restore(activation, saved);
            checkWaiting(limit, waiting);
            resume(activation, callee, at, outcome!);
            activation.goesOn();
          });
        } catch (error) {
          failed(error);
        }
      };
      settledUnder(limit, waiting, promise, (outcome) => under(limit, () => reenter(outcome)));
    };
    goOn();
  }

  callRaw(target: FunctionInstance, raw: BigUint64Array): void {
    checkRaw(target, raw);
    const base = stack.top;
    const words = new Int32Array(raw.buffer, raw.byteOffset, raw.length * 2);
    I.set(words.subarray(0, slotWords(target.signature.params)), base);
    this.#run(this.#activate(target, base, false));
    release();
    let at = 0;
    for (const type of target.signature.results) {
      const size = type === Num.V128 ? 4 : 2;
      words.set(I.subarray(base + at, base + at + size), at);
      if (type === Num.I32 || type === Num.F32) words[at + 1] = 0;
      at += size;
    }
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
    target.code ??= this.entry(target, false);
    const result = applyCode(target.code, framesArgument(stack.frames + 1), count, a, b, c, d, values);
    release();
    return result;
  }

  entry(target: FunctionInstance, asynchronous: boolean): CompiledCode {
    return entryOf(target, (f, base) => {
      const activation = this.#activate(f, base, asynchronous);
      if (!this.#run(activation)) suspension.begin({ activation });
    });
  }

  #activate(target: FunctionInstance, base: number, asynchronous: boolean): Activation {
    const activation = new Activation(target.instance!, base, stack.frames, this.#options.maxCallDepth, asynchronous);
    enterFunction(activation, target, base, EXIT);
    return activation;
  }

  /** Runs to the end or to a suspension, after what puts a suspended activation back; gives whether it ended. */
  #run(activation: Activation, enter?: () => void): boolean {
    if (stack.nesting >= MAX_NESTING) trap(TrapCode.CallStack);
    const { top, frames } = stack;
    stack.nesting++;
    try {
      enter?.();
      for (;;) {
        const { form } = activation.instance.engineState as ModuleCode;
        if (form.run(activation) === 0) return true;
        if (activation.pending !== null) return false;
      }
    } catch (error) {
      if (stack.nesting === 1) R.length = 0;
      throw describeFault(activation, stack.nesting > 1 ? stackFault(error) : error);
    } finally {
      stack.nesting--;
      stack.top = top;
      stack.frames = frames;
    }
  }
}

function choose(dispatch: Dispatch, closures: OtherForm | undefined): DispatchForm {
  if (dispatch === "switch" || (dispatch === "auto" && closures?.suitsHost() !== true)) return switchForm;
  if (closures === undefined) throw new UnsupportedError('this door has no closures: use dispatch "switch" or "auto"');
  return closures;
}

/** Forgets the references in the registers, which would only keep objects alive, unless a guest runs. */
function release(): void {
  if (stack.nesting === 0 && R.length > 0) R.length = 0;
}

function resultOf(target: FunctionInstance, base: number): WasmResult {
  const { results } = target.signature;
  const values = results.length === 1 ? readRegister(results[0]!, base) : readValues(results, base);
  release();
  return results.length === 0 ? undefined : values;
}

/** The registers of a suspended activation. */
interface Saved {
  readonly words: Int32Array;
  readonly references: readonly unknown[];
  /** How far the registers for references reached: guests that go on count on it. */
  readonly reach: number;
}

function save(activation: Activation, end: number): Saved {
  const references = R.slice(activation.base >> 1, end >> 1);
  return { words: I.slice(activation.base, end), references, reach: references.length > 0 ? R.length : 0 };
}

/** Puts the registers back where they were: while no guest runs, nothing else is there. */
function restore(activation: Activation, { words, references, reach }: Saved): void {
  I.set(words, activation.base);
  while (R.length < reach) R.push(null);
  for (let i = 0; i < references.length; i++) R[(activation.base >> 1) + i] = references[i];
}
