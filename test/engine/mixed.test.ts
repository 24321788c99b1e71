// Runs the contract over a runtime whose modules are of the compiler and of the interpreter by turns, and links modules of runtimes that differ.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Runtime, type RuntimeConfig } from "zerowasm";
import { parse } from "zerowasm/text";
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

  callThen(...call: Parameters<Engine["callThen"]>): void {
    this.#of(call[0]).callThen(...call);
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

const configs: readonly RuntimeConfig[] = [
  { engine: "interpreter", dispatch: "switch" },
  { engine: "interpreter", dispatch: "closures" },
  { engine: "compiler", eager: true, dispatch: "switch" },
  { engine: "compiler", eager: true, dispatch: "closures" },
];

const library = parse(`(module
  (import "host" "later" (func $later (param i32) (result i32)))
  (func (export "bits") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
  (func (export "float") (param i32) (result f32) (f32.reinterpret_i32 (local.get 0)))
  (func (export "wait") (param i32) (result i32) (i32.add (call $later (local.get 0)) (i32.const 1))))`);
const program = parse(`(module
  (import "library" "bits" (func $bits (param f32) (result i32)))
  (import "library" "float" (func $float (param i32) (result f32)))
  (import "library" "wait" (func $wait (param i32) (result i32)))
  (func (export "bits") (param i32) (result i32) (call $bits (f32.reinterpret_i32 (local.get 0))))
  (func (export "float") (param i32) (result i32) (i32.reinterpret_f32 (call $float (local.get 0))))
  (func (export "wait") (param i32) (result i32) (i32.mul (call $wait (local.get 0)) (i32.const 10))))`);

describe("modules of runtimes that differ", () => {
  const named = (config: RuntimeConfig) => `${config.engine} ${config.dispatch}`;
  for (const first of configs) {
    for (const second of configs) {
      test(`${named(first)}, imported by ${named(second)}`, async () => {
        const later = async (value: number) => value + 1;
        const owner = new Runtime(first).instantiate(library, { imports: { host: { later } } });
        const user = new Runtime(second).instantiate(program, { imports: { library: owner } });
        const SIGNALLING = 0x7fa00001;
        for (const name of ["bits", "float"]) {
          const f = user.exportedFunction(name)!;
          assert.deepEqual([f.call(SIGNALLING), await f.callAsync(SIGNALLING)], [SIGNALLING, SIGNALLING], name);
        }
        const wait = user.exportedFunction("wait")!;
        assert.deepEqual(await Promise.all([wait.callAsync(1), wait.callAsync(2)]), [30, 40]);
      });
    }
  }
});
