// Takes a runtime and a compiled module, gives the host module `env` that Emscripten's standalone programs import beside WASI.
import { Trap } from "../api/errors.ts";
import type { HostModuleBuilder, HostRuntime } from "../api/host.ts";
import type { CompiledModule, Module } from "../api/module.ts";
import type { ValueType, WasmValue } from "../api/value.ts";
import { type HostLog, type LogScope, logged } from "./log.ts";
import { surroundings } from "./surroundings.ts";

/** What Emscripten's standalone programs import. */
export interface Emscripten {
  /**
   * Makes the host module `env`, once a runtime, with what the compiled module imports of it by the names `invoke_…`.
   * @throws LinkError where the name is taken.
   */
  instantiate(runtime: HostRuntime, compiled: CompiledModule, options?: { readonly log?: HostLog | undefined }): Module;
  /** Adds the functions to a host module of your own. */
  addTo(builder: HostModuleBuilder, compiled: CompiledModule, options?: { readonly log?: HostLog | undefined }): void;
}

/** What a longjmp throws: no guest catches it by a type, and `invoke_…` takes it. */
const longjmp = new Error("longjmp outside of what setjmp protects");
const pageBytes = 65_536;
const nanosPerMilli = 1e6;

type Kind = "pointer" | "size";
interface Definition {
  readonly name: string;
  readonly scope: LogScope;
  readonly params?: readonly (readonly [name: string, type: Kind])[];
  readonly result?: "i32" | "f64";
  readonly run: (caller: Module, ...args: number[]) => number | void;
}

export const emscripten: Emscripten = {
  instantiate(runtime, compiled, options) {
    const builder = runtime.hostModule("env");
    emscripten.addTo(builder, compiled, options);
    return builder.instantiate();
  },

  addTo(builder, compiled, { log } = {}) {
    for (const { name, scope, params = [], result, run } of definitions()) {
      const called = { moduleName: "env", name, scope, parameters: params, hasErrno: false };
      const entry = logged(log, called, (caller: Module, ...args) => {
        return run(caller, ...args.map((arg) => Number(arg) >>> 0));
      });
      const type = { params: params.map(() => "i32" as const), results: result === undefined ? [] : [result] };
      builder.functionWithModule(name, type, entry as never);
    }
    for (const { module, name, extern } of compiled.imports) {
      if (module !== "env" || !name.startsWith("invoke_") || extern.kind !== "function") continue;
      const { params, results } = extern;
      const run = (caller: Module, index: number, ...args: WasmValue[]): WasmValue => {
        return invoke(caller, index, args, results);
      };
      builder.functionWithModule(name, { params, results }, run as never);
    }
  },
};

function definitions(): readonly Definition[] {
  const of = surroundings();
  const copy: Omit<Definition, "name"> = {
    scope: "memory",
    params: [
      ["dest", "pointer"],
      ["src", "pointer"],
      ["num", "size"],
    ],
    run: ({ memory }, dest, src, num) => {
      const from = memory?.subarray(src, num);
      if (from === undefined || !memory!.write(dest, from)) throw new Trap("out of bounds memory access");
    },
  };
  const abort: Omit<Definition, "name"> = {
    scope: "proc",
    run: () => {
      throw new Trap("unreachable");
    },
  };
  const leap: Omit<Definition, "name"> = {
    scope: "proc",
    run: () => {
      throw longjmp;
    },
  };
  return [
    // Views of the memory are made anew at each call.
    { name: "emscripten_notify_memory_growth", scope: "memory", params: [["memory_index", "size"]], run: () => {} },
    { name: "emscripten_resize_heap", scope: "memory", params: [["size", "size"]], result: "i32", run: resize },
    ...["emscripten_memcpy_js", "_emscripten_memcpy_js", "emscripten_memcpy_big"].map((name) => ({ ...copy, name })),
    ...["abort", "_abort_js"].map((name) => ({ ...abort, name })),
    ...["_emscripten_throw_longjmp", "emscripten_longjmp"].map((name) => ({ ...leap, name })),
    {
      name: "emscripten_date_now",
      scope: "clock",
      result: "f64",
      run: (caller) => Number(of(caller).clock.wallTime()) / nanosPerMilli,
    },
    {
      name: "emscripten_get_now",
      scope: "clock",
      result: "f64",
      run: (caller) => Number(of(caller).clock.monotonicTime()) / nanosPerMilli,
    },
  ];
}

/** Grows the memory to a size; 0 where it cannot. */
function resize({ memory }: Module, size: number): number {
  if (memory === undefined) return 0;
  const delta = Math.ceil((size - memory.byteLength) / pageBytes);
  return delta <= 0 || memory.grow(delta) >= 0 ? 1 : 0;
}

/** Calls a function of the guest's table; a longjmp out of it is told by `setThrew`, with the stack as it was. */
function invoke(caller: Module, index: number, args: readonly WasmValue[], results: readonly ValueType[]): WasmValue {
  const target = caller.exportedTable("__indirect_function_table")?.get(index >>> 0);
  if (target === null || target === undefined) throw new Trap("uninitialized element");
  const top = exportOf(caller, "emscripten_stack_get_current", "stackSave").call();
  try {
    return (target as { call(...args: readonly WasmValue[]): WasmValue }).call(...args);
  } catch (error) {
    if (error !== longjmp) throw error;
    exportOf(caller, "_emscripten_stack_restore", "stackRestore").call(top as number);
    exportOf(caller, "setThrew").call(1, 0);
    return results[0] === undefined ? undefined : results[0] === "i64" ? 0n : 0;
  }
}

function exportOf(module: Module, ...names: readonly string[]): NonNullable<ReturnType<Module["exportedFunction"]>> {
  for (const name of names) {
    const found = module.exportedFunction(name);
    if (found !== undefined) return found;
  }
  throw new Trap(`the program exports no ${names.join(" or ")}`);
}
