// The door for modules that were compiled ahead of time: the same surface without `precompile`, and nothing in its import graph makes code from text.
import type { RuntimeConfig } from "./config.ts";
import { LinkedEngine } from "./engine/compiler/linked-engine.ts";
import { closures } from "./engine/interpreter/blocks.ts";
import { DirectInterpreter } from "./engine/interpreter/direct-engine.ts";
import { Interpreter } from "./engine/interpreter/engine.ts";
import { BaseRuntime } from "./runtime.ts";

/** A runtime that runs modules compiled ahead of time at compiler speed, and others in the interpreter: it works where the host forbids `eval`. */
export class Runtime extends BaseRuntime {
  /** @throws TypeError for a wrong option, UnsupportedError for the compiler engine, which this door does not have. */
  constructor(config?: RuntimeConfig) {
    super(config, {
      interpreter: (options) => new Interpreter(options, closures),
      linked: (options) => new LinkedEngine(new DirectInterpreter(options, closures), options),
    });
  }
}

export {
  ExitError,
  InvalidError,
  LinkError,
  MalformedError,
  SuspendError,
  Trap,
  UnsupportedError,
} from "./api/errors.ts";
export { Exception } from "./exception.ts";
export { memoryCache } from "./memory-cache.ts";
export type * from "./types.ts";
