// The types that every door of a runtime gives.
export type { CachedChunk, CachedModule, CompilationCache, Script } from "./api/cache.ts";
export type { StackFrame } from "./api/errors.ts";
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
export type { PrecompiledChunk, PrecompiledModule } from "./api/precompiled.ts";
export type { Connection, Listener, Sides } from "./api/socket.ts";
export type { StopSignal } from "./api/stop-signal.ts";
export type { Clock, InputStream, Nanosleep, OutputStream, Random, Sleep, System } from "./api/system.ts";
export type { Table } from "./api/table.ts";
export type { FunctionType, ValueOf, ValueType, WasmResult, WasmValue } from "./api/value.ts";
export type { FeatureVersion, RuntimeConfig } from "./config.ts";
export type { ProfiledModule, Profiler } from "./instance/profiler.ts";
export type { LimitConfig } from "./limit-config.ts";
export type { MemoryCacheOptions } from "./memory-cache.ts";
export type { ModuleConfig } from "./module-config.ts";
export type { Binary, Source } from "./source-compilation.ts";
export type { Feature } from "./syntax/features.ts";
