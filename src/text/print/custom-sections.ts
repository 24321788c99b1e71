// Takes the custom sections, gives `(@custom …)` with their places (specification: 6.6.14 Custom annotations).
import { listSections } from "../../binary/sections.ts";
import { formLines } from "./lines.ts";
import { byteLiterals, quoted } from "./literals.ts";
import type { ModuleScope } from "./scope.ts";

// By section id; nothing can be placed behind the data count, which stands before the code.
const sectionWords = [
  "",
  "after type",
  "after import",
  "after func",
  "after table",
  "after memory",
  "after global",
  "after export",
  "after start",
  "after elem",
  "after code",
  "after data",
  "before code",
  "after tag",
];

/** The lines of the custom sections that have no other form in the text. */
export function customSectionLines({ module, ids, hints }: ModuleScope): readonly string[] {
  const lines: string[] = [];
  const sections = listSections(module.bytes);
  const lastId = sections.reduce((last, { id }) => (id === 0 ? last : id), 0);
  let place = "before first";
  let next = 0;
  for (const { id } of sections) {
    if (id !== 0) {
      place = id === lastId ? "" : sectionWords[id];
      continue;
    }
    const section = module.customSections[next++];
    if (section === ids.section || section === hints.section) continue;
    const head = `(@custom ${quoted(section.name)}${place === "" || lastId === 0 ? "" : ` (${place})`}`;
    const contents = section.start === section.end ? [] : byteLiterals(module.bytes, section.start, section.end);
    for (const line of formLines(head, contents, 1)) lines.push(line);
  }
  return lines;
}
