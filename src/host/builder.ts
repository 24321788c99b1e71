// Takes functions and definitions of the host, gives a host module (specification: 4.7.1 Allocation).
import type { Global, Tag } from "../api/global.ts";
import type {
  GlobalConfig,
  HostArguments,
  HostFunctionType,
  HostModuleBuilder,
  HostReturn,
  MemoryConfig,
  TableConfig,
  TagConfig,
} from "../api/host.ts";
import type { Memory } from "../api/memory.ts";
import type { Module } from "../api/module.ts";
import type { Table } from "../api/table.ts";
import type { ValueOf, ValueType, WasmValue } from "../api/value.ts";
import { type Extern, isExtern } from "../instance/extern.ts";
import { FunctionInstance } from "../instance/function.ts";
import { GlobalInstance } from "../instance/global.ts";
import { MemoryInstance, type MemoryLimits } from "../instance/memory.ts";
import { matchesRef } from "../instance/reference.ts";
import type { Scope } from "../instance/store-module.ts";
import { TableInstance } from "../instance/table.ts";
import { TagInstance } from "../instance/tag.ts";
import { defaultValue, describeValue, matchesType, mismatch } from "../instance/value.ts";
import { parseFuncType, parseRefType, parseValueType } from "../instance/value-type.ts";
import { HostModule } from "./host-module.ts";
import { flagOf, limitsOf, memoryTypeOf } from "./limits.ts";

/** What a builder needs of its runtime. */
export interface HostRegistry {
  readonly memoryLimits: MemoryLimits;
  readonly scope: Scope;
  /** Throws a LinkError where the module's name is taken. */
  register(module: HostModule): void;
}

/** Collects definitions; each `instantiate` makes them anew. */
export class Builder implements HostModuleBuilder {
  readonly #name: string;
  readonly #registry: HostRegistry;
  readonly #parts = new Map<string, (home: HostModule, functionIndex: number) => Extern>();

  constructor(name: string, registry: HostRegistry) {
    if (typeof name !== "string") throw new TypeError(`a module's name is a string, got ${describeValue(name)}`);
    this.#name = name;
    this.#registry = registry;
  }

  function<const P extends readonly ValueType[] = readonly [], const R extends readonly ValueType[] = readonly []>(
    name: string,
    type: HostFunctionType<P, R>,
    run: (...args: HostArguments<P>) => HostReturn<R>,
  ): this {
    return this.#addFunction(name, type, run as (...args: never[]) => unknown, false);
  }

  functionWithModule<
    const P extends readonly ValueType[] = readonly [],
    const R extends readonly ValueType[] = readonly [],
  >(
    name: string,
    type: HostFunctionType<P, R>,
    run: (caller: Module, ...args: HostArguments<P>) => HostReturn<R>,
  ): this {
    return this.#addFunction(name, type, run as (...args: never[]) => unknown, true);
  }

  memory(name: string, memory: MemoryConfig | Memory): this {
    if (isExtern(memory)) return this.#addExisting(name, memory, MemoryInstance, "memory");
    const config = memory as MemoryConfig;
    const type = memoryTypeOf(config);
    return this.#add(name, () => new MemoryInstance(type, { ...this.#registry.memoryLimits }, config.buffer));
  }

  table(name: string, table: TableConfig | Table, init: WasmValue = null): this {
    if (isExtern(table)) return this.#addExisting(name, table, TableInstance, "table");
    const config = table as TableConfig;
    const element = parseRefType(config.type);
    if (!matchesRef(element, init)) throw new TypeError(`table "${name}" holds ${mismatch(element, init)}`);
    const type = { element, limits: limitsOf(config), index64: flagOf("index64", config.index64) };
    return this.#add(name, () => new TableInstance(type, init));
  }

  global<const T extends ValueType>(name: string, global: GlobalConfig<T> | Global, value?: ValueOf<T>): this {
    if (isExtern(global)) return this.#addExisting(name, global, GlobalInstance, "global");
    const config = global as GlobalConfig;
    const type = { type: parseValueType(config.type), mutable: flagOf("mutable", config.mutable) };
    const initial = value === undefined ? defaultValue(type.type) : value;
    if (!matchesType(type.type, initial))
      throw new TypeError(`global "${name}" is of type ${mismatch(type.type, initial)}`);
    return this.#add(name, () => GlobalInstance.of(type, initial));
  }

  tag(name: string, tag: TagConfig | Tag): this {
    if (isExtern(tag)) return this.#addExisting(name, tag, TagInstance, "tag");
    const type = parseFuncType(tag.params, []);
    return this.#add(name, () => new TagInstance(type));
  }

  instantiate(): Module {
    const module = new HostModule(this.#name, this.#registry.scope);
    let functionIndex = 0;
    for (const [name, make] of this.#parts) {
      const extern = make(module, functionIndex);
      if (extern instanceof FunctionInstance) functionIndex++;
      module.add(name, extern);
    }
    this.#registry.register(module);
    return module;
  }

  #addFunction(
    name: string,
    { params = [], results = [], ...rest }: { params?: readonly ValueType[]; results?: readonly ValueType[] },
    run: (...args: never[]) => unknown,
    withModule: boolean,
  ): this {
    if (typeof run !== "function") throw new TypeError(`${this.#label(name)} needs a JavaScript function`);
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined)
      throw new TypeError(`${this.#label(name)} has a type of params and results, not ${unknown}`);
    const type = parseFuncType(params, results);
    const label = this.#label(name);
    return this.#add(
      name,
      (home, index) => new FunctionInstance(type, null, index, { withModule, waits: true, run, label, name, home }),
    );
  }

  #addExisting(name: string, extern: Extern, kind: abstract new (...args: never[]) => Extern, noun: string): this {
    if (!(extern instanceof kind)) throw new TypeError(`${this.#label(name)} is not a ${noun}`);
    return this.#add(name, () => extern);
  }

  #add(name: string, make: (home: HostModule, functionIndex: number) => Extern): this {
    if (typeof name !== "string") throw new TypeError("an export name is a string");
    if (this.#parts.has(name)) throw new TypeError(`host module "${this.#name}" already exports "${name}"`);
    this.#parts.set(name, make);
    return this;
  }

  #label(name: string): string {
    return this.#name === "" ? name : `${this.#name}.${name}`;
  }
}
