// A module whose exports are made by the host; no code of a guest belongs to it (specification: 4.5.3 Allocation).
import type { ExportedFunction } from "../api/function.ts";
import type { Global, Tag } from "../api/global.ts";
import type { Memory } from "../api/memory.ts";
import type { Module } from "../api/module.ts";
import type { System } from "../api/system.ts";
import type { Table } from "../api/table.ts";
import { Closing } from "../instance/closing.ts";
import type { Extern, Linkable } from "../instance/extern.ts";
import { FunctionInstance } from "../instance/function.ts";
import { GlobalInstance } from "../instance/global.ts";
import { MemoryInstance } from "../instance/memory.ts";
import { TableInstance } from "../instance/table.ts";
import { TagInstance } from "../instance/tag.ts";

export class HostModule implements Module, Linkable {
  readonly name: string;
  readonly system: System = {};
  closed = false;
  exitCode = 0;
  readonly #exports = new Map<string, Extern>();
  readonly #closing = new Closing();

  constructor(name: string) {
    this.name = name;
  }

  /** Exports something. Throws a TypeError where the name is taken. */
  add(name: string, extern: Extern): void {
    if (this.#exports.has(name)) throw new TypeError(`host module "${this.name}" already exports "${name}"`);
    this.#exports.set(name, extern);
  }

  extern(name: string): Extern | undefined {
    return this.#exports.get(name);
  }

  get exportNames(): readonly string[] {
    return [...this.#exports.keys()];
  }

  get memory(): Memory | undefined {
    return (
      this.exportedMemory("memory") ?? [...this.#exports.values()].find((extern) => extern instanceof MemoryInstance)
    );
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
