// Takes the custom sections, gives `(@custom …)` with their places (specification: A.6.3 Custom annotations).
import { countEntries, listSections, type SectionRange } from "../../binary/sections.ts";
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

const startId = 8;
const codeId = 10;
const dataCountId = 12;

/** The lines of the custom sections that have no other form in the text. */
export function customSectionLines({ module, ids, hints }: ModuleScope): readonly string[] {
  const lines: string[] = [];
  const sections = listSections(module.bytes);
  const isKept = sectionsKept(module.bytes, sections);
  const last = isKept.lastIndexOf(true);
  let place = "before first";
  let next = 0;
  for (const [i, { id }] of sections.entries()) {
    if (isKept[i]) place = i === last ? "" : sectionWords[id];
    if (id !== 0) continue;
    const section = module.customSections[next++];
    if (section === ids.section || section === hints.section) continue;
    const head = `(@custom ${quoted(section.name)}${place === "" || last < 0 ? "" : ` (${place})`}`;
    const contents = section.start === section.end ? [] : byteLiterals(module.bytes, section.start, section.end);
    for (const line of formLines(head, contents, 1)) lines.push(line);
  }
  return lines;
}

// Which sections a parser makes again, so that they can be a place: none without entries, and a data count only before code.
function sectionsKept(bytes: Uint8Array, sections: readonly SectionRange[]): readonly boolean[] {
  const isFilled = sections.map(
    (section) => section.id !== 0 && (section.id === startId || countEntries(bytes, section) > 0),
  );
  const hasCode = sections.some(({ id }, i) => id === codeId && isFilled[i]);
  return sections.map(({ id }, i) => isFilled[i] && (id !== dataCountId || hasCode));
}
