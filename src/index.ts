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

export type { CachedChunk, CachedModule, CompilationCache, Script } from "./api/cache.ts";
export {
  ExitError,
  InvalidError,
  LinkError,
  MalformedError,
  type StackFrame,
  SuspendError,
  Trap,
  UnsupportedError,
} from "./api/errors.ts";
export type { ExceptionConstructor } from "./api/exception.ts";
export type { ExportedFunction, FunctionDefinition } from "./api/function.ts";
export type { Global, Tag } from "./api/global.ts";
export type {
  GlobalConfig,
  HostArguments,
  HostFunctionType,
  HostModuleBuilder,
  HostResult,
  HostReturn,
  HostRuntime,
  HostValue,
  Imports,
  LimitsConfig,
  MemoryConfig,
  TableConfig,
  TagConfig,
} from "./api/host.ts";
export type { Memory } from "./api/memory.ts";
export type { CompiledModule, ExportDefinition, ExternDefinition, ImportDefinition, Module } from "./api/module.ts";
export type { PrecompiledChunk, PrecompiledModule, PrecompiledSource } from "./api/precompiled.ts";
export type { Connection, Listener, Sides } from "./api/socket.ts";
export type { StopSignal } from "./api/stop-signal.ts";
export type { Clock, InputStream, Nanosleep, OutputStream, Random, Sleep, System } from "./api/system.ts";
export type { Table } from "./api/table.ts";
export type { FunctionType, ValueOf, ValueType, WasmResult, WasmValue } from "./api/value.ts";
export type { FeatureVersion, RuntimeConfig } from "./config.ts";
export { Exception } from "./exception.ts";
export type { ProfiledModule, Profiler } from "./instance/profiler.ts";
export type { LimitConfig } from "./limit-config.ts";
export { type MemoryCacheOptions, memoryCache } from "./memory-cache.ts";
export type { ModuleConfig } from "./module-config.ts";
export { type PrecompileOptions, precompile } from "./precompile.ts";
export type { Binary, Source } from "./source-compilation.ts";
export type { Feature } from "./syntax/features.ts";
