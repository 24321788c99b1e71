// The types of the namespace as members of it, by the names that TypeScript has for those of the host's: a door has them beside its namespace.
import type * as Types from "./types.ts";

/** The types, without a value. */
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
