// What every module of a store has in common: a name, exports by name, and a life that ends (specification: 4.2.6 Module instances).
import type { ExportedFunction } from "../api/function.ts";
import type { Global, Tag } from "../api/global.ts";
import type { Memory } from "../api/memory.ts";
import type { Module } from "../api/module.ts";
import type { System } from "../api/system.ts";
import type { Table } from "../api/table.ts";
import { Closing } from "./closing.ts";
import type { Extern } from "./extern.ts";
import { FunctionInstance } from "./function.ts";
import { GlobalInstance } from "./global.ts";
import { MemoryInstance } from "./memory.ts";
import { notMetered, timeLeft } from "./meter.ts";
import { TableInstance } from "./table.ts";
import { TagInstance } from "./tag.ts";

/** What modules live in: when it closes, they are closed. */
export interface Scope {
  readonly closed: boolean;
  readonly exitCode: number;
  /** Sees to it that the module's listeners hear of the scope's close; gives what to call once the module has closed itself. */
  watch(module: StoreModule): () => void;
}

/** The scope of modules that only their own `close` ends. */
export const endless: Scope = { closed: false, exitCode: 0, watch: () => () => {} };

/** A module that other modules of its store can import from. */
export abstract class StoreModule implements Module {
  readonly name: string;
  readonly system: System;
  readonly #scope: Scope;
  #closed = false;
  #exitCode = 0;
  // Most modules have no listeners: they cost nothing.
  #closing: Closing | undefined;

  constructor(name: string, system: System, scope: Scope) {
    this.name = name;
    this.system = system;
    this.#scope = scope;
  }

  /** The export of a name, whatever its kind. */
  abstract extern(name: string): Extern | undefined;
  abstract get exportNames(): readonly string[];
  abstract get memory(): Memory | undefined;

  get fuel(): bigint | undefined {
    return undefined;
  }

  set fuel(_fuel: bigint | undefined) {
    throw notMetered();
  }

  get timeLeft(): number {
    return timeLeft();
  }

  get closed(): boolean {
    return this.#closed || this.#scope.closed;
  }

  get exitCode(): number {
    return this.#closed ? this.#exitCode : this.#scope.exitCode;
  }

  exportedFunction(name: string): ExportedFunction | undefined {
    return this.#exported(name, FunctionInstance);
  }

  exportedMemory(name: string): Memory | undefined {
    return this.#exported(name, MemoryInstance);
  }

  exportedTable(name: string): Table | undefined {
    return this.#exported(name, TableInstance);
  }

  exportedGlobal(name: string): Global | undefined {
    return this.#exported(name, GlobalInstance);
  }

  exportedTag(name: string): Tag | undefined {
    return this.#exported(name, TagInstance);
  }

  #exported<T>(name: string, kind: abstract new (...args: never[]) => T): T | undefined {
    const found = this.extern(name);
    return found instanceof kind ? found : undefined;
  }

  onClose(listener: (exitCode: number) => void): void {
    if (this.closed) {
      listener(this.exitCode);
      return;
    }
    if (this.#closing === undefined) {
      this.#closing = new Closing();
      this.#closing.listen(this.#scope.watch(this));
    }
    this.#closing.listen(listener);
  }

  /** Takes back what `onClose` was given. */
  offClose(listener: (exitCode: number) => void): void {
    this.#closing?.forget(listener);
  }

  close(exitCode = 0): void {
    if (this.closed) return;
    this.#closed = true;
    this.#exitCode = exitCode;
    this.#closing?.tell(exitCode);
  }
}
