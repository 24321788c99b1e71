// Takes an engine, gives one whose calls from the host have limits in time (specification: 4.7.3 Invocation).
import type { ModuleCache } from "../api/cache.ts";
import type { WasmResult, WasmValue } from "../api/value.ts";
import type { ValidatedModule } from "../syntax/module.ts";
import type { Engine, EngineCode } from "./engine.ts";
import type { FunctionInstance } from "./function.ts";
import { checkLimit, type Limit, running, under } from "./meter.ts";

/** An engine of metered modules. */
export class MeteredEngine implements Engine {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get name(): Engine["name"] {
    return this.#engine.name;
  }

  prepare(module: ValidatedModule): EngineCode {
    return this.#engine.prepare(module);
  }

  prepareCached(module: ValidatedModule, cache: ModuleCache): EngineCode {
    return this.#engine.prepareCached?.(module, cache) ?? this.#engine.prepare(module);
  }

  call(target: FunctionInstance, args: WasmValue[]): WasmResult {
    return under(limitOf(target), () => this.#engine.call(target, args));
  }

  // The engine keeps the limit for what comes after a suspension.
  callThen(...call: Parameters<Engine["callThen"]>): void {
    under(limitOf(call[0]), () => this.#engine.callThen(...call));
  }

  callRaw(target: FunctionInstance, stack: BigUint64Array): void {
    under(limitOf(target), () => this.#engine.callRaw(target, stack));
  }

  enter(...call: Parameters<Engine["enter"]>): unknown {
    return under(limitOf(call[0]), () => this.#engine.enter(...call));
  }
}

/** The limit of a call that begins, unless its time has passed. */
function limitOf({ instance }: FunctionInstance): Limit | null {
  const limit = instance!.meter!.limit(running.limit);
  checkLimit(limit);
  return limit;
}
