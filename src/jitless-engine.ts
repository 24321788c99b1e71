// The engine of namespaces in hosts without a JIT.
import type { Engines } from "./compilation.ts";
import { closures } from "./engine/interpreter/blocks.ts";
import { Interpreter } from "./engine/interpreter/engine.ts";

/** The interpreter with both forms of dispatch. */
export const jitlessEngine: Engines = { interpreter: (options) => new Interpreter(options, closures) };
