// Takes the sections of types, imports, tables, memories, globals and tags, gives their fields (specification: 6.6 Modules).
import type { Reader } from "../../binary/reader.ts";
import { ExternKind } from "../../syntax/module.ts";
import { expressionText, readExpressions } from "./functions.ts";
import { quoted } from "./literals.ts";
import type { ModuleScope } from "./scope.ts";
import { globalType, memoryType, tableType, typeDefinition } from "./types.ts";

/**
 * Reads a recursion group; `first` is the index of its first type. Gives its lines and the number of its types. A group of one is just the type.
 */
export function typeLines(reader: Reader, scope: ModuleScope, first: number): readonly [readonly string[], number] {
  const position = reader.pos;
  if (reader.byte() !== 0x4e) {
    reader.pos = position;
    return [[`  ${typeDefinition(reader, scope, first)}`], 1];
  }
  const lines = ["  (rec"];
  const count = reader.count();
  if (count === 1) return [[`  ${typeDefinition(reader, scope, first)}`], 1];
  for (let i = 0; i < count; i++) lines.push(`    ${typeDefinition(reader, scope, first + i)}`);
  lines[lines.length - 1] += ")";
  return [lines, count];
}

/** Reads an import; `counts` are the imports before it by kind. */
export function importLine(
  reader: Reader,
  scope: ModuleScope,
  counts: readonly number[],
): readonly [string, ExternKind] {
  const from = `  (import ${quoted(reader.name())} ${quoted(reader.name())}`;
  const kind: ExternKind = reader.byte();
  return [`${from} ${externText(reader, scope, kind, counts[kind])})`, kind];
}

function externText(reader: Reader, scope: ModuleScope, kind: ExternKind, index: number): string {
  const { ids } = scope;
  switch (kind) {
    case ExternKind.Func: {
      const type = reader.u32();
      const parameters = ids.locals(index, scope.signature(type).params.length);
      return `(func${ids.functions.definition(index)}${scope.typeUse(type, parameters)})`;
    }
    case ExternKind.Table:
      return `(table${ids.tables.definition(index)} ${tableType(reader, scope)})`;
    case ExternKind.Memory:
      return `(memory${ids.memories.definition(index)} ${memoryType(reader)})`;
    case ExternKind.Global:
      return `(global${ids.globals.definition(index)} ${globalType(reader, scope)})`;
    case ExternKind.Tag:
      return `(tag${ids.tags.definition(index)}${tagType(reader, scope)})`;
  }
}

function tagType(reader: Reader, scope: ModuleScope): string {
  reader.byte(); // the attribute: an exception
  return scope.typeUse(reader.u32());
}

/** Reads a table; `head` is `(table $name (export …)`, so below. */
export function tableText(reader: Reader, scope: ModuleScope, head: string): string {
  const position = reader.pos;
  const hasInit = reader.byte() === 0x40;
  if (hasInit) reader.byte();
  else reader.pos = position;
  const type = tableType(reader, scope);
  const init = hasInit ? expressionText(readExpressions(reader, scope)) : "";
  return `${head} ${type}${init === "" ? "" : ` ${init}`})`;
}

/** Reads a memory. */
export function memoryText(reader: Reader, _scope: ModuleScope, head: string): string {
  return `${head} ${memoryType(reader)})`;
}

/** Reads a tag. */
export function tagText(reader: Reader, scope: ModuleScope, head: string): string {
  return `${head}${tagType(reader, scope)})`;
}

/** Reads a global. */
export function globalText(reader: Reader, scope: ModuleScope, head: string): string {
  return `${head} ${globalType(reader, scope)} ${expressionText(readExpressions(reader, scope))})`;
}
