// What all instances of one module share: its engine's code, its names, its exports by name (specification: 4.2.6 Module instances).
import type { FunctionDefinition } from "../api/function.ts";
import { type Export, ExternKind, type ValidatedModule } from "../syntax/module.ts";
import type { Engine, EngineCode } from "./engine.ts";
import { functionTypeOf } from "./value-type.ts";

/** Where names for people come from: the name section. */
export interface DebugNames {
  readonly module: string | undefined;
  readonly functions: ReadonlyMap<number, string>;
}

/** A module that an engine has taken in. Maps are made when first asked for: most modules are never searched. */
export class PreparedModule {
  readonly module: ValidatedModule;
  readonly engine: Engine;
  readonly code: EngineCode;
  readonly #readNames: () => DebugNames;
  #names: DebugNames | undefined;
  #exports: ReadonlyMap<string, Export> | undefined;
  #functionExports: ReadonlyMap<number, readonly string[]> | undefined;
  readonly #definitions = new Map<number, FunctionDefinition>();

  constructor(module: ValidatedModule, engine: Engine, code: EngineCode, readNames: () => DebugNames) {
    this.module = module;
    this.engine = engine;
    this.code = code;
    this.#readNames = readNames;
  }

  /** The export of a name. */
  exportOf(name: string): Export | undefined {
    this.#exports ??= new Map(this.module.exports.map((one) => [one.name, one]));
    return this.#exports.get(name);
  }

  get names(): DebugNames {
    this.#names ??= this.#readNames();
    return this.#names;
  }

  /** From the name section, else an export, else undefined. */
  functionName(index: number): string | undefined {
    return this.names.functions.get(index) ?? this.#exportNames(index)[0];
  }

  functionDefinition(index: number): FunctionDefinition {
    let definition = this.#definitions.get(index);
    if (definition === undefined) {
      const { module } = this;
      const imported = index < module.importedFunctions ? importAt(module, index) : undefined;
      definition = {
        ...functionTypeOf(module.types[module.functions[index]].id),
        name: this.functionName(index) ?? imported?.name ?? "",
        index,
        exportNames: this.#exportNames(index),
        import: imported && { module: imported.module, name: imported.name },
      };
      this.#definitions.set(index, definition);
    }
    return definition;
  }

  #exportNames(index: number): readonly string[] {
    this.#functionExports ??= namesByIndex(this.module.exports);
    return this.#functionExports.get(index) ?? [];
  }
}

function importAt(module: ValidatedModule, functionIndex: number): { module: string; name: string } | undefined {
  let index = 0;
  return module.imports.find(({ extern }) => extern.kind === ExternKind.Func && index++ === functionIndex);
}

function namesByIndex(exports: readonly Export[]): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (const { kind, index, name } of exports) {
    if (kind !== ExternKind.Func) continue;
    const known = names.get(index);
    if (known === undefined) names.set(index, [name]);
    else known.push(name);
  }
  return names;
}
