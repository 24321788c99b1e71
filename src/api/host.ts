// Host modules: functions, memories, tables, globals and tags that a host offers to guests (specification: 4.7.1 Allocation).
import type { Global, Tag } from "./global.ts";
import type { Memory } from "./memory.ts";
import type { Module } from "./module.ts";
import type { Table } from "./table.ts";
import type { ValueOf, ValueType, WasmValue } from "./value.ts";

/** Types of a host function; what is absent is empty. */
export interface HostFunctionType<P extends readonly ValueType[], R extends readonly ValueType[]> {
  readonly params?: P;
  readonly results?: R;
}

/** The arguments a host function is called with. */
export type HostArguments<P extends readonly ValueType[]> = number extends P["length"]
  ? never[]
  : { -readonly [K in keyof P]: ValueOf<P[K]> };

/** What a host function gives: anything where it has no result, its one result, or an array of several; or a promise of that. */
export type HostResult<R extends readonly ValueType[]> = number extends R["length"]
  ? unknown
  : R extends readonly []
    ? unknown
    : R extends readonly [infer One extends ValueType]
      ? ValueOf<One> | PromiseLike<ValueOf<One>>
      : HostResults<R> | PromiseLike<HostResults<R>>;

/** `HostResult`, where the impossible `[never]` makes the compiler take a list of several results for a tuple. */
export type HostReturn<R extends readonly ValueType[]> = HostResult<R> | [never];

type HostResults<R extends readonly ValueType[]> = { readonly [K in keyof R]: ValueOf<R[K]> };

/** Limits of a memory in pages, or of a table in elements. */
export interface LimitsConfig {
  readonly min: number;
  /** Default: none. */
  readonly max?: number | undefined;
  /** Addresses are 64 bits wide. Default: false. */
  readonly index64?: boolean | undefined;
}

/** A memory to be made. */
export interface MemoryConfig extends LimitsConfig {
  /** Whether threads may share it. It then has a maximum. Default: false. */
  readonly shared?: boolean | undefined;
  /** The `buffer` of another shared memory of the same type, from whichever thread: this becomes the same memory. */
  readonly buffer?: SharedArrayBuffer | undefined;
}

/** A table to be made. */
export interface TableConfig extends LimitsConfig {
  /** A reference type. */
  readonly type: ValueType;
}

/** A global to be made. */
export interface GlobalConfig<T extends ValueType = ValueType> {
  readonly type: T;
  /** Default: false. */
  readonly mutable?: boolean | undefined;
}

/** A tag to be made. */
export interface TagConfig {
  readonly params: readonly ValueType[];
}

/**
 * Something of the host's that is imported by name: a plain function takes the type of the import, a number, bigint or
 * other value becomes a constant global; a function, memory, table, global or tag of a module is imported itself.
 */
export type HostValue = ((...args: never[]) => unknown) | Memory | Table | Global | Tag | WasmValue;

/** Collects what a host module exports. Export names are taken once. */
export interface HostModuleBuilder {
  /** Adds a function. What it throws passes through the guest to the caller; a promise suspends a guest called by `callAsync`. */
  function<const P extends readonly ValueType[] = readonly [], const R extends readonly ValueType[] = readonly []>(
    name: string,
    type: HostFunctionType<P, R>,
    run: (...args: HostArguments<P>) => HostReturn<R>,
  ): this;
  /** As `function`; the module whose code calls comes first. */
  functionWithModule<
    const P extends readonly ValueType[] = readonly [],
    const R extends readonly ValueType[] = readonly [],
  >(
    name: string,
    type: HostFunctionType<P, R>,
    run: (caller: Module, ...args: HostArguments<P>) => HostReturn<R>,
  ): this;
  /** Adds a new memory, or one that exists. */
  memory(name: string, memory: MemoryConfig | Memory): this;
  /** Adds a new table filled with `init` (default: null), or one that exists. */
  table(name: string, table: TableConfig | Table, init?: WasmValue): this;
  /** Adds a new global with a value (default: zero or null), or one that exists. */
  global<const T extends ValueType>(name: string, global: GlobalConfig<T> | Global, value?: ValueOf<T>): this;
  /** Adds a new tag, or one that exists. */
  tag(name: string, tag: TagConfig | Tag): this;
  /**
   * Makes the module and registers it under the builder's name.
   * @throws LinkError where the name is taken.
   */
  instantiate(): Module;
}

/** What host modules such as WASI need of a runtime. */
export interface HostRuntime {
  hostModule(name: string): HostModuleBuilder;
}

/** Imports by module and name; a module gives all its exports. Only own properties count. */
export type Imports = Readonly<Record<string, Readonly<Record<string, HostValue>> | Module>>;
