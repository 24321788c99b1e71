// Runs the contract over a runtime whose modules are of the compiler and of the interpreter by turns, linked with one another.
import type { Runtime, RuntimeConfig } from "zerowasm";
import { Compiler } from "#dist/engine/compiler/engine.js";
import { closures } from "#dist/engine/interpreter/blocks.js";
import { Interpreter } from "#dist/engine/interpreter/engine.js";
import { TieredInterpreter } from "#dist/engine/interpreter/tiered-engine.js";
import type { Engine, EngineCode, EngineOptions } from "#dist/instance/engine.js";
import type { FunctionInstance } from "#dist/instance/function.js";
import { BaseRuntime } from "#dist/runtime.js";
import { contract } from "./contract.ts";

type Tail<T extends readonly unknown[]> = T extends [unknown, ...infer R] ? R : never;

/** Gives each module to the other engine than the one before. */
class Alternating implements Engine {
  readonly name = "compiler";
  readonly #engines: readonly [Engine, Engine];
  readonly #engineOf = new WeakMap<EngineCode, Engine>();
  #turn: 0 | 1;

  constructor(options: EngineOptions, first: 0 | 1) {
    this.#engines = [
      new Compiler(new TieredInterpreter(options, closures), options),
      new Interpreter(options, closures),
    ];
    this.#turn = first;
  }

  prepare(module: Parameters<Engine["prepare"]>[0]): EngineCode {
    const engine = this.#engines[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
    const code = engine.prepare(module);
    this.#engineOf.set(code, engine);
    return code;
  }

  call(target: FunctionInstance, args: Parameters<Engine["call"]>[1]): ReturnType<Engine["call"]> {
    return this.#of(target).call(target, args);
  }

  callAsync(target: FunctionInstance, args: Parameters<Engine["callAsync"]>[1]): ReturnType<Engine["callAsync"]> {
    return this.#of(target).callAsync(target, args);
  }

  callRaw(target: FunctionInstance, stack: BigUint64Array): void {
    this.#of(target).callRaw(target, stack);
  }

  enter(target: FunctionInstance, ...values: Tail<Parameters<Engine["enter"]>>): unknown {
    return this.#of(target).enter(target, ...values);
  }

  #of(target: FunctionInstance): Engine {
    return this.#engineOf.get(target.instance!.prepared.code)!;
  }
}

class MixedRuntime extends BaseRuntime {
  constructor(config: RuntimeConfig, first: 0 | 1) {
    const make = (options: EngineOptions) => new Alternating(options, first);
    super(config, { interpreter: make, compiler: { make, isAllowed: () => true } });
  }
}

for (const dispatch of ["switch", "closures"] as const) {
  for (const first of [0, 1] as const) {
    const config = { engine: "compiler", eager: true, dispatch } as const;
    const name = `${first === 0 ? "compiler, interpreter" : "interpreter, compiler"} by turns, ${dispatch}`;
    contract(config, name, (more) => new MixedRuntime(more, first) as unknown as Runtime);
  }
}
