// The store's instance of one module: what its code can reach (specification: 4.2.5 Module instances).
import type { ExportedFunction } from "../api/function.ts";
import type { Global, Tag } from "../api/global.ts";
import type { Memory } from "../api/memory.ts";
import type { Module } from "../api/module.ts";
import type { System } from "../api/system.ts";
import type { Table } from "../api/table.ts";
import { ExternKind, type ValidatedModule } from "../syntax/module.ts";
import { Closing } from "./closing.ts";
import type { Extern, Linkable } from "./extern.ts";
import { FunctionInstance } from "./function.ts";
import { GLOBAL_WORDS, GlobalInstance } from "./global.ts";
import { MemoryInstance } from "./memory.ts";
import type { PreparedModule } from "./prepared-module.ts";
import { TableInstance } from "./table.ts";
import { TagInstance } from "./tag.ts";

export class ModuleInstance implements Module, Linkable {
  readonly name: string;
  readonly module: ValidatedModule;
  readonly prepared: PreparedModule;
  readonly system: System;
  readonly memories: MemoryInstance[] = [];
  readonly tables: TableInstance[] = [];
  /** Index space of globals, imports first. An immutable imported number is also copied into `globalWords`. */
  readonly globals: GlobalInstance[] = [];
  readonly tags: TagInstance[] = [];
  /** The instance's own globals, and copies of imported immutable ones: global `i` at `i * GLOBAL_WORDS`. */
  readonly globalWords: Int32Array;
  /** Data segments; an empty array once dropped. */
  readonly data: Uint8Array[] = [];
  /** Element segments as references; an empty array once dropped. */
  readonly elements: (readonly unknown[])[] = [];
  /** What the engine attached. */
  engineState: unknown = undefined;
  closed = false;
  exitCode = 0;
  /** Imported functions, and own ones that were asked for. */
  readonly #functions: (FunctionInstance | undefined)[];
  readonly #closing = new Closing();

  constructor(prepared: PreparedModule, name: string, system: System, importedFunctions: readonly FunctionInstance[]) {
    this.prepared = prepared;
    this.module = prepared.module;
    this.name = name;
    this.system = system;
    this.globalWords = new Int32Array(this.module.globals.length * GLOBAL_WORDS);
    this.#functions = new Array(this.module.functions.length);
    for (const [i, f] of importedFunctions.entries()) this.#functions[i] = f;
  }

  /** The function at an index of the module's index space; its object is made when first asked for. */
  functionAt(index: number): FunctionInstance {
    let f = this.#functions[index];
    if (f === undefined) {
      const { types, functions } = this.module;
      f = new FunctionInstance(types[functions[index]].id, this, index, null);
      this.#functions[index] = f;
    }
    return f;
  }

  extern(name: string): Extern | undefined {
    const found = this.prepared.exportOf(name);
    if (found === undefined) return undefined;
    switch (found.kind) {
      case ExternKind.Func:
        return this.functionAt(found.index);
      case ExternKind.Table:
        return this.tables[found.index];
      case ExternKind.Memory:
        return this.memories[found.index];
      case ExternKind.Global:
        return this.globals[found.index];
      case ExternKind.Tag:
        return this.tags[found.index];
    }
  }

  get exportNames(): readonly string[] {
    return this.module.exports.map(({ name }) => name);
  }

  get memory(): Memory | undefined {
    return this.exportedMemory("memory") ?? this.memories[0];
  }

  exportedFunction(name: string): ExportedFunction | undefined {
    const found = this.extern(name);
    return found instanceof FunctionInstance ? found : undefined;
  }

  exportedMemory(name: string): Memory | undefined {
    const found = this.extern(name);
    return found instanceof MemoryInstance ? found : undefined;
  }

  exportedTable(name: string): Table | undefined {
    const found = this.extern(name);
    return found instanceof TableInstance ? found : undefined;
  }

  exportedGlobal(name: string): Global | undefined {
    const found = this.extern(name);
    return found instanceof GlobalInstance ? found : undefined;
  }

  exportedTag(name: string): Tag | undefined {
    const found = this.extern(name);
    return found instanceof TagInstance ? found : undefined;
  }

  onClose(listener: (exitCode: number) => void): void {
    if (this.closed) listener(this.exitCode);
    else this.#closing.listen(listener);
  }

  close(exitCode = 0): void {
    if (this.closed) return;
    this.closed = true;
    this.exitCode = exitCode;
    this.#closing.tell(exitCode);
  }
}
