// Takes the bytes of a module, gives its text (specification: 6.6 Modules). The sections are read again after the decoder, whose types have lost
// their indices.
import { decode } from "../binary/decode.ts";
import type { Reader } from "../binary/reader.ts";
import { ExternKind } from "../syntax/module.ts";
import { customSectionLines } from "./print/custom-sections.ts";
import { globalText, importLine, memoryText, tableText, tagText, typeLines } from "./print/definitions.ts";
import { type Exports, exportsOf } from "./print/exports.ts";
import { functionLines } from "./print/functions.ts";
import type { Space } from "./print/names.ts";
import { ModuleScope } from "./print/scope.ts";
import { dataLines, elementLines } from "./print/segments.ts";

/** How a module is printed. */
export interface PrintOptions {
  /** `folded` (the default) nests the operands of an instruction in it; `flat` gives each instruction a line. */
  readonly form?: "folded" | "flat";
}

const enum Section {
  Type = 1,
  Import = 2,
  Table = 4,
  Memory = 5,
  Global = 6,
  Element = 9,
  Data = 11,
  Tag = 13,
}

/**
 * The text of a module. It has to be well-formed, and need not be valid: throws a MalformedError, or an InvalidError where an index or a constant
 * expression makes no sense, a TypeError for what is no binary.
 */
export function print(binary: Uint8Array | ArrayBuffer, options: PrintOptions = {}): string {
  const { form = "folded" } = options;
  if (form !== "folded" && form !== "flat") throw new TypeError(`form is one of folded, flat, got ${form}`);
  const module = decode(bytesOf(binary));
  const scope = new ModuleScope(module);
  const exports = exportsOf(scope);
  const lines = [`(module${scope.ids.module}`];
  printTypes(scope, lines);
  printImports(scope, lines);
  printDefinitions(scope, exports, lines);
  append(lines, exports.fields);
  if (module.start !== undefined) lines.push(`  (start ${scope.ids.functions.use(module.start)})`);
  eachEntry(scope, Section.Element, (reader, index) => append(lines, elementLines(reader, scope, index)));
  for (let index = module.importedFunctions; index < module.functions.length; index++) {
    append(lines, functionLines(scope, index, exports.inline(ExternKind.Func, index), form === "flat"));
  }
  eachEntry(scope, Section.Data, (reader, index) => append(lines, dataLines(reader, scope, index)));
  append(lines, customSectionLines(scope));
  return `${lines.join("\n")}${form === "flat" && lines.length > 1 ? "\n)" : ")"}\n`;
}

// Of any realm. What is no buffer would be a module of no bytes.
function bytesOf(binary: Uint8Array | ArrayBuffer): Uint8Array {
  if (ArrayBuffer.isView(binary)) return new Uint8Array(binary.buffer, binary.byteOffset, binary.byteLength);
  if (/^\[object (?:Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(binary))) return new Uint8Array(binary);
  throw new TypeError("a module in the binary format is a Uint8Array or an ArrayBuffer");
}

function append(lines: string[], more: readonly string[]): void {
  for (const line of more) lines.push(line);
}

function eachEntry(scope: ModuleScope, section: Section, print: (reader: Reader, index: number) => void): void {
  const start = scope.module.sections[section];
  if (start === 0) return;
  const reader = scope.readerAt(start);
  const count = reader.u32();
  for (let index = 0; index < count; index++) print(reader, index);
}

function printTypes(scope: ModuleScope, lines: string[]): void {
  let index = 0;
  eachEntry(scope, Section.Type, (reader) => {
    const [group, count] = typeLines(reader, scope, index);
    index += count;
    append(lines, group);
  });
}

function printImports(scope: ModuleScope, lines: string[]): void {
  const counts = [0, 0, 0, 0, 0];
  eachEntry(scope, Section.Import, (reader) => {
    const [line, kind] = importLine(reader, scope, counts);
    counts[kind]++;
    lines.push(line);
  });
}

function printDefinitions(scope: ModuleScope, exports: Exports, lines: string[]): void {
  const { ids, module } = scope;
  const each = (
    section: Section,
    [word, kind, space, imported]: readonly [word: string, kind: ExternKind, space: Space, imported: number],
    text: (reader: Reader, scope: ModuleScope, head: string) => string,
  ): void => {
    eachEntry(scope, section, (reader, i) => {
      const index = imported + i;
      lines.push(text(reader, scope, `  (${word}${space.definition(index)}${exports.inline(kind, index)}`));
    });
  };
  each(Section.Table, ["table", ExternKind.Table, ids.tables, module.importedTables], tableText);
  each(Section.Memory, ["memory", ExternKind.Memory, ids.memories, module.importedMemories], memoryText);
  each(Section.Tag, ["tag", ExternKind.Tag, ids.tags, module.importedTags], tagText);
  each(Section.Global, ["global", ExternKind.Global, ids.globals, module.importedGlobals], globalText);
}
