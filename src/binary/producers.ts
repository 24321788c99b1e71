// Takes the producers section, gives the tools that made the module (tool conventions: Producers section).
import { MalformedError } from "../api/errors.ts";
import type { Module } from "../syntax/module.ts";
import { Reader } from "./reader.ts";

/** A tool or language. */
export interface Producer {
  readonly name: string;
  readonly version: string;
}

/** By field: "language", "processed-by" or "sdk". */
export type Producers = Readonly<Record<string, readonly Producer[]>>;

/** Decodes the producers section, if there is one. A malformed section is no error: what comes before the mistake counts. */
export function decodeProducers({ bytes, customSections }: Module): Producers {
  const fields: [string, Producer[]][] = [];
  const section = customSections.find(({ name }) => name === "producers");
  if (section === undefined) return {};
  const reader = new Reader(bytes, section.start, section.end);
  try {
    for (let count = reader.count(); count > 0; count--) {
      const producers: Producer[] = [];
      fields.push([reader.name(), producers]);
      for (let values = reader.count(); values > 0; values--) {
        producers.push({ name: reader.name(), version: reader.name() });
      }
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return Object.fromEntries(fields);
}
