// A sandbox: the memories, globals, tables and functions of one instantiated module (specification: 4.2.6 Module instances).
import type { ExportedFunction, FunctionDefinition } from "./function.ts";
import type { Global, Tag } from "./global.ts";
import type { Memory } from "./memory.ts";
import type { System } from "./system.ts";
import type { Table } from "./table.ts";
import type { ValueType } from "./value.ts";

/** An instance of a compiled module, or a host module. */
export interface Module {
  /** Unique in its runtime; "" where it is anonymous. */
  readonly name: string;
  /** The memory exported as "memory", else the first one the module has. */
  readonly memory: Memory | undefined;
  readonly closed: boolean;
  /** What the module was closed with; 0 while it is open. */
  readonly exitCode: number;
  /** Names of all exports, in order. */
  readonly exportNames: readonly string[];
  /** What the module was given of a system, for host modules such as WASI; no guest can reach it otherwise. */
  readonly system: System;
  /**
   * What the module's code may still do, of a runtime with `metering`; undefined where there is no end to it. A host may set it, at any time.
   * A call of a function takes the number of its instructions outside of loops, a turn of a loop that of its own.
   */
  fuel: bigint | undefined;
  /** Milliseconds that the call from the host that runs has left before its deadline, infinite without one: for host functions that take long. */
  readonly timeLeft: number;
  /** Undefined where the module has no export of that name, or one of another kind; so with the others. */
  exportedFunction(name: string): ExportedFunction | undefined;
  exportedMemory(name: string): Memory | undefined;
  exportedTable(name: string): Table | undefined;
  exportedGlobal(name: string): Global | undefined;
  exportedTag(name: string): Tag | undefined;
  /**
   * Closes the module: a running guest is unwound with an ExitError at its next return from the host, one that waits for a promise of the host
   * at once; later calls throw one. Default: exit code 0.
   */
  close(exitCode?: number): void;
  /** Calls `listener` once, when the module closes: the place to free what a host keeps for it. */
  onClose(listener: (exitCode: number) => void): void;
}

/** The type of an import or export. Limits count pages of a memory, elements of a table. */
export type ExternDefinition =
  | ({ readonly kind: "function" } & FunctionDefinition)
  | {
      readonly kind: "memory";
      readonly min: number;
      readonly max: number | undefined;
      readonly shared: boolean;
      readonly index64: boolean;
    }
  | {
      readonly kind: "table";
      readonly type: ValueType;
      readonly min: number;
      readonly max: number | undefined;
      readonly index64: boolean;
    }
  | { readonly kind: "global"; readonly type: ValueType; readonly mutable: boolean }
  | { readonly kind: "tag"; readonly params: readonly ValueType[] };

/** An import a module asks for. */
export type ImportDefinition = { readonly module: string; readonly name: string; readonly extern: ExternDefinition };

/** An export a module offers. */
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
