// Takes the name section, gives the identifiers that stand for indices (specification: A.6.2 Name annotations, A.6.1 Name section).
import { type NameMap, type NameSection, readNameSection } from "../../binary/name-section.ts";
import type { CustomSection, Module } from "../../syntax/module.ts";
import { CompositeKind } from "../../syntax/types.ts";
import { identifier, quoted } from "./literals.ts";

/** The identifiers of one index space. */
export class Space {
  private readonly ids = new Map<number, string>();
  private readonly annotations = new Map<number, string>();

  /**
   * Two of the `count` entries of a space cannot have one identifier: the second gets a number, and its name as an annotation where those can
   * stand. Names of entries that do not exist are left out.
   */
  constructor(names: NameMap | undefined, count: number, canAnnotate: boolean) {
    if (names === undefined) return;
    const taken = new Set(names.values());
    const seen = new Map<string, number>();
    for (const [index, name] of names) {
      if (index >= count) continue;
      const times = seen.get(name);
      if (name !== "" && times === undefined) {
        seen.set(name, 1);
        this.ids.set(index, identifier(name));
        continue;
      }
      if (canAnnotate) this.annotations.set(index, ` (@name ${quoted(name)})`);
      if (name === "") continue;
      let number = times!;
      while (taken.has(`${name}.${number}`)) number++;
      seen.set(name, number + 1);
      this.ids.set(index, identifier(`${name}.${number}`));
    }
  }

  /** How an instruction names an entry. */
  use(index: number): string {
    return this.ids.get(index) ?? String(index);
  }

  /** What stands where an entry is defined, behind the keyword: its name, or its index for people. */
  definition(index: number): string {
    const annotation = this.annotations.get(index) ?? "";
    return ` ${this.ids.get(index) ?? `(;${index};)`}${annotation}`;
  }

  /** The same where a nameless entry shows no index: parameters, locals and fields. */
  optional(index: number): string {
    const id = this.ids.get(index);
    return id === undefined ? "" : ` ${id}`;
  }
}

/** The identifiers of a space without any. */
export const noNames: Space = new Space(undefined, 0, false);

/** The identifiers of a module. */
export interface Identifiers {
  /** The section that they are read from; it is not printed as a custom section. */
  readonly section: CustomSection | undefined;
  /** ` $name`, or nothing. */
  readonly module: string;
  readonly types: Space;
  readonly functions: Space;
  readonly tables: Space;
  readonly memories: Space;
  readonly globals: Space;
  readonly tags: Space;
  readonly elements: Space;
  readonly data: Space;
  /** Of a function with `count` parameters and locals. */
  locals(func: number, count: number): Space;
  fields(type: number): Space;
  /** The name of a function's n-th block. */
  label(func: number, block: number): string | undefined;
}

/** The identifiers that a module's name section gives. A section that is malformed or empty gives none. */
export function identifiersOf(module: Module): Identifiers {
  const section = module.customSections.find(({ name }) => name === "name");
  const names = section && readNameSection(module.bytes, section.start, section.end);
  const fields = new Map<number, Space>();
  return {
    section: names && section,
    module: moduleId(names),
    types: new Space(names?.types, module.types.length, true),
    functions: new Space(names?.functions, module.functions.length, true),
    tables: new Space(names?.tables, module.tables.length, true),
    memories: new Space(names?.memories, module.memories.length, true),
    globals: new Space(names?.globals, module.globals.length, true),
    tags: new Space(names?.tags, module.tags.length, true),
    elements: new Space(names?.elements, module.elements.length, true),
    data: new Space(names?.data, module.dataSegments.length, true),
    locals: (func, count) => spaceOf(names?.locals.get(func), count),
    fields: (type) => {
      let space = fields.get(type);
      if (space === undefined) fields.set(type, (space = spaceOf(names?.fields.get(type), fieldCount(module, type))));
      return space;
    },
    label: (func, block) => names?.labels.get(func)?.get(block),
  };
}

function moduleId(names: NameSection | undefined): string {
  const name = names?.module;
  if (name === undefined) return "";
  return name === "" ? ' (@name "")' : ` ${identifier(name)}`;
}

function spaceOf(names: NameMap | undefined, count: number): Space {
  return names === undefined ? noNames : new Space(names, count, false);
}

// An array's only field has no name.
function fieldCount({ types }: Module, type: number): number {
  return types[type]?.kind === CompositeKind.Struct ? types[type].fields.length : 0;
}
