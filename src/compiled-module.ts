// A compiled module as users see it: its definitions, and what it takes to make instances.
import type { CompiledModule, ExportDefinition, ExternDefinition, ImportDefinition } from "./api/module.ts";
import { decodeNames, type Names } from "./binary/names.ts";
import type { Engine, EngineCode } from "./instance/engine.ts";
import { externDefinition } from "./instance/extern.ts";
import { PreparedModule } from "./instance/prepared-module.ts";
import { ExternKind, type ValidatedModule } from "./syntax/module.ts";

const noNames: Names = { module: undefined, functions: new Map(), locals: new Map() };

/** What is kept of a module beside its code. */
export interface KeepOptions {
  readonly debugInfo: boolean;
  readonly customSections: boolean;
}

/** A compiled module. */
export class Compiled implements CompiledModule {
  readonly prepared: PreparedModule;
  readonly #module: ValidatedModule;
  readonly #keep: KeepOptions;
  #names: Names | undefined;
  #imports: readonly ImportDefinition[] | undefined;
  #exports: readonly ExportDefinition[] | undefined;
  #closed = false;

  constructor(module: ValidatedModule, engine: Engine, code: EngineCode, keep: KeepOptions) {
    this.#module = module;
    this.#keep = keep;
    this.prepared = new PreparedModule(module, engine, code, () => this.#readNames());
  }

  get name(): string {
    return this.#readNames().module ?? "";
  }

  get closed(): boolean {
    return this.#closed;
  }

  get imports(): readonly ImportDefinition[] {
    this.#imports ??= this.#defineImports();
    return this.#imports;
  }

  get exports(): readonly ExportDefinition[] {
    this.#exports ??= this.#module.exports.map(({ name, kind, index }) => ({
      name,
      extern: this.#define(kind, index),
    }));
    return this.#exports;
  }

  customSections(name: string): readonly Uint8Array[] {
    if (!this.#keep.customSections) return [];
    const { bytes, customSections } = this.#module;
    return customSections.filter((section) => section.name === name).map(({ start, end }) => bytes.slice(start, end));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.prepared.code.close();
  }

  #readNames(): Names {
    this.#names ??= this.#keep.debugInfo ? decodeNames(this.#module) : noNames;
    return this.#names;
  }

  #defineImports(): readonly ImportDefinition[] {
    let functionIndex = 0;
    return this.#module.imports.map(({ module, name, extern }) => {
      const isFunction = extern.kind === ExternKind.Func;
      return {
        module,
        name,
        extern: isFunction ? this.#define(ExternKind.Func, functionIndex++) : externDefinition(extern),
      };
    });
  }

  #define(kind: ExternKind, index: number): ExternDefinition {
    const { tables, memories, globals, tags } = this.#module;
    switch (kind) {
      case ExternKind.Func:
        return { kind: "function", ...this.prepared.functionDefinition(index) };
      case ExternKind.Table:
        return externDefinition({ kind, type: tables[index].type });
      case ExternKind.Memory:
        return externDefinition({ kind, type: memories[index] });
      case ExternKind.Global:
        return externDefinition({ kind, type: globals[index].type });
      case ExternKind.Tag:
        return externDefinition({ kind, type: tags[index] });
    }
  }
}
