// Takes the name section, gives all names in it (specification: A.6.1 Name section).
import { MalformedError } from "../api/errors.ts";
import { Reader } from "./reader.ts";

/** Index → name. */
export type NameMap = ReadonlyMap<number, string>;
/** Index of the owner → index → name. */
export type NameMaps = ReadonlyMap<number, NameMap>;

/** The names of a module and of everything in it. */
export interface NameSection {
  readonly module: string | undefined;
  readonly functions: NameMap;
  readonly locals: NameMaps;
  readonly labels: NameMaps;
  readonly types: NameMap;
  readonly tables: NameMap;
  readonly memories: NameMap;
  readonly globals: NameMap;
  readonly elements: NameMap;
  readonly data: NameMap;
  /** Of the fields of structure types. */
  readonly fields: NameMaps;
  readonly tags: NameMap;
}

const enum Subsection {
  Module = 0,
  Functions = 1,
  Locals = 2,
  Labels = 3,
  Types = 4,
  Tables = 5,
  Memories = 6,
  Globals = 7,
  Elements = 8,
  Data = 9,
  Fields = 10,
  Tags = 11,
}

/** Reads a name section. Gives nothing for one that is malformed or holds no subsection; unknown subsections are passed over. */
export function readNameSection(bytes: Uint8Array, start: number, end: number): NameSection | undefined {
  if (start === end) return undefined;
  const plain = new Map<Subsection, NameMap>();
  const nested = new Map<Subsection, NameMaps>();
  let module: string | undefined;
  try {
    const reader = new Reader(bytes, start, end);
    while (reader.pos < end) {
      const id: Subsection = reader.byte();
      const byteLength = reader.byteLength();
      const after = reader.pos + byteLength;
      reader.end = after;
      if (id === Subsection.Module) module = reader.name();
      else if (id === Subsection.Locals || id === Subsection.Labels || id === Subsection.Fields) {
        nested.set(id, readNameMaps(reader));
      } else if (id <= Subsection.Tags) plain.set(id, readNameMap(reader));
      reader.pos = after;
      reader.end = end;
    }
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
  const empty = new Map<number, never>();
  return {
    module,
    functions: plain.get(Subsection.Functions) ?? empty,
    locals: nested.get(Subsection.Locals) ?? empty,
    labels: nested.get(Subsection.Labels) ?? empty,
    types: plain.get(Subsection.Types) ?? empty,
    tables: plain.get(Subsection.Tables) ?? empty,
    memories: plain.get(Subsection.Memories) ?? empty,
    globals: plain.get(Subsection.Globals) ?? empty,
    elements: plain.get(Subsection.Elements) ?? empty,
    data: plain.get(Subsection.Data) ?? empty,
    fields: nested.get(Subsection.Fields) ?? empty,
    tags: plain.get(Subsection.Tags) ?? empty,
  };
}

/** Reads an association of indices with names into a map. */
export function readNameMap(reader: Reader, names: Map<number, string> = new Map()): Map<number, string> {
  for (let count = reader.count(); count > 0; count--) {
    const index = reader.u32();
    names.set(index, reader.name());
  }
  return names;
}

/** Reads an association of indices with such associations into a map. */
export function readNameMaps(
  reader: Reader,
  names: Map<number, Map<number, string>> = new Map(),
): Map<number, Map<number, string>> {
  for (let count = reader.count(); count > 0; count--) {
    const owner = new Map<number, string>();
    names.set(reader.u32(), owner);
    readNameMap(reader, owner);
  }
  return names;
}
