// Takes the bytes of a module, gives what can be known of it without running or validating it: plain data, ready for JSON.
import { InvalidError } from "./api/errors.ts";
import { decode } from "./binary/decode.ts";
import { decodeNames } from "./binary/names.ts";
import { decodeProducers, type Producers } from "./binary/producers.ts";
import { countEntries, listSections } from "./binary/sections.ts";
import type { Feature } from "./syntax/features.ts";
import {
  ExternKind,
  type ExternType,
  externNouns,
  type GlobalType,
  type MemoryType,
  type Module,
  type TableType,
} from "./syntax/module.ts";
import { defType, typeName } from "./syntax/types.ts";
import { featuresUsed } from "./valid/features-used.ts";

/** The type of an import or export, with its index among its kind. */
export type ExternFacts =
  | {
      readonly kind: "function";
      readonly index: number;
      readonly params: readonly string[];
      readonly results: readonly string[];
    }
  | ({ readonly kind: "table" } & TableFacts)
  | ({ readonly kind: "memory" } & MemoryFacts)
  | ({ readonly kind: "global" } & GlobalFacts)
  | { readonly kind: "tag"; readonly index: number; readonly params: readonly string[] };

export interface TableFacts {
  readonly index: number;
  readonly type: string;
  readonly min: number;
  readonly max: number | undefined;
  readonly index64: boolean;
}

export interface MemoryFacts {
  readonly index: number;
  /** In pages. */
  readonly min: number;
  readonly max: number | undefined;
  readonly pageBytes: number;
  readonly shared: boolean;
  readonly index64: boolean;
}

export interface GlobalFacts {
  readonly index: number;
  readonly type: string;
  readonly mutable: boolean;
}

export interface SectionFacts {
  /** The specification's name; "custom" for custom ones. */
  readonly section: string;
  /** Of a custom section. */
  readonly name?: string;
  /** Where the contents start. */
  readonly offset: number;
  /** Of the contents. */
  readonly byteLength: number;
  /** Entries, where the section is a list. */
  readonly count?: number;
}

/** How many of a kind there are. */
export interface Counts {
  readonly imported: number;
  readonly defined: number;
}

/** What `inspect` tells. */
export interface Inspection {
  /** From the name section. */
  readonly name: string | undefined;
  readonly byteLength: number;
  readonly features: readonly Feature[];
  readonly imports: readonly ({ readonly module: string; readonly name: string } & ExternFacts)[];
  readonly exports: readonly ({ readonly name: string } & ExternFacts)[];
  readonly functions: Counts;
  readonly tables: readonly TableFacts[];
  readonly memories: readonly MemoryFacts[];
  readonly globals: readonly GlobalFacts[];
  readonly tags: number;
  /** Index of the start function. */
  readonly start: number | undefined;
  readonly sections: readonly SectionFacts[];
  readonly producers: Producers;
}

const sectionNames = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
];

/** Looks into a module. Throws a MalformedError or InvalidError where it cannot be decoded; it need not be valid otherwise. */
export function inspect(binary: Uint8Array): Inspection {
  const module = decode(binary);
  const { importedFunctions, functions, tables, memories, globals, tags, start } = module;
  return {
    name: decodeNames(module).module,
    byteLength: binary.length,
    features: featuresUsed(module),
    imports: importsOf(module),
    exports: module.exports.map(({ name, kind, index, position }) => ({
      name,
      ...externFacts(externAt(module, kind, index, position), index),
    })),
    functions: { imported: importedFunctions, defined: functions.length - importedFunctions },
    tables: tables.map(({ type }, index) => tableFacts(type, index)),
    memories: memories.map(memoryFacts),
    globals: globals.map(({ type }, index) => globalFacts(type, index)),
    tags: tags.length,
    start,
    sections: sectionsOf(module),
    producers: decodeProducers(module),
  };
}

function importsOf({ imports }: Module): Inspection["imports"] {
  const counts = [0, 0, 0, 0, 0];
  return imports.map(({ module, name, extern }) => ({ module, name, ...externFacts(extern, counts[extern.kind]++) }));
}

function externAt(module: Module, kind: ExternKind, index: number, position: number): ExternType {
  const { types, functions, tables, memories, globals, tags } = module;
  const spaces = {
    [ExternKind.Func]: functions,
    [ExternKind.Table]: tables,
    [ExternKind.Memory]: memories,
    [ExternKind.Global]: globals,
    [ExternKind.Tag]: tags,
  };
  if (index >= spaces[kind].length) throw new InvalidError(`unknown ${externNouns[kind]} ${index}`, position);
  switch (kind) {
    case ExternKind.Func:
      return { kind, type: types[functions[index]].id };
    case ExternKind.Table:
      return { kind, type: tables[index].type };
    case ExternKind.Memory:
      return { kind, type: memories[index] };
    case ExternKind.Global:
      return { kind, type: globals[index].type };
    case ExternKind.Tag:
      return { kind, type: tags[index] };
  }
}

function externFacts(extern: ExternType, index: number): ExternFacts {
  switch (extern.kind) {
    case ExternKind.Func: {
      const { params, results } = defType(extern.type);
      return { kind: "function", index, params: params.map(typeName), results: results.map(typeName) };
    }
    case ExternKind.Table:
      return { kind: "table", ...tableFacts(extern.type, index) };
    case ExternKind.Memory:
      return { kind: "memory", ...memoryFacts(extern.type, index) };
    case ExternKind.Global:
      return { kind: "global", ...globalFacts(extern.type, index) };
    case ExternKind.Tag:
      return { kind: "tag", index, params: defType(extern.type).params.map(typeName) };
  }
}

function tableFacts({ limits, element, index64 }: TableType, index: number): TableFacts {
  return { index, type: typeName(element), min: limits.min, max: limits.max, index64 };
}

function memoryFacts({ limits, pageSizeLog2, shared, index64 }: MemoryType, index: number): MemoryFacts {
  return { index, min: limits.min, max: limits.max, pageBytes: 2 ** pageSizeLog2, shared, index64 };
}

function globalFacts({ type, mutable }: GlobalType, index: number): GlobalFacts {
  return { index, type: typeName(type), mutable };
}

function sectionsOf({ bytes, customSections }: Module): readonly SectionFacts[] {
  let custom = 0;
  return listSections(bytes).map((range) => {
    const { id, start: offset, byteLength } = range;
    const section = sectionNames[id];
    if (section === "custom") return { section, name: customSections[custom++].name, offset, byteLength };
    const isList = section !== "start" && section !== "data count";
    return { section, offset, byteLength, ...(isList ? { count: countEntries(bytes, range) } : {}) };
  });
}
