// The interpreter's door: the same surface without `precompile`, and nothing in its import graph makes code from text.
import type { RuntimeConfig } from "./config.ts";
import { closures } from "./engine/interpreter/blocks.ts";
import { Interpreter } from "./engine/interpreter/engine.ts";
import { BaseRuntime } from "./runtime.ts";

/** A runtime whose engine is the interpreter: it works where the host forbids `eval`. */
export class Runtime extends BaseRuntime {
  /** @throws TypeError for a wrong option, UnsupportedError for the compiler engine, which this door does not have. */
  constructor(config?: RuntimeConfig) {
    super(config, { interpreter: (options) => new Interpreter(options, closures) });
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
