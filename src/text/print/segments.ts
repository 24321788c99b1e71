// Takes the sections of element and data segments, gives `(elem …)` and `(data …)` (specification: 5.5.12, 5.5.14, 6.6.8, 6.6.9).
import type { Reader } from "../../binary/reader.ts";
import { readExpressions, wordText } from "./functions.ts";
import { formLines } from "./lines.ts";
import { byteLiterals } from "./literals.ts";
import type { ModuleScope } from "./scope.ts";
import { valueType } from "./types.ts";

const isNotActive = 1;
const hasIndex = 2; // declarative with isNotActive
const hasExpressions = 4;

/** Reads an element segment. */
export function elementLines(reader: Reader, scope: ModuleScope, index: number): readonly string[] {
  const { ids } = scope;
  const flags = reader.u32();
  const isActive = (flags & isNotActive) === 0;
  let head = `(elem${ids.elements.definition(index)}`;
  if (isActive) {
    const table = (flags & hasIndex) === 0 ? 0 : reader.u32();
    if (table !== 0) head += ` (table ${ids.tables.use(table)})`;
    head += ` ${wordText("offset", readExpressions(reader, scope))}`;
  } else if ((flags & hasIndex) !== 0) head += " declare";
  if ((flags & hasExpressions) !== 0) {
    head += ` ${(flags & 3) === 0 ? "funcref" : valueType(reader, scope)}`;
    return formLines(head, readItems(reader, scope), 1);
  }
  if ((flags & 3) !== 0) reader.byte(); // the kind: functions
  const functions: string[] = [];
  for (let count = reader.count(); count > 0; count--) functions.push(ids.functions.use(reader.u32()));
  return formLines(`${head} func`, functions, 1);
}

function readItems(reader: Reader, scope: ModuleScope): readonly string[] {
  const items: string[] = [];
  for (let count = reader.count(); count > 0; count--) items.push(wordText("item", readExpressions(reader, scope)));
  return items;
}

/** Reads a data segment. */
export function dataLines(reader: Reader, scope: ModuleScope, index: number): readonly string[] {
  const { ids } = scope;
  const flags = reader.u32();
  let head = `(data${ids.data.definition(index)}`;
  if ((flags & isNotActive) === 0) {
    const memory = (flags & hasIndex) === 0 ? 0 : reader.u32();
    if (memory !== 0) head += ` (memory ${ids.memories.use(memory)})`;
    head += ` ${wordText("offset", readExpressions(reader, scope))}`;
  }
  const start = reader.skip(reader.byteLength());
  return formLines(head, byteLiterals(reader.bytes, start, reader.pos), 1);
}
