// The types that programs see: of the namespace, its classes and what its functions take and give.
export type { StoreConfig } from "../embedding.ts";
export type { ErrorClass } from "./errors.ts";
export type { Exception } from "./exception.ts";
export type { FunctionConstructor } from "./exported-function.ts";
export type { Global } from "./global.ts";
export type { Instance } from "./instance.ts";
export type { Memory, MemoryConstructor } from "./memory.ts";
export type { Module, ModuleConstructor } from "./module.ts";
export type { BufferSource, InstantiatedSource, WebAssemblyNamespace } from "./namespace.ts";
export type { Suspending } from "./suspending.ts";
export type { Table } from "./table.ts";
export type { Tag } from "./tag.ts";
