// Takes definitions of functions, tables, memories, globals, tags and segments, writes them into their sections (specification: 6.6.3–6.6.9).
import { ListWriter, Writer } from "../binary/encode.ts";
import { SectionId } from "../binary/section-id.ts";
import { ExternKind } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { IndexSpace } from "./index-space.ts";
import { Token } from "./lexer.ts";
import { memoryTypeOf, readMemoryType, readPageSize, readTableType, tableTypeOf } from "./limits.ts";
import type { ModuleText } from "./module.ts";
import { readBytes, readElementList, readListType, writeData, writeElements, zero } from "./segments.ts";
import { isRefTypeNext, readRefType, readValType, type ValCode, writeValType } from "./value-types.ts";

const tableWithInit = Uint8Array.of(0x40, 0x00);

/** Takes a function. */
export function defineFunction(module: ModuleText): void {
  const { cursor, body, code, spaces } = module;
  const index = spaces.functions.define(cursor);
  const imports = module.readInline(ExternKind.Func, index);
  body.begin();
  const type = spaces.types.readUse(cursor, body.locals);
  if (imports !== undefined) {
    imports.u32(type);
    module.nameLocals(index, body.locals);
    return;
  }
  module.entry(SectionId.Function).u32(type);
  code.truncate(0);
  writeLocals(module, body.locals, code);
  body.readSequence(code);
  code.mark(cursor.place());
  code.opcode(Op.end);
  module.entry(SectionId.Code).appendSized(code);
  module.nameLocals(index, body.locals);
  if (body.labels.ids.size > 0) module.functionNames.labels.set(index, body.labels.ids);
  if (body.branchHints.length > 0) module.branchHints.set(index, body.branchHints);
}

function writeLocals(module: ModuleText, locals: IndexSpace, out: Writer): void {
  const { cursor } = module;
  const types: ValCode[] = [];
  while (cursor.acceptOpen("local")) {
    if (cursor.isId()) {
      locals.declare(cursor);
      types.push(readValType(cursor, module.spaces.types.space));
    } else {
      for (; cursor.kind !== Token.Right; locals.count++) {
        types.push(readValType(cursor, module.spaces.types.space));
      }
    }
    cursor.close();
  }
  const runs = new ListWriter(16);
  for (let i = 0; i < types.length; ) {
    const start = i;
    while (i < types.length && types[i] === types[start]) i++;
    runs.count++;
    runs.u32(i - start);
    writeValType(runs, types[start]);
  }
  out.u32(runs.count);
  out.append(runs);
}

/** Takes a table. */
export function defineTable(module: ModuleText): void {
  const { cursor } = module;
  const { tables, types } = module.spaces;
  const index = tables.define(cursor);
  const imports = module.readInline(ExternKind.Table, index);
  if (imports !== undefined) {
    imports.raw(readTableType(cursor, types.space));
    return;
  }
  const section = module.entry(SectionId.Table);
  const isIndex64 = cursor.isText("i64");
  if (!isRefTypeNext(cursor, isIndex64 || cursor.isText("i32") ? 1 : 0)) {
    const type = readTableType(cursor, types.space);
    const hasInit = cursor.kind === Token.Left;
    if (hasInit) section.raw(tableWithInit);
    section.raw(type);
    if (hasInit) writeExpression(module, section);
    return;
  }
  if (isIndex64 || cursor.isText("i32")) cursor.at++;
  const type = readRefType(cursor, types.space);
  cursor.open("elem");
  module.spaces.elements.defineNameless();
  const list = readElementList(cursor, module.spaces, module.body, type, module.spaces.functions.isNext(cursor));
  cursor.close();
  section.raw(tableTypeOf(type, isIndex64, list.entries.count));
  writeElements(module.entry(SectionId.Element), { table: index, offset: zero(isIndex64) }, list);
}

