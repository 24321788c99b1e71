// The engine of namespaces that make no code from text.
import type { Engines } from "./compilation.ts";
import { Interpreter } from "./engine/interpreter/engine.ts";

/** The interpreter with its switch. */
export const interpreterEngine: Engines = { interpreter: (options) => new Interpreter(options) };
