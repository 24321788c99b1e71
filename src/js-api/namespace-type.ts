// The namespace as programs see it: its functions, and what the constructors of its classes take (JavaScript API: The WebAssembly Namespace).
import type { ErrorClass } from "./errors.ts";
import type {
  BufferSource,
  CompileOptions,
  Exception,
  ExceptionOptions,
  ExportedFunction,
  FunctionType,
  Global,
  GlobalDescriptor,
  Instance,
  InstantiatedSource,
  Memory,
  MemoryDescriptor,
  Module,
  ModuleExportDescriptor,
  ModuleImportDescriptor,
  Suspending,
  Table,
  TableDescriptor,
  Tag,
  TagType,
  ValueType,
} from "./types.ts";

export interface ModuleConstructor {
  readonly prototype: Module;
  /** @throws CompileError where the bytes are no valid module. */
  new (bytes: BufferSource, options?: CompileOptions): Module;
  exports(module: Module): ModuleExportDescriptor[];
  imports(module: Module): ModuleImportDescriptor[];
  /** The contents of the custom sections of that name. */
  customSections(module: Module, sectionName: string): ArrayBuffer[];
}

export interface InstanceConstructor {
  readonly prototype: Instance;
  /**
   * Instantiates, and runs the start function.
   * @throws LinkError for an import that is missing or does not fit.
   * @throws RuntimeError for a trap, or whatever the start function throws.
   */
  new (module: Module, importObject?: object): Instance;
}

export interface MemoryConstructor {
  readonly prototype: Memory;
  new (descriptor: MemoryDescriptor & { readonly address: "i64" }): Memory<bigint>;
  /** @throws RangeError for a size that is over a limit, or that the host has no room for. */
  new (descriptor: MemoryDescriptor): Memory;
}

export interface TableConstructor {
  readonly prototype: Table;
  new (descriptor: TableDescriptor & { readonly address: "i64" }, value?: unknown): Table<bigint>;
  /** Without a value, elements are null, those of an `externref` undefined. */
  new (descriptor: TableDescriptor, value?: unknown): Table;
}

export interface GlobalConstructor {
  readonly prototype: Global;
  /** Without a value it is 0, null, or undefined for an `externref`. */
  new <T extends ValueType = ValueType>(descriptor: GlobalDescriptor<T>, v?: unknown): Global<T>;
}

export interface TagConstructor {
  readonly prototype: Tag;
  new (type: TagType): Tag;
}

export interface ExceptionConstructor {
  readonly prototype: Exception;
  new (exceptionTag: Tag, payload: Iterable<unknown>, options?: ExceptionOptions): Exception;
}

export interface SuspendingConstructor {
  readonly prototype: Suspending;
  new (jsFunction: (...args: never[]) => unknown): Suspending;
}

/** The constructor of functions with a type (type reflection proposal). */
export interface FunctionConstructor {
  new (type: FunctionType, func: (...args: never[]) => unknown): ExportedFunction & { type(): FunctionType };
}

/** The namespace. */
export interface WebAssemblyNamespace {
  readonly Module: ModuleConstructor;
  readonly Instance: InstanceConstructor;
  readonly Memory: MemoryConstructor;
  readonly Table: TableConstructor;
  readonly Global: GlobalConstructor;
  readonly Tag: TagConstructor;
  readonly Function: FunctionConstructor;
  readonly Exception: ExceptionConstructor;
  readonly JSTag: Tag;
  readonly CompileError: ErrorClass;
  readonly LinkError: ErrorClass;
  readonly RuntimeError: ErrorClass;
  readonly SuspendError: ErrorClass;
  readonly Suspending: SuspendingConstructor;
  /** A function that gives a promise of what an exported one gives. Throws a TypeError for other values. */
  promising(wasmFunction: unknown): (...args: unknown[]) => Promise<unknown>;
  validate(bytes: BufferSource, options?: CompileOptions): boolean;
  compile(bytes: BufferSource, options?: CompileOptions): Promise<Module>;
  instantiate(bytes: BufferSource, importObject?: object, options?: CompileOptions): Promise<InstantiatedSource>;
  instantiate(module: Module, importObject?: object): Promise<Instance>;
  /** Takes a `Response` or a promise of one; only where the host has responses. */
  compileStreaming(source: unknown, options?: CompileOptions): Promise<Module>;
  /** Takes a `Response` or a promise of one; only where the host has responses. */
  instantiateStreaming(source: unknown, importObject?: object, options?: CompileOptions): Promise<InstantiatedSource>;
}
