// The store's instance of one module: what its code can reach (specification: 4.2.6 Module instances).
import type { Memory } from "../api/memory.ts";
import type { System } from "../api/system.ts";
import { ExternKind, hasSharedMemory, type ValidatedModule } from "../syntax/module.ts";
import type { Extern } from "./extern.ts";
import { FunctionInstance } from "./function.ts";
import { GLOBAL_WORDS, type GlobalInstance } from "./global.ts";
import type { MemoryInstance } from "./memory.ts";
import { fuelNumber, type Meter, notMetered } from "./meter.ts";
import type { PreparedModule } from "./prepared-module.ts";
import type { Profiler } from "./profiler.ts";
import { type Scope, StoreModule } from "./store-module.ts";
import type { TableInstance } from "./table.ts";
import type { TagInstance } from "./tag.ts";
import { WaitFunction } from "./wait.ts";

/** Whose instance it is. */
export interface InstanceIdentity {
  readonly name: string;
  readonly system: System;
  readonly scope: Scope;
  /** Where its module is metered. */
  readonly meter: Meter | null;
  /** Where its module is profiled. */
  readonly profiler: Profiler | null;
}

/** An instance of a guest's module. Engines read its fields directly. */
export class ModuleInstance extends StoreModule {
  readonly module: ValidatedModule;
  readonly prepared: PreparedModule;
  readonly memories: MemoryInstance[] = [];
  /** Whether other threads may have one of them. */
  readonly isShared: boolean;
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
  /** Where its module is metered: the fuel. */
  readonly meter: Meter | null;
  /** Where its module is profiled: who hears of it. */
  readonly profiler: Profiler | null;
  /** What the engine attached. */
  engineState: unknown = undefined;
  /** Imported functions, and own ones that were asked for. */
  readonly #functions: (FunctionInstance | undefined)[];

  constructor(
    prepared: PreparedModule,
    { name, system, scope, meter, profiler }: InstanceIdentity,
    importedFunctions: readonly FunctionInstance[],
  ) {
    super(name, system, scope);
    this.meter = meter;
    this.profiler = profiler;
    this.prepared = prepared;
    this.module = prepared.module;
    this.isShared = hasSharedMemory(this.module);
    this.globalWords = new Int32Array(this.module.globals.length * GLOBAL_WORDS);
    this.#functions = new Array(this.module.functions.length);
    for (const [i, f] of importedFunctions.entries()) this.#functions[i] = f;
  }

  /**
   * The function at an index of the module's index space; its object is made when first asked for. A negative index stands
   * for an instruction that waits (see syntax/waits.ts).
   */
  functionAt(index: number): FunctionInstance {
    let f = this.#functions[index];
    if (f === undefined) {
      if (index < 0) return new WaitFunction(this, index);
      const { types, functions } = this.module;
      f = new FunctionInstance(types[functions[index]].id, this, index, null);
      this.#functions[index] = f;
    }
    return f;
  }

  override extern(name: string): Extern | undefined {
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

  functionName(index: number): string | undefined {
    return this.prepared.functionName(index);
  }

  override get fuel(): bigint | undefined {
    const left = this.meter?.fuel;
    return left === undefined ? undefined : BigInt(left);
  }

  override set fuel(fuel: bigint | undefined) {
    if (this.meter === null) throw notMetered();
    this.meter.fuel = fuel === undefined ? undefined : fuelNumber(fuel);
  }

  override get exportNames(): readonly string[] {
    return this.module.exports.map(({ name }) => name);
  }

  override get memory(): Memory | undefined {
    return this.exportedMemory("memory") ?? this.memories[0];
  }

  /** Makes what other threads grew accessible to compiled code. */
  refresh(): void {
    if (this.isShared) for (const memory of this.memories) memory.refresh();
  }
}
