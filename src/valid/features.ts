// Refuses a module that uses a feature which is off, as far as declarations show it; instructions are refused by their words.
import { type Feature, type Features, wasm3 } from "../syntax/features.ts";
import { type ConstExpr, ExternKind, type MemoryType, type Module, SegmentMode } from "../syntax/module.ts";
import { instructions, type Op, opName } from "../syntax/opcodes.ts";
import {
  CompositeKind,
  type DefType,
  Heap,
  heapOf,
  isNullable,
  isRef,
  Num,
  Ref,
  type ValType,
} from "../syntax/types.ts";
import { failModule } from "./fail.ts";

const enum Section {
  Memory = 5,
  DataCount = 12,
  Tag = 13,
}

/** Is told of a feature, what needs it, and where. */
type Need = (feature: Feature, what: string, position: number) => void;

/** Checks the declarations of a module against the features that are on. */
export function checkFeatures(module: Module, features: Features): void {
  const walk = new DeclarationWalk(module, (feature, what, position) => {
    if (!features.has(feature)) failModule(`feature ${feature} is off: ${what}`, position);
  });
  walk.checkMemories();
  // No declaration needs anything newer than version 3.0 but a memory.
  if ([...wasm3].some((feature) => !features.has(feature))) walk.checkOld();
}

/** Tells of each feature that the declarations of a module need, as often as they do. */
export function eachNeed(module: Module, need: Need): void {
  const walk = new DeclarationWalk(module, need);
  walk.checkMemories();
  walk.checkOld();
}

class DeclarationWalk {
  private readonly module: Module;
  private readonly need: Need;

  constructor(module: Module, need: Need) {
    this.module = module;
    this.need = need;
  }

  checkOld(): void {
    const { types, typePositions, tags, dataCount, sections } = this.module;
    for (let i = 0; i < types.length; i++) this.checkType(types[i], typePositions[i]);
    this.checkTables();
    this.checkGlobals();
    if (tags.length > 0) this.need("exceptions", "tag", sections[Section.Tag]);
    if (dataCount !== undefined) this.need("bulk-memory", "data count section", sections[Section.DataCount]);
    this.checkSegments();
  }

  private checkType({ kind, final, display, params, results, fields }: DefType, position: number): void {
    if (kind !== CompositeKind.Func) this.need("gc", "structure or array type", position);
    if (!final || display.length > 1) this.need("gc", "sub type", position);
    if (results.length > 1) this.need("multi-value", "function type with several results", position);
    for (const type of params) this.checkVal(type, position);
    for (const type of results) this.checkVal(type, position);
    for (const { storage } of fields) this.checkVal(storage, position);
  }

  private checkVal(type: ValType, position: number): void {
    if (type === Num.V128) this.need("simd", "vector type", position);
    if (!isRef(type)) return;
    const heap = heapOf(type);
    if (heap === Heap.Exn || heap === Heap.NoExn) this.need("exceptions", "exception type", position);
    else if (heap === Heap.Func || heap === Heap.Extern) {
      this.need(isNullable(type) ? "reference-types" : "function-references", "reference type", position);
    } else if (heap >= Heap.Any && heap <= Heap.NoExtern) this.need("gc", "reference type", position);
    else this.need("function-references", "reference type", position);
  }

  private checkTables(): void {
    const { tables } = this.module;
    for (const { type, init, position } of tables) {
      if (type.element !== Ref.FuncNull) this.checkVal(type.element, position);
      if (type.index64) this.need("memory64", "table with 64-bit index", position);
      if (init === undefined) continue;
      this.need("function-references", "initial value of a table", position);
      this.checkExpr(init);
    }
    if (tables.length > 1) this.need("reference-types", "second table", tables[1].position);
  }

  checkMemories(): void {
    const { memories, sections, imports } = this.module;
    const imported = imports.find(({ extern }) => extern.kind === ExternKind.Memory);
    const position = sections[Section.Memory] || (imported?.position ?? 0);
    if (memories.length > 1) this.need("multi-memory", "second memory", position);
    for (const memory of memories) this.checkMemory(memory, position);
  }

  private checkMemory({ index64, shared, pageSizeLog2 }: MemoryType, position: number): void {
    if (index64) this.need("memory64", "memory with 64-bit index", position);
    if (shared) this.need("threads", "shared memory", position);
    if (pageSizeLog2 !== 16) this.need("custom-page-sizes", "page size", position);
  }

  private checkGlobals(): void {
    const { imports, exports, globals } = this.module;
    for (const { extern, position } of imports) {
      if (extern.kind === ExternKind.Global && extern.type.mutable)
        this.need("mutable-globals", "mutable import", position);
    }
    for (const { kind, index, position } of exports) {
      const isMutable = kind === ExternKind.Global && globals[index]?.type.mutable === true;
      if (isMutable) this.need("mutable-globals", "mutable export", position);
    }
    for (const { type, init, position } of globals) {
      this.checkVal(type.type, position);
      this.checkExpr(init);
    }
  }

  private checkSegments(): void {
    for (const { mode, table, expressions, offset, position } of this.module.elements) {
      if (mode !== SegmentMode.Active) this.need("bulk-memory", "passive segment", position);
      if (table !== 0) this.need("reference-types", "segment of another table", position);
      if (offset !== undefined) this.checkExpr(offset);
      if (expressions !== undefined) this.need("bulk-memory", "segment of expressions", position);
      for (const expr of expressions ?? []) this.checkExpr(expr);
    }
    for (const segment of this.module.dataSegments.others) {
      if (segment.mode !== SegmentMode.Active) this.need("bulk-memory", "passive segment", segment.position);
      else this.checkExpr(segment.offset ?? []);
    }
  }

  private checkExpr(expr: ConstExpr): void {
    for (const { op, offset } of expr) {
      const name = opName(op)!;
      const since = instructions[name as keyof typeof Op][3];
      if (since !== undefined) this.need(since, name, offset);
      else if (/\.(add|sub|mul)$/.test(name)) this.need("extended-const", name, offset);
    }
  }
}
