// Takes a runtime and a compiled module, gives the runtime the host modules that the module imports from: WASI, and what its toolchain expects.
import type { CompiledModule, ExternDefinition, Runtime } from "../index.ts";
import { assemblyscript, emscripten, type HostLog, wasi } from "../wasi/index.ts";

// Many an `env` has an `abort`; AssemblyScript's says where.
const assemblyscriptParams: Readonly<Record<string, number>> = { abort: 4, trace: 7, seed: 0 };

function isParamCount(extern: ExternDefinition, count: number | undefined): boolean {
  return extern.kind === "function" && extern.params.length === count;
}

/** Makes the host modules. What none of them has is for linking to tell of. */
export function provideHostModules(runtime: Runtime, compiled: CompiledModule, log: HostLog | undefined): void {
  wasi.instantiate(runtime, { log });
  const imported = compiled.imports.filter(({ module }) => module === "env");
  if (imported.length === 0) return;
  if (imported.every(({ name, extern }) => isParamCount(extern, assemblyscriptParams[name]))) {
    assemblyscript.instantiate(runtime, { log });
  } else if (imported.some(({ name }) => /^(?:_?emscripten|invoke)_|^_abort_js$/.test(name))) {
    emscripten.instantiate(runtime, compiled, { log });
  }
}
