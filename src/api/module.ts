// A sandbox: the memories, globals, tables and functions of one instantiated module (specification: 4.2.5 Module instances).
import type { ExportedFunction, FunctionDefinition } from "./function.ts";
import type { Global, Tag } from "./global.ts";
import type { Memory } from "./memory.ts";
import type { Table } from "./table.ts";
import type { ValueType } from "./value.ts";

/** An instance of a compiled module, or a host module. */
export interface Module {
  /** Unique in its runtime; "" where it is anonymous. */
  readonly name: string;
  /** The memory exported as "memory", else the first one the module has. */
  readonly memory: Memory | undefined;
  readonly closed: boolean;
  /** Names of all exports, in order. */
  readonly exportNames: readonly string[];
  exportedFunction(name: string): ExportedFunction | undefined;
  exportedMemory(name: string): Memory | undefined;
  exportedTable(name: string): Table | undefined;
  exportedGlobal(name: string): Global | undefined;
  exportedTag(name: string): Tag | undefined;
  /** Closes the module: a running guest is unwound with an ExitError at its next return from the host, later calls throw one. */
  close(exitCode?: number): void;
}

export type ExternDefinition =
  | ({ readonly kind: "function" } & FunctionDefinition)
  | { readonly kind: "memory"; readonly min: number; readonly max: number | undefined; readonly shared: boolean; readonly index64: boolean }
  | { readonly kind: "table"; readonly type: ValueType; readonly min: number; readonly max: number | undefined; readonly index64: boolean }
  | { readonly kind: "global"; readonly type: ValueType; readonly mutable: boolean }
  | { readonly kind: "tag"; readonly params: readonly ValueType[] };

export type ImportDefinition = { readonly module: string; readonly name: string } & { readonly extern: ExternDefinition };
export type ExportDefinition = { readonly name: string; readonly extern: ExternDefinition };

/** A validated module, ready to be instantiated any number of times. */
export interface CompiledModule {
  /** From the name section, else "". */
  readonly name: string;
  readonly imports: readonly ImportDefinition[];
  readonly exports: readonly ExportDefinition[];
  /** Contents of the custom sections of that name (with `customSections` in the runtime's configuration). */
  customSections(name: string): readonly Uint8Array[];
  /** Drops the engine's code for it; instances live on. */
  close(): void;
}