/** Takes a memory. */
export function defineMemory(module: ModuleText): void {
  const { cursor } = module;
  const index = module.spaces.memories.define(cursor);
  const imports = module.readInline(ExternKind.Memory, index);
  if (imports !== undefined) {
    imports.raw(readMemoryType(cursor));
    return;
  }
  const section = module.entry(SectionId.Memory);
  const isIndex64 = cursor.isText("i64");
  const open = isIndex64 || cursor.isText("i32") ? 1 : 0;
  if (cursor.kindAfter(open) !== Token.Left) {
    section.raw(readMemoryType(cursor));
    return;
  }
  cursor.at += open;
  const pageLog2 = readPageSize(cursor);
  cursor.open("data");
  module.spaces.data.defineNameless();
  const bytes = readBytes(cursor);
  cursor.close();
  section.raw(memoryTypeOf(isIndex64, bytes.length, pageLog2));
  writeData(module.entry(SectionId.Data), { memory: index, offset: zero(isIndex64) }, bytes);
}

/** Takes a global. */
export function defineGlobal(module: ModuleText): void {
  const index = module.spaces.globals.define(module.cursor);
  const imports = module.readInline(ExternKind.Global, index);
  const section = imports ?? module.entry(SectionId.Global);
  writeGlobalType(module, section);
  if (imports === undefined) writeExpression(module, section);
}

/** Takes the type of a global and writes it. */
export function writeGlobalType(module: ModuleText, out: Writer): void {
  const { cursor } = module;
  const mutable = cursor.acceptOpen("mut");
  writeValType(out, readValType(cursor, module.spaces.types.space));
  out.byte(Number(mutable));
  if (mutable) cursor.close();
}

/** Takes a tag. */
export function defineTag(module: ModuleText): void {
  const index = module.spaces.tags.define(module.cursor);
  const imports = module.readInline(ExternKind.Tag, index);
  writeTagType(module, imports ?? module.entry(SectionId.Tag));
}

/** Takes the type of a tag and writes it. */
export function writeTagType(module: ModuleText, out: Writer): void {
  out.byte(0x00);
  out.u32(module.spaces.types.readUse(module.cursor, new IndexSpace("parameter")));
}

/** Takes an element segment. */
export function defineElements(module: ModuleText): void {
  const { cursor, spaces } = module;
  spaces.elements.define(cursor);
  const isDeclarative = cursor.acceptWord("declare");
  const hasTable = cursor.isOpen("table");
  const table = isDeclarative ? undefined : readTarget(module, "table", spaces.tables);
  const isActive = !isDeclarative && (table !== undefined || (cursor.kind === Token.Left && !isRefTypeNext(cursor)));
  const offset = isActive ? readOffset(module) : undefined;
  // Where no table is named, `func` may be left out.
  const isBare = offset !== undefined && !hasTable && (spaces.functions.isNext(cursor) || cursor.kind === Token.Right);
  const list = readElementList(cursor, spaces, module.body, isBare ? undefined : readListType(cursor, spaces));
  const place = offset === undefined ? { isDeclarative } : { table: table ?? 0, offset };
  writeElements(module.entry(SectionId.Element), place, list);
}

/** Takes a data segment. */
export function defineData(module: ModuleText): void {
  const { cursor } = module;
  const { data, memories } = module.spaces;
  data.define(cursor);
  const memory = readTarget(module, "memory", memories);
  const isActive = memory !== undefined || cursor.kind === Token.Left;
  const place = isActive ? { memory: memory ?? 0, offset: readOffset(module) } : undefined;
  writeData(module.entry(SectionId.Data), place, readBytes(cursor));
}

// Takes `(table index)` or `(memory index)`; before WebAssembly 2.0, a mere index.
function readTarget(module: ModuleText, word: string, space: IndexSpace): number | undefined {
  const { cursor } = module;
  if (cursor.kind === Token.Number) return space.read(cursor);
  if (!cursor.acceptOpen(word)) return undefined;
  const index = space.read(cursor);
  cursor.close();
  return index;
}

// Constant expressions.

function readOffset(module: ModuleText): Writer {
  const { cursor } = module;
  const out = new Writer(16);
  module.body.begin();
  if (cursor.acceptOpen("offset")) {
    module.body.readSequence(out);
    cursor.close();
  } else module.body.readFolded(out);
  out.opcode(Op.end);
  return out;
}

function writeExpression(module: ModuleText, out: Writer): void {
  module.body.begin();
  module.body.readSequence(out);
  out.mark(module.cursor.place());
  out.opcode(Op.end);
}
