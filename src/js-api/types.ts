// The types that programs see: of the namespace, its classes and what its functions take and give (JavaScript API, by the names that hosts have for them).
export type { StoreConfig } from "../embedding.ts";
export type { ErrorClass } from "./errors.ts";

/** Bytes, in a buffer or a view of one. */
export type BufferSource = ArrayBufferView | ArrayBufferLike;

/** What the addresses of a memory or the indices of a table are: `number`, or `bigint` where they have 64 bits. */
export type AddressValue = number | bigint;

export type AddressType = "i32" | "i64";
export type ImportExportKind = "function" | "table" | "memory" | "global" | "tag";
export type NumberType = "i32" | "i64" | "f32" | "f64" | "v128";
export type TableKind =
  | ("anyfunc" | "funcref" | "externref" | "exnref")
  | ("anyref" | "eqref" | "i31ref" | "structref" | "arrayref");
export type ValueType = NumberType | TableKind;

/** The size of a memory, in pages of 64 KiB, or of a table, in elements. */
interface SizeDescriptor {
  /** The size at the beginning. It, or `minimum`, has to be there. */
  readonly initial?: AddressValue | undefined;
  readonly minimum?: AddressValue | undefined;
  readonly maximum?: AddressValue | undefined;
  /** With "i64" sizes are bigints. Default: "i32". */
  readonly address?: AddressType | undefined;
}

export interface MemoryDescriptor extends SizeDescriptor {
  /** A shared memory needs a maximum. Default: false. */
  readonly shared?: boolean | undefined;
}

export interface TableDescriptor extends SizeDescriptor {
  readonly element: TableKind;
}

/** What values of a type are in JavaScript. */
export interface ValueTypeMap extends Record<TableKind | "v128", unknown> {
  i32: number;
  i64: bigint;
  f32: number;
  f64: number;
}

export interface GlobalDescriptor<T extends ValueType = ValueType> {
  readonly value: T;
  /** Default: false. */
  readonly mutable?: boolean | undefined;
}

export interface TagType {
  readonly parameters: Iterable<ValueType>;
}

export interface FunctionType extends TagType {
  readonly results: Iterable<ValueType>;
}

/** What a memory or a table tells of its size. */
export interface SizeType<A extends AddressValue> {
  readonly address: AddressType;
  /** The size it has now. */
  readonly minimum: A;
  readonly maximum?: A;
}

export interface CompileOptions {
  /** Sets of builtins that the module gets without imports; "js-string" is known. */
  readonly builtins?: Iterable<string> | undefined;
  /** The name of a module whose globals are their own names, as strings. */
  readonly importedStringConstants?: string | null | undefined;
}

/** A memory; `Memory<bigint>` has addresses of 64 bits. */
export interface Memory<A extends AddressValue = number> {
  /** The memory's bytes. It is detached, and another one taken, when the memory grows. */
  readonly buffer: ArrayBufferLike;
  /**
   * Grows by a number of pages, and gives the number there were.
   * @throws RangeError past the maximum or a limit.
   */
  grow(delta: A): A;
  /** Only where the host's buffers can grow. */
  toFixedLengthBuffer?(): ArrayBufferLike;
  /** Only where the host's buffers can grow. */
  toResizableBuffer?(): ArrayBufferLike;
  type(): SizeType<A> & { readonly shared: boolean };
}

/** A table; `Table<bigint>` has indices of 64 bits. */
export interface Table<A extends AddressValue = number> {
  readonly length: A;
  /** @throws RangeError for an index that is not in the table. */
  get(index: A): unknown;
  /**
   * @throws RangeError for an index that is not in the table.
   * @throws TypeError for a value of the wrong type.
   */
  set(index: A, value?: unknown): void;
  /**
   * Grows by a number of elements, and gives the number there were.
   * @throws RangeError past the maximum or a limit.
   */
  grow(delta: A, value?: unknown): A;
  type(): SizeType<A> & { readonly element: string };
}

export interface Global<T extends ValueType = ValueType> {
  /** What it is set to is converted. @throws TypeError for an immutable one. */
  value: ValueTypeMap[T];
  valueOf(): ValueTypeMap[T];
  type(): { readonly value: string; readonly mutable: boolean };
}

export interface Tag {
  type(): { readonly parameters: string[] };
}

export interface Exception {
  /** Only where `traceStack` asked for it. */
  readonly stack: string | undefined;
  is(exceptionTag: Tag): boolean;
  /**
   * One of the values that it was thrown with.
   * @throws TypeError for another tag than its own.
   */
  getArg(exceptionTag: Tag, index: number): unknown;
}

export interface ExceptionOptions {
  readonly traceStack?: boolean | undefined;
}

/** What a `Suspending` of a function is: to be imported in its place. */
export interface Suspending {
  readonly [Symbol.toStringTag]: string;
}

export interface Module {
  readonly [Symbol.toStringTag]: string;
}

/** A function of a guest, as JavaScript calls it. */
export type ExportedFunction = (...args: unknown[]) => unknown;
export type ExportValue = ExportedFunction | Memory | Memory<bigint> | Table | Table<bigint> | Global | Tag;
export type Exports = Readonly<Record<string, ExportValue>>;
export type ModuleImports = Record<string, unknown>;
/** By the names of module and import: functions, objects of the namespace, and numbers, bigints or other values for globals. */
export type Imports = Record<string, ModuleImports>;

export interface Instance {
  readonly exports: Exports;
}

/** A module with an instance of it. */
export interface InstantiatedSource {
  readonly module: Module;
  readonly instance: Instance;
}

export interface ModuleExportDescriptor {
  readonly name: string;
  readonly kind: ImportExportKind;
}

export interface ModuleImportDescriptor extends ModuleExportDescriptor {
  readonly module: string;
}
