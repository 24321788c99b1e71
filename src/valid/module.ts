// Checks all of a module but its types and bodies (specification: 3.5 Modules).
import { maxElements32, maxMemories, maxPages32, maxPages64, maxTables } from "../syntax/limits.ts";
import {
  type DataSegment,
  type ElementSegment,
  type Export,
  ExternKind,
  externNouns,
  type MemoryType,
  type Module,
  SegmentMode,
  type Table,
} from "../syntax/module.ts";
import { CompositeKind, defType, isDefaultable, matchesVal, Num, typeName, type ValType } from "../syntax/types.ts";
import { checkConstExpr } from "./const-expr.ts";
import { failModule } from "./fail.ts";

const enum Section {
  Function = 3,
  Table = 4,
  Memory = 5,
  Start = 8,
  Tag = 13,
}

/** Checks what functions, tables, memories, globals, tags, exports and segments say. */
export function checkModule(module: Module): void {
  checkFunctions(module);
  checkTags(module);
  checkTables(module);
  checkMemories(module);
  checkGlobals(module);
  checkExports(module);
  checkStart(module);
  let last: ElementSegment | undefined;
  for (const segment of module.elements) {
    // The decoder makes one object of equal ones.
    if (segment !== last) checkElements(module, segment);
    last = segment;
  }
  checkData(module);
}

// The import's position, or the section's: single entries of these sections keep none.
function positionOf(module: Module, kind: ExternKind, index: number, section: Section): number {
  let seen = 0;
  for (const { extern, position } of module.imports) if (extern.kind === kind && seen++ === index) return position;
  return module.sections[section];
}

function checkFunctions(module: Module): void {
  const { functions, types } = module;
  for (let i = 0; i < functions.length; i++) {
    if (types[functions[i]].kind === CompositeKind.Func) continue;
    const position = positionOf(module, ExternKind.Func, i, Section.Function);
    failModule(`type mismatch: type ${functions[i]} of function ${i} is no function type`, position);
  }
}

function checkTags(module: Module): void {
  module.tags.forEach((id, i) => {
    const { kind, results } = defType(id);
    if (kind === CompositeKind.Func && results.length === 0) return;
    const position = positionOf(module, ExternKind.Tag, i, Section.Tag);
    failModule(
      kind === CompositeKind.Func ? "non-empty tag result type" : "type mismatch: tag of no function type",
      position,
    );
  });
}

function checkTables(module: Module): void {
  if (module.tables.length > maxTables)
    failModule(
      `too many tables: more than ${maxTables}`,
      positionOf(module, ExternKind.Table, maxTables, Section.Table),
    );
  for (let i = 0; i < module.tables.length; i++) checkTable(module, module.tables[i], i);
}

function checkTable(module: Module, table: Table, index: number): void {
  const { type, init, position } = table;
  const { limits, element, index64 } = type;
  if (!index64 && (limits.min > maxElements32 || (limits.max ?? 0) > maxElements32)) {
    failModule("table size must be at most 2^32 - 1", position);
  }
  if (init !== undefined) checkConstExpr(init, element, module, module.importedGlobals, position);
  else if (index >= module.importedTables && !isDefaultable(element)) {
    failModule(`type mismatch: table of ${typeName(element)} has no initial value`, position);
  }
}

function checkMemories(module: Module): void {
  const { length } = module.memories;
  if (length > maxMemories)
    failModule(
      `too many memories: more than ${maxMemories}`,
      positionOf(module, ExternKind.Memory, maxMemories, Section.Memory),
    );
  module.memories.forEach((memory, i) => {
    const problem = memoryProblem(memory);
    if (problem !== undefined) failModule(problem, positionOf(module, ExternKind.Memory, i, Section.Memory));
  });
}

function memoryProblem({ limits, index64, shared, pageSizeLog2 }: MemoryType): string | undefined {
  if (pageSizeLog2 !== 16 && pageSizeLog2 !== 0) return `invalid custom page size 2^${pageSizeLog2}`;
  // In pages of one byte, the size itself must be an address.
  const max = pageSizeLog2 === 0 ? (index64 ? Infinity : maxElements32) : index64 ? maxPages64 : maxPages32;
  if (limits.min > max || (limits.max ?? 0) > max) {
    return `memory size must be at most ${max} pages${index64 ? "" : " (4GiB)"}`;
  }
  return shared && limits.max === undefined ? "shared memory must have maximum" : undefined;
}

function checkGlobals(module: Module): void {
  const { globals, importedGlobals } = module;
  for (let i = importedGlobals; i < globals.length; i++) {
    checkConstExpr(globals[i].init, globals[i].type.type, module, i, globals[i].position);
  }
}

function checkExports(module: Module): void {
  const names = new Set<string>();
  for (const entry of module.exports) {
    const { name, kind, index, position } = entry;
    if (names.has(name)) failModule(`duplicate export name "${name}"`, position);
    names.add(name);
    if (index >= spaceOf(module, entry)) failModule(`unknown ${externNouns[kind]} ${index}`, position);
  }
}

function spaceOf(module: Module, { kind }: Export): number {
  switch (kind) {
    case ExternKind.Func:
      return module.functions.length;
    case ExternKind.Table:
      return module.tables.length;
    case ExternKind.Memory:
      return module.memories.length;
    case ExternKind.Global:
      return module.globals.length;
    case ExternKind.Tag:
      return module.tags.length;
  }
}

function checkStart({ start, functions, types, sections }: Module): void {
  if (start === undefined) return;
  if (start >= functions.length) failModule(`unknown function ${start}`, sections[Section.Start]);
  const { params, results } = types[functions[start]];
  if (params.length + results.length !== 0) {
    failModule("start function has parameters or results", sections[Section.Start]);
  }
}

function indexType(index64: boolean): ValType {
  return index64 ? Num.I64 : Num.I32;
}

function checkElements(module: Module, segment: ElementSegment): void {
  const { mode, table, type, offset, functions, expressions, position } = segment;
  if (mode === SegmentMode.Active) {
    if (table >= module.tables.length) failModule(`unknown table ${table}`, position);
    const { element, index64 } = module.tables[table].type;
    if (!matchesVal(type, element)) {
      failModule(`type mismatch: elements of ${typeName(type)} for a table of ${typeName(element)}`, position);
    }
    checkConstExpr(offset ?? [], indexType(index64), module, module.globals.length, position);
  }
  // Not `of`: before it is optimised, that allocates an object for each.
  for (let i = 0; functions !== undefined && i < functions.length; i++) {
    if (functions[i] >= module.functions.length) failModule(`unknown function ${functions[i]}`, position);
  }
  for (const expr of expressions ?? []) checkConstExpr(expr, type, module, module.globals.length, position);
}

function checkData(module: Module): void {
  const { dataSegments, memories } = module;
  // Plain segments ask for nothing but a first memory with addresses of i32.
  if (memories.length > 0 && !memories[0].index64) {
    for (const segment of dataSegments.others) checkSegment(module, segment);
  } else {
    for (let i = 0; i < dataSegments.length; i++) checkSegment(module, dataSegments.at(i));
  }
}

function checkSegment(module: Module, { mode, memory, offset, position }: DataSegment): void {
  if (mode === SegmentMode.Passive) return;
  if (memory >= module.memories.length) failModule(`unknown memory ${memory}`, position);
  const { index64 } = module.memories[memory];
  checkConstExpr(offset ?? [], indexType(index64), module, module.globals.length, position);
}
