// Takes what is known of a module, gives a page of text for a terminal.
import type { ExternFacts, GlobalFacts, Inspection, MemoryFacts, TableFacts } from "../inspection.ts";
import { plural } from "../util/count.ts";
import { escaped, type Styles } from "./output.ts";

type Row = readonly string[];

/** The page. Names come from the module, and may hold anything: control characters are escaped. */
export function describe(file: string, inspection: Inspection, { bold, dim }: Styles): string {
  const { name, byteLength, features, imports, exports } = inspection;
  const title = `${bold(escaped(file))}  ${bytesText(byteLength)}${name === undefined ? "" : `  ${dim(`module ${quoted(name)}`)}`}`;
  const part = (heading: string, rows: readonly Row[]): string => {
    return rows.length === 0 ? "" : `\n${bold(heading)}\n${columns(rows, dim)}`;
  };
  return [
    `${title}\n`,
    part("features used", [[features.length === 0 ? "none after version 1.0" : features.join(", ")]]),
    part("contents", contentRows(inspection)),
    part(`imports (${imports.length})`, importRows(imports)),
    part(
      `exports (${exports.length})`,
      exports.map((one) => [quoted(one.name), externText(one), `${one.kind} ${one.index}`]),
    ),
    part("sections", sectionRows(inspection)),
    part(
      "producers",
      Object.entries(inspection.producers).flatMap(([field, list]) => {
        return list.map(({ name, version }, i) => [i === 0 ? escaped(field) : "", escaped(`${name} ${version}`)]);
      }),
    ),
  ].join("");
}

// Under each module's name its imports, in the order of the module.
function importRows(imports: Inspection["imports"]): Row[] {
  return imports.flatMap((one, i) => {
    const row = [`  ${quoted(one.name)}`, externText(one)];
    return imports[i - 1]?.module === one.module ? [row] : [[quoted(one.module)], row];
  });
}

function contentRows({ functions, tables, memories, globals, tags, start, imports }: Inspection): Row[] {
  const importedOf = (kind: ExternFacts["kind"]): number => imports.filter((one) => one.kind === kind).length;
  const row = (word: string, total: number, imported: number, detail = ""): Row[] => {
    const counts = `${numberText(total)} ${plural(total, word)}`;
    return total === 0
      ? []
      : [[counts, imported === 0 ? detail : `${numberText(imported)} imported${detail && `; ${detail}`}`]];
  };
  const mutable = globals.filter(({ mutable }) => mutable).length;
  return [
    ...row("function", functions.imported + functions.defined, functions.imported),
    ...memories.map((one): Row => [`memory ${one.index}`, memoryText(one)]),
    ...tables.map((one): Row => [`table ${one.index}`, tableText(one)]),
    ...row("global", globals.length, importedOf("global"), `${numberText(mutable)} mutable`),
    ...row("tag", tags, importedOf("tag")),
    ...(start === undefined ? [] : [["start", `function ${start}`]]),
  ];
}

function sectionRows({ sections }: Inspection): Row[] {
  return sections.map(({ section, name, offset, byteLength, count }) => [
    name === undefined ? section : `custom ${quoted(name)}`,
    bytesText(byteLength).padStart(9),
    count === undefined ? "" : `${numberText(count)} ${count === 1 ? "entry" : "entries"}`,
    `at 0x${offset.toString(16)}`,
  ]);
}

function externText(extern: ExternFacts): string {
  switch (extern.kind) {
    case "function":
      return `(${extern.params.join(" ")}) -> (${extern.results.join(" ")})`;
    case "table":
      return `table of ${tableText(extern)}`;
    case "memory":
      return `memory of ${memoryText(extern)}`;
    case "global":
      return globalText(extern);
    case "tag":
      return `tag (${extern.params.join(" ")})`;
  }
}

function memoryText({ min, max, pageBytes, shared, index64 }: MemoryFacts): string {
  const size = (pages: number): string =>
    `${numberText(pages)} ${plural(pages, "page")} (${bytesText(pages * pageBytes)})`;
  const words = [
    max === undefined
      ? `${size(min)}, no maximum`
      : min === max
        ? `${size(min)}, fixed`
        : `${size(min)} to ${size(max)}`,
  ];
  if (pageBytes !== 65_536) words.push(`pages of ${numberText(pageBytes)} ${plural(pageBytes, "byte")}`);
  if (shared) words.push("shared");
  if (index64) words.push("64-bit");
  return words.join(", ");
}

function tableText({ type, min, max, index64 }: TableFacts): string {
  const end = max === undefined ? ", no maximum" : min === max ? ", fixed" : ` to ${numberText(max)}`;
  return `${type}, ${numberText(min)} ${min === 1 ? "element" : "elements"}${end}${index64 ? ", 64-bit" : ""}`;
}

function globalText({ type, mutable }: GlobalFacts): string {
  return `${mutable ? "mutable" : "constant"} ${type}`;
}

// The last column of each row is dim where there are three or more: it is the least asked for.
function columns(rows: readonly Row[], dim: (text: string) => string): string {
  const count = rows.reduce((most, { length }) => Math.max(most, length), 0);
  // A cell that stands alone in its row may be as long as it is.
  const widths = Array.from({ length: count }, (_, i) => {
    return rows.reduce(
      (width, row) => (row.length > 1 ? Math.max(width, Math.min(60, (row[i] ?? "").length)) : width),
      0,
    );
  });
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => {
        const padded = i === row.length - 1 ? cell : cell.padEnd(widths[i]);
        return i >= 2 ? dim(padded) : padded;
      });
      return `  ${cells.join("  ")}`.trimEnd().concat("\n");
    })
    .join("");
}

function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] =
    bytes < 2 ** 20 ? [bytes / 2 ** 10, "KiB"] : bytes < 2 ** 30 ? [bytes / 2 ** 20, "MiB"] : [bytes / 2 ** 30, "GiB"];
  return `${value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

function numberText(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

function quoted(text: string): string {
  return /^[\w.$:/+@-]+$/.test(text) ? text : `"${escaped(text.replace(/["\\]/g, "\\$&"))}"`;
}
