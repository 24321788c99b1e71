// The engines of the namespace of the JavaScript API. What it is loaded for is small, so closures are not among them.
import type { Engines } from "./compilation.ts";
import { Compiler } from "./engine/compiler/engine.ts";
import { canCompile } from "./engine/compiler/probe.ts";
import { Interpreter } from "./engine/interpreter/engine.ts";
import { TieredInterpreter } from "./engine/interpreter/tiered-engine.ts";

/** The compiler, and the interpreter with its switch. */
export const engines: Engines = {
  interpreter: (options) => new Interpreter(options),
  compiler: { make: (options) => new Compiler(new TieredInterpreter(options), options), isAllowed: canCompile },
};
