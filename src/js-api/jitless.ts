// The door `zerowasm/js-api/jitless`: the namespace without the compiler, with the interpreter's closures for hosts that have no JIT.
import type { StoreConfig } from "../embedding.ts";
import { jitlessEngine } from "../jitless-engine.ts";
import { makeNamespace } from "./namespace.ts";
import type { WebAssemblyNamespace } from "./namespace-type.ts";
import type * as Types from "./types.ts";

/** A namespace with the default configuration, in the place of the host's. */
export const WebAssembly: WebAssemblyNamespace = createWebAssembly();

/** The types of the namespace, by the names that TypeScript has for those of the host's. */
export declare namespace WebAssembly {
  type AddressType = Types.AddressType;
  type CompileError = Error;
  type Exception = Types.Exception;
  type ExportValue = Types.ExportValue;
  type Exports = Types.Exports;
  type Global<T extends Types.ValueType = Types.ValueType> = Types.Global<T>;
  type GlobalDescriptor<T extends Types.ValueType = Types.ValueType> = Types.GlobalDescriptor<T>;
  type ImportExportKind = Types.ImportExportKind;
  type Imports = Types.Imports;
  type Instance = Types.Instance;
  type LinkError = Error;
  type Memory<A extends number | bigint = number> = Types.Memory<A>;
  type MemoryDescriptor = Types.MemoryDescriptor;
  type Module = Types.Module;
  type ModuleExportDescriptor = Types.ModuleExportDescriptor;
  type ModuleImportDescriptor = Types.ModuleImportDescriptor;
  type ModuleImports = Types.ModuleImports;
  type RuntimeError = Error;
  type Table<A extends number | bigint = number> = Types.Table<A>;
  type TableDescriptor = Types.TableDescriptor;
  type TableKind = Types.TableKind;
  type Tag = Types.Tag;
  type ValueType = Types.ValueType;
  type WebAssemblyInstantiatedSource = Types.InstantiatedSource;
}

/**
 * Makes a separate namespace, with limits of its own.
 * @throws TypeError or RangeError for a wrong option.
 */
export function createWebAssembly(config?: StoreConfig): WebAssemblyNamespace {
  return makeNamespace(config, jitlessEngine);
}

export { fromMessage, type MemoryMessage, type ModuleMessage, toMessage } from "./message.ts";
export type * from "./namespace-type.ts";
export type * from "./types.ts";
