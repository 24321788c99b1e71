// Takes the name section, gives the names of the module, its functions and their locals (specification: A.6.1 Name section).
import { MalformedError } from "../api/errors.ts";
import type { Module } from "../syntax/module.ts";
import { readNameMap, readNameMaps } from "./name-section.ts";
import { Reader } from "./reader.ts";

/** The names a producer left for people. Nothing depends on them. */
export interface Names {
  readonly module: string | undefined;
  readonly functions: ReadonlyMap<number, string>;
  /** Function index → local index → name. */
  readonly locals: ReadonlyMap<number, ReadonlyMap<number, string>>;
}

const enum Subsection {
  Module = 0,
  Functions = 1,
  Locals = 2,
}

interface OpenNames {
  module: string | undefined;
  readonly functions: Map<number, string>;
  readonly locals: Map<number, Map<number, string>>;
}

/** Decodes the name section, if there is one. A malformed section is no error: what comes before the mistake counts. */
export function decodeNames({ bytes, customSections }: Module): Names {
  const names: OpenNames = { module: undefined, functions: new Map(), locals: new Map() };
  const section = customSections.find(({ name }) => name === "name");
  if (section === undefined) return names;
  try {
    const reader = new Reader(bytes, section.start, section.end);
    while (reader.pos < section.end) {
      const id = reader.byte();
      const byteLength = reader.byteLength();
      reader.end = reader.pos + byteLength;
      readSubsection(reader, id, names);
      reader.pos = reader.end;
      reader.end = section.end;
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return names;
}

function readSubsection(reader: Reader, id: Subsection, names: OpenNames): void {
  switch (id) {
    case Subsection.Module:
      names.module = reader.name();
      return;
    case Subsection.Functions:
      readNameMap(reader, names.functions);
      return;
    case Subsection.Locals:
      readNameMaps(reader, names.locals);
  }
}
