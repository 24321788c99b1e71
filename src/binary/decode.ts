// Takes the bytes of a module, gives a Module (specification: 5.5 Modules). Bodies are left to the validator: only their ranges are recorded.
import { InvalidError, MalformedError } from "../api/errors.ts";
import * as limits from "../syntax/limits.ts";
import { ExternKind, type Module, type Table } from "../syntax/module.ts";
import { plainBytes } from "../util/bytes.ts";
import { readConstExpr } from "./const-expr.ts";
import { readDataSection } from "./data-segments.ts";
import { type Draft, declaredOf, emptyDraft } from "./draft.ts";
import { readFunctionType, readGlobalType, readImport, readMemoryType, readTableType, readTagType } from "./externs.ts";
import { failEnd, hex, Reader, readCount } from "./reader.ts";
import { SectionId, sectionOrder } from "./section-id.ts";
import { elementReader } from "./segments.ts";
import { readTypeSection } from "./types.ts";

// The place of each section in the order of sections, by id.
const order: readonly number[] = Array.from(
  { length: sectionOrder.length + 1 },
  (_, id) => sectionOrder.indexOf(id) + 1,
);

/**
 * Decodes a module. Throws a MalformedError; or an InvalidError where an index that has to be resolved is unknown, a constant expression holds
 * another instruction, or an implementation limit is exceeded.
 */
export function decode(source: Uint8Array): Module {
  const bytes = plainBytes(source);
  if (bytes.length > limits.maxModuleBytes)
    throw new InvalidError("module is larger than 1 GiB", limits.maxModuleBytes);
  readHeader(bytes);
  const reader = new Reader(bytes, 8, bytes.length);
  const draft = emptyDraft();
  const sections = new Uint32Array(order.length);
  let last = 0;
  while (reader.pos < bytes.length) {
    const position = reader.pos;
    const id = reader.byte();
    const byteLength = reader.byteLength();
    if (id >= order.length) throw new MalformedError("malformed section id", position);
    if (id !== SectionId.Custom) {
      if (order[id] <= last) throw new MalformedError("unexpected content after last section", position);
      last = order[id];
      sections[id] = reader.pos;
    }
    reader.end = reader.pos + byteLength;
    readSection(reader, draft, id);
    if (reader.pos !== reader.end) throw new MalformedError("section size mismatch", reader.pos);
    reader.end = bytes.length;
  }
  checkCounts(draft, bytes.length);
  return finish(bytes, draft, sections);
}

function readHeader(bytes: Uint8Array): void {
  if (bytes.length < 4) throw new MalformedError("unexpected end", bytes.length);
  const magic = fourBytes(bytes, 0);
  if (magic !== "00 61 73 6d") throw new MalformedError(`magic header not detected: found ${magic}`, 0);
  if (bytes.length < 8) throw new MalformedError("unexpected end", bytes.length);
  const version = fourBytes(bytes, 4);
  if (version !== "01 00 00 00") throw new MalformedError(`unknown binary version: found ${version}`, 4);
}

function fourBytes(bytes: Uint8Array, from: number): string {
  return Array.from(bytes.subarray(from, from + 4), hex).join(" ");
}

function readSection(reader: Reader, draft: Draft, id: SectionId): void {
  switch (id) {
    case SectionId.Custom:
      readCustom(reader, draft);
      return;
    case SectionId.Type:
      readTypeSection(reader, draft);
      return;
    case SectionId.Import:
      readList(reader, limits.maxImports, "imports", () => readImport(reader, draft));
      return;
    case SectionId.Function:
      readFunctions(reader, draft);
      return;
    case SectionId.Table:
      readList(reader, limits.maxTables, "tables", () => draft.tables.push(readTable(reader, draft)));
      return;
    case SectionId.Memory:
      readList(reader, limits.maxMemories, "memories", () => draft.memories.push(readMemoryType(reader, draft)));
      return;
    case SectionId.Tag:
      readList(reader, limits.maxTags, "tags", () => draft.tags.push(readTagType(reader, draft)));
      return;
    case SectionId.Global:
      readList(reader, limits.maxGlobals, "globals", () => readGlobal(reader, draft));
      return;
    case SectionId.Export:
      readList(reader, limits.maxExports, "exports", () => readExport(reader, draft));
      return;
    case SectionId.Start:
      draft.start = reader.u32();
      return;
    case SectionId.Element: {
      const read = elementReader(reader, draft);
      readList(reader, limits.maxElementSegments, "element segments", () => draft.elements.push(read()));
      return;
    }
    case SectionId.DataCount:
      draft.dataCount = reader.u32();
      return;
    case SectionId.Code:
      readCode(reader, draft);
      return;
    case SectionId.Data:
      draft.data = readDataSection(reader, draft);
      return;
  }
}

