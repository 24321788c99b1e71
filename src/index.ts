// The main door: a runtime with every engine there is.
import type { RuntimeConfig } from "./config.ts";
import { Compiler } from "./engine/compiler/engine.ts";
import { LinkedEngine } from "./engine/compiler/linked-engine.ts";
import { canCompile } from "./engine/compiler/probe.ts";
import { closures } from "./engine/interpreter/blocks.ts";
import { DirectInterpreter } from "./engine/interpreter/direct-engine.ts";
import { Interpreter } from "./engine/interpreter/engine.ts";
import { BaseRuntime } from "./runtime.ts";

/** A runtime: modules are compiled and instantiated in it, and import from one another by name. */
export class Runtime extends BaseRuntime {
  /** @throws TypeError for a wrong option, UnsupportedError for an engine that cannot be had. */
  constructor(config?: RuntimeConfig) {
    super(config, {
      interpreter: (options) => new Interpreter(options, closures),
      compiler: {
        make: (options) => new Compiler(new DirectInterpreter(options, closures), options),
        isAllowed: canCompile,
      },
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
export type { PrecompiledSource } from "./api/precompiled.ts";
export { Exception } from "./exception.ts";
export { memoryCache } from "./memory-cache.ts";
export { type PrecompileOptions, precompile } from "./precompile.ts";
export type * from "./types.ts";
