// A compiled module as users see it: its definitions, and what it takes to make instances.
import type { CompiledModule, ExportDefinition, ExternDefinition, ImportDefinition } from "./api/module.ts";
import type { RuntimeSettings } from "./config.ts";
import { customSections } from "./custom-sections.ts";
import { externDefinition } from "./instance/extern.ts";
import type { PreparedModule } from "./instance/prepared-module.ts";
import { ExternKind, type ValidatedModule } from "./syntax/module.ts";

/** A compiled module. */
export class Compiled implements CompiledModule {
  readonly prepared: PreparedModule;
  /** Those of the runtime that compiled it. */
  readonly settings: RuntimeSettings;
  readonly #module: ValidatedModule;
  #imports: readonly ImportDefinition[] | undefined;
  #exports: readonly ExportDefinition[] | undefined;
  #closed = false;

  constructor(prepared: PreparedModule, settings: RuntimeSettings) {
    this.prepared = prepared;
    this.settings = settings;
    this.#module = prepared.module;
  }

  get name(): string {
    return this.prepared.names.module ?? "";
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
    return this.settings.customSections ? customSections(this.#module, name) : [];
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.prepared.code.close();
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
