// Refuses a module that uses a feature which is off, as far as declarations show it; instructions are refused by their words.
import { type Feature, type Features, wasm3 } from "../syntax/features.ts";
import { instructions, opName } from "../syntax/instructions.ts";
import { type ConstExpr, type ElementSegment, ExternKind, type Module } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import {
  CompositeKind,
  type DefType,
  FIRST_DEFINED,
  Heap,
  heapOf,
  isNullable,
  isRef,
  Num,
  Ref,
  refType,
  typeName,
  type ValType,
} from "../syntax/types.ts";
import { failModule } from "./fail.ts";

const enum Section {
  DataCount = 12,
}

/** Is told of a feature, what needs it, and where. */
type Need = (feature: Feature, what: string, position: number) => void;

/** Checks the declarations of a module against the features that are on. */
export function checkFeatures(module: Module, features: Features): void {
  const walk = new DeclarationWalk(module, (feature, what, position) => {
    if (!features.has(feature)) failModule(`feature ${feature} is off: ${what}`, position);
  });
  walk.checkEncodings();
  // All else came with some version up to 3.0.
  if ([...wasm3].some((feature) => !features.has(feature))) walk.checkOld();
}

/** Tells of each feature that the declarations of a module need, as often as they do. */
export function eachNeed(module: Module, need: Need): void {
  const walk = new DeclarationWalk(module, need);
  walk.checkEncodings();
  walk.checkOld();
}

/** The feature that a value type or heap type came with. */
export function featureOfType(type: ValType): Feature | undefined {
  if (!isRef(type)) return type === Num.V128 ? "simd" : undefined;
  const heap = heapOf(type);
  if (heap === Heap.Exn || heap === Heap.NoExn) return "exceptions";
  if (heap === Heap.Func || heap === Heap.Extern) return isNullable(type) ? "reference-types" : "function-references";
  return heap < FIRST_DEFINED ? "gc" : "function-references";
}

class DeclarationWalk {
  readonly #module: Module;
  readonly #need: Need;

  constructor(module: Module, need: Need) {
    this.#module = module;
    this.#need = need;
  }

  checkEncodings(): void {
    for (const { feature, what, position } of this.#module.encodings) this.#need(feature, what, position);
  }

  checkOld(): void {
    const { types, typePositions, dataCount, sections } = this.#module;
    for (let i = 0; i < types.length; i++) this.checkType(types[i], typePositions[i]);
    this.checkTables();
    this.checkGlobals();
    if (dataCount !== undefined) this.#need("bulk-memory", "data count section", sections[Section.DataCount]);
    this.checkSegments();
  }

  private checkType({ kind, params, results, fields }: DefType, position: number): void {
    if (kind !== CompositeKind.Func) this.#need("gc", "structure or array type", position);
    if (results.length > 1) this.#need("multi-value", "function type with several results", position);
    for (const type of params) this.checkVal(type, position);
    for (const type of results) this.checkVal(type, position);
    for (const { storage } of fields) this.checkVal(storage, position);
  }

  private checkVal(type: ValType, position: number): void {
    const feature = featureOfType(type);
    if (feature !== undefined) this.#need(feature, `type ${typeName(type)}`, position);
  }

  private checkTables(): void {
    const { tables } = this.#module;
    for (const { type, init, position } of tables) {
      if (type.element !== Ref.FuncNull) this.checkVal(type.element, position);
      if (init === undefined) continue;
      this.#need("function-references", "initial value of a table", position);
      this.checkExpr(init);
    }
    if (tables.length > 1) this.#need("reference-types", "second table", tables[1].position);
  }

  private checkGlobals(): void {
    const { imports, exports, globals } = this.#module;
    for (const { extern, position } of imports) {
      if (extern.kind === ExternKind.Global && extern.type.mutable)
        this.#need("mutable-globals", "mutable import", position);
    }
    for (const { kind, index, position } of exports) {
      const isMutable = kind === ExternKind.Global && globals[index]?.type.mutable === true;
      if (isMutable) this.#need("mutable-globals", "mutable export", position);
    }
    for (const { type, init, position } of globals) {
      this.checkVal(type.type, position);
      this.checkExpr(init);
    }
  }

  private checkSegments(): void {
    let last: ElementSegment | undefined;
    for (const segment of this.#module.elements) {
      if (segment === last) continue;
      last = segment;
      const { type, table, expressions, offset, position } = segment;
      if (table !== 0) this.#need("reference-types", "segment of another table", position);
      if (offset !== undefined) this.checkExpr(offset);
      if (expressions === undefined) continue;
      if (type !== Ref.FuncNull) this.checkVal(type, position);
      for (const expr of expressions) this.checkExpr(expr);
    }
    for (const { offset } of this.#module.dataSegments.others) this.checkExpr(offset ?? []);
  }

  private checkExpr(expr: ConstExpr): void {
    for (const { op, value, offset } of expr) {
      const name = opName(op)!;
      const since = instructions[name]![3];
      if (since !== undefined) this.#need(since, name, offset);
      else if (/\.(add|sub|mul)$/.test(name)) this.#need("extended-const", name, offset);
      if (op === Op["ref.null"]) this.checkVal(refType(value as number, true), offset);
      const isOwn = op === Op["global.get"] && (value as number) >= this.#module.importedGlobals;
      if (isOwn) this.#need("gc", "global.get of a global that is not imported", offset);
    }
  }
}