function readList(reader: Reader, max: number, what: string, readEntry: () => void): void {
  for (let count = reader.pos < reader.end ? readCount(reader, max, what) : failEnd(reader.pos); count > 0; count--)
    readEntry();
}

function readCustom(reader: Reader, { customSections }: Draft): void {
  const name = reader.name();
  customSections.push({ name, start: reader.pos, end: reader.end });
  reader.pos = reader.end;
}

function readFunctions(reader: Reader, draft: Draft): void {
  const count = readCount(reader, limits.maxFunctions, "functions");
  const start = reader.pos;
  const types = reader.u32s(count);
  for (let i = 0; i < count; i++) {
    if (types[i] >= draft.types.length) {
      // Read again, to know where it stands.
      reader.pos = start;
      for (;;) readFunctionType(reader, draft);
    }
    draft.functions.push(types[i]);
  }
}

function readTable(reader: Reader, draft: Draft): Table {
  const position = reader.pos;
  if (reader.byte() === 0x40) {
    const reserved = reader.pos;
    if (reader.byte() !== 0) throw new MalformedError("zero byte expected", reserved);
    const type = readTableType(reader, draft);
    return { type, init: readConstExpr(reader, draft), position };
  }
  reader.pos = position;
  return { type: readTableType(reader, draft), init: undefined, position };
}

function readGlobal(reader: Reader, draft: Draft): void {
  const position = reader.pos;
  const type = readGlobalType(reader, draft);
  draft.globals.push({ type, init: readConstExpr(reader, draft), position });
}

function readExport(reader: Reader, draft: Draft): void {
  const position = reader.pos;
  const name = reader.name();
  const kindAt = reader.pos;
  const kind = reader.byte();
  if (kind > ExternKind.Tag) throw new MalformedError("malformed export kind", kindAt);
  const index = reader.u32();
  if (kind === ExternKind.Func) declaredOf(draft)[index] = 1;
  draft.exports.push({ name, kind, index, position });
}

function readCode(reader: Reader, draft: Draft): void {
  const position = reader.pos;
  const count = reader.count();
  if (count !== draft.functions.length - draft.imported[ExternKind.Func]) failLengths(position);
  const bodyStart = new Uint32Array(count);
  const bodyEnd = new Uint32Array(count);
  const { bytes, end } = reader;
  let { pos } = reader;
  for (let i = 0; i < count; i++) {
    let at = pos;
    let byteLength = 0;
    let byte = 0x80;
    for (let shift = 0; byte >= 0x80 && shift < 21; shift += 7) {
      byte = bytes[at++];
      byteLength |= (byte & 0x7f) << shift;
    }
    // Long, or cut: read again
    if (!(byte < 0x80 && byteLength <= end - at)) {
      reader.pos = pos;
      byteLength = readBodyLength(reader);
      at = reader.pos;
    }
    bodyStart[i] = at;
    bodyEnd[i] = pos = at + byteLength;
  }
  reader.pos = pos;
  draft.bodyStart = bodyStart;
  draft.bodyEnd = bodyEnd;
}

function readBodyLength(reader: Reader): number {
  const position = reader.pos;
  const byteLength = reader.byteLength();
  if (byteLength <= limits.maxBodyBytes) return byteLength;
  throw new InvalidError(`function body is larger than ${limits.maxBodyBytes} bytes`, position);
}

function checkCounts(draft: Draft, position: number): void {
  if (draft.bodyStart.length !== draft.functions.length - draft.imported[ExternKind.Func]) failLengths(position);
  if (draft.dataCount !== undefined && draft.dataCount !== draft.data.length) {
    throw new MalformedError("data count and data section have inconsistent lengths", position);
  }
}

function failLengths(position: number): never {
  throw new MalformedError("function and code section have inconsistent lengths", position);
}

function finish(bytes: Uint8Array, draft: Draft, sections: Uint32Array): Module {
  return {
    bytes,
    types: draft.types,
    imports: draft.imports,
    importedFunctions: draft.imported[ExternKind.Func],
    importedTables: draft.imported[ExternKind.Table],
    importedMemories: draft.imported[ExternKind.Memory],
    importedGlobals: draft.imported[ExternKind.Global],
    importedTags: draft.imported[ExternKind.Tag],
    functions: Uint32Array.from(draft.functions),
    tables: draft.tables,
    memories: draft.memories,
    globals: draft.globals,
    tags: draft.tags,
    exports: draft.exports,
    start: draft.start,
    elements: draft.elements,
    dataSegments: draft.data,
    dataCount: draft.dataCount,
    bodyStart: draft.bodyStart,
    bodyEnd: draft.bodyEnd,
    declared: declaredOf(draft),
    customSections: draft.customSections,
    encodings: draft.encodings,
    sections,
    typePositions: Uint32Array.from(draft.typePositions),
  };
}
