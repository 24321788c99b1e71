// The engines of the JavaScript API's door.
import type { Engines } from "./compilation.ts";
import { Compiler } from "./engine/compiler/engine.ts";
import { canCompile } from "./engine/compiler/probe.ts";
import { closures } from "./engine/interpreter/blocks.ts";
import { Interpreter } from "./engine/interpreter/engine.ts";

/** The compiler, and the interpreter with both forms of dispatch. */
export const engines: Engines = {
  interpreter: (options) => new Interpreter(options, closures),
  compiler: { make: (options) => new Compiler(new Interpreter(options, closures), options), isAllowed: canCompile },
};
