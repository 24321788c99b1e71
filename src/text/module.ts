// Takes the fields of a module, gives its bytes (specification: 6.6 Modules).
// Three passes over the tokens: identifiers, types, and all the rest in order of the text, which is the order of the indices.
import { ListWriter, SectionId, Writer } from "../binary/encode.ts";
import { ExternKind } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { Body } from "./body.ts";
import type { Cursor } from "./cursor.ts";
import { type Custom, readCustom } from "./custom.ts";
import { IndexSpace } from "./index-space.ts";
import { Token } from "./lexer.ts";
import { memoryTypeOf, readMemoryType, readPageSize, readTableType, tableTypeOf } from "./limits.ts";
import { readName } from "./name-annotation.ts";
import type { FunctionNames } from "./name-section.ts";
import { readBytes, readElementList, readListType, writeData, writeElements, zero } from "./segments.ts";
import { Spaces } from "./spaces.ts";
import { isRefTypeNext, readRefType, readValType, type ValCode, writeValType } from "./value-types.ts";

/** Everything of a module that its text says. */
export class ModuleText {
  readonly spaces: Spaces = new Spaces();
  readonly customs: Custom[] = [];
  readonly functionNames: FunctionNames = { locals: new Map(), labels: new Map() };
  /** Function index → position in its body and value of each branch hint. */
  readonly branchHints: Map<number, readonly [position: number, value: number][]> = new Map();
  name: string | undefined;
  start: number | undefined;
  readonly #sections = new Map<SectionId, ListWriter>();
  readonly #cursor: Cursor;
  readonly #body: Body;
  readonly #code = new Writer(1024);
  /** What was defined first: imports come before all definitions. */
  #defined: string | undefined;

  constructor(cursor: Cursor, name: string | undefined) {
    this.#cursor = cursor;
    this.#body = new Body(cursor, this.spaces);
    this.name = readName(cursor) ?? name;
  }

  /** A section's entries; there may be none. */
  section(id: SectionId): ListWriter {
    if (id === SectionId.Type) return this.spaces.types.section;
    let section = this.#sections.get(id);
    if (section === undefined) this.#sections.set(id, (section = new ListWriter()));
    return section;
  }

  /** Takes all fields. */
  read(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    this.#eachField(() => this.#declare());
    cursor.at = start;
    this.#eachField(() => {
      if (cursor.isOpen("type") || cursor.isOpen("rec")) this.spaces.types.readDefinition(cursor);
    });
    cursor.at = start;
    while (cursor.kind === Token.Left || cursor.kind === Token.Annotation) {
      if (cursor.kind === Token.Left) this.#field();
      else this.#annotation();
    }
  }

  #eachField(visit: () => void): void {
    const cursor = this.#cursor;
    const { closings } = cursor.tokens;
    while (cursor.kind === Token.Left || cursor.kind === Token.Annotation) {
      const closing = closings[cursor.at];
      if (cursor.kind === Token.Left) visit();
      cursor.at = closing;
      if (!cursor.accept(Token.Right)) return;
    }
  }

  // The first pass: identifiers. What does not fit is left for the last pass to complain about.
  #declare(): void {
    const cursor = this.#cursor;
    if (cursor.acceptOpen("rec")) {
      this.#eachField(() => {
        if (cursor.acceptOpen("type")) this.spaces.types.space.declare(cursor);
      });
      return;
    }
    const closing = cursor.tokens.closings[cursor.at];
    cursor.at++;
    if (cursor.acceptWord("import")) {
      if (!cursor.accept(Token.String) || !cursor.accept(Token.String) || !cursor.accept(Token.Left)) return;
    }
    const space = this.#spaceOf(cursor.text);
    if (space === undefined) return;
    cursor.at++;
    space.declare(cursor);
    if (space !== this.spaces.tables && space !== this.spaces.memories) return;
    // The segments that tables and memories may hold have indices too.
    for (; cursor.at < closing; cursor.at++) {
      if (cursor.isOpen("elem")) this.spaces.elements.count++;
      else if (cursor.isOpen("data")) this.spaces.data.count++;
      if (cursor.kind === Token.Left) cursor.at = cursor.tokens.closings[cursor.at];
    }
  }

  #spaceOf(field: string): IndexSpace | undefined {
    switch (field) {
      case "type":
        return this.spaces.types.space;
      case "func":
        return this.spaces.functions;
      case "table":
        return this.spaces.tables;
      case "memory":
        return this.spaces.memories;
      case "global":
        return this.spaces.globals;
      case "tag":
        return this.spaces.tags;
      case "elem":
        return this.spaces.elements;
      case "data":
        return this.spaces.data;
      default:
        return undefined;
    }
  }

  #annotation(): void {
    const cursor = this.#cursor;
    if (cursor.isText("(@custom")) this.customs.push(readCustom(cursor));
    else if (cursor.isText("(@metadata.code.branch_hint")) {
      cursor.fail("@metadata.code.branch_hint annotation: not in a function");
    } else cursor.fail();
  }

  #field(): void {
    const cursor = this.#cursor;
    if (cursor.isOpen("type") || cursor.isOpen("rec")) {
      cursor.skipGroup();
      return;
    }
    cursor.at++;
    const { at } = cursor;
    const word = cursor.keyword();
    switch (word) {
      case "import":
        this.#import(at);
        break;
      case "func":
        this.#func();
        break;
      case "table":
        this.#table();
        break;
      case "memory":
        this.#memory();
        break;
      case "global":
        this.#global();
        break;
      case "tag":
        this.#tag();
        break;
      case "export":
        this.#export();
        break;
      case "start":
        if (this.start !== undefined) cursor.fail("multiple start sections", at);
        this.start = this.spaces.functions.read(cursor);
        break;
      case "elem":
        this.#elem();
        break;
      case "data":
        this.#data();
        break;
      default:
        cursor.fail(undefined, at);
    }
    cursor.close();
  }

  // Imports and exports, which may also stand inside of what they are about.

  #import(at: number): void {
    const cursor = this.#cursor;
    const imports = this.#importNames(at);
    cursor.accept(Token.Left) || cursor.fail();
    const kindAt = cursor.at;
    switch (cursor.keyword()) {
      case "func": {
        const index = this.spaces.functions.define(cursor);
        const parameters = new IndexSpace("parameter");
        imports.byte(ExternKind.Func);
        imports.u32(this.spaces.types.readUse(cursor, parameters));
        this.#nameLocals(index, parameters);
        break;
      }
      case "table":
        this.spaces.tables.define(cursor);
        imports.byte(ExternKind.Table);
        imports.raw(readTableType(cursor, this.spaces.types.space));
        break;
      case "memory":
        this.spaces.memories.define(cursor);
        imports.byte(ExternKind.Memory);
        imports.raw(readMemoryType(cursor));
        break;
      case "global":
        this.spaces.globals.define(cursor);
        imports.byte(ExternKind.Global);
        this.#globalType(imports);
        break;
      case "tag":
        this.spaces.tags.define(cursor);
        imports.byte(ExternKind.Tag);
        this.#tagType(imports);
        break;
      default:
        cursor.fail(undefined, kindAt);
    }
    cursor.close();
  }

  #importNames(at: number): ListWriter {
    const cursor = this.#cursor;
    if (this.#defined !== undefined) cursor.fail(`import after ${this.#defined}`, at);
    const imports = this.section(SectionId.Import);
    imports.count++;
    imports.name(cursor.name());
    imports.name(cursor.name());
    return imports;
  }

  // Takes inline exports and an inline import. Gives where the import's type has to go.
  #inline(kind: ExternKind, index: number): ListWriter | undefined {
    const cursor = this.#cursor;
    while (cursor.acceptOpen("export")) {
      this.#writeExport(cursor.name(), kind, index);
      cursor.close();
    }
    const { at } = cursor;
    if (!cursor.acceptOpen("import")) {
      this.#defined ??= externNouns[kind];
      return undefined;
    }
    const imports = this.#importNames(at);
    imports.byte(kind);
    cursor.close();
    return imports;
  }

  #export(): void {
    const cursor = this.#cursor;
    const name = cursor.name();
    cursor.accept(Token.Left) || cursor.fail();
    const kindAt = cursor.at;
    const word = cursor.keyword();
    const kind = externWords.indexOf(word);
    if (kind < 0) cursor.fail(undefined, kindAt);
    this.#writeExport(name, kind, this.#spaceOf(word)!.read(cursor));
    cursor.close();
  }

  #writeExport(name: string, kind: ExternKind, index: number): void {
    const exports = this.section(SectionId.Export);
    exports.count++;
    exports.name(name);
    exports.byte(kind);
    exports.u32(index);
  }

  // Definitions.

  #func(): void {
    const cursor = this.#cursor;
    const index = this.spaces.functions.define(cursor);
    const imports = this.#inline(ExternKind.Func, index);
    const body = this.#body;
    body.begin();
    const type = this.spaces.types.readUse(cursor, body.locals);
    if (imports !== undefined) {
      imports.u32(type);
      this.#nameLocals(index, body.locals);
      return;
    }
    const functions = this.section(SectionId.Function);
    functions.count++;
    functions.u32(type);
    const code = this.#code;
    code.truncate(0);
    this.#locals(body.locals, code);
    body.readSequence(code);
    code.opcode(Op.end);
    const bodies = this.section(SectionId.Code);
    bodies.count++;
    bodies.sized(code.from(0));
    this.#nameLocals(index, body.locals);
    if (body.labels.ids.size > 0) this.functionNames.labels.set(index, body.labels.ids);
    if (body.branchHints.length > 0) this.branchHints.set(index, body.branchHints);
  }

  #nameLocals(index: number, { ids }: IndexSpace): void {
    if (ids.size > 0) this.functionNames.locals.set(index, ids);
  }

  #locals(locals: IndexSpace, out: Writer): void {
    const cursor = this.#cursor;
    const types: ValCode[] = [];
    while (cursor.acceptOpen("local")) {
      if (cursor.isId()) {
        locals.declare(cursor);
        types.push(readValType(cursor, this.spaces.types.space));
      } else {
        for (; cursor.kind !== Token.Right; locals.count++) {
          types.push(readValType(cursor, this.spaces.types.space));
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
    out.raw(runs.from(0));
  }

  #table(): void {
    const cursor = this.#cursor;
    const { tables, types } = this.spaces;
    const index = tables.define(cursor);
    const imports = this.#inline(ExternKind.Table, index);
    if (imports !== undefined) {
      imports.raw(readTableType(cursor, types.space));
      return;
    }
    const section = this.section(SectionId.Table);
    section.count++;
    const isIndex64 = cursor.isText("i64");
    if (!isRefTypeNext(cursor, isIndex64 || cursor.isText("i32") ? 1 : 0)) {
      const type = readTableType(cursor, types.space);
      const hasInit = cursor.kind === Token.Left;
      if (hasInit) section.raw(tableWithInit);
      section.raw(type);
      if (hasInit) this.#expression(section);
      return;
    }
    if (isIndex64 || cursor.isText("i32")) cursor.at++;
    const type = readRefType(cursor, types.space);
    cursor.open("elem");
    this.spaces.elements.defineNameless();
    const list = readElementList(cursor, this.spaces, this.#body, type);
    cursor.close();
    section.raw(tableTypeOf(type, isIndex64, list.count));
    writeElements(this.section(SectionId.Element), { table: index, offset: zero(isIndex64) }, list);
  }

  #memory(): void {
    const cursor = this.#cursor;
    const index = this.spaces.memories.define(cursor);
    const imports = this.#inline(ExternKind.Memory, index);
    if (imports !== undefined) {
      imports.raw(readMemoryType(cursor));
      return;
    }
    const section = this.section(SectionId.Memory);
    section.count++;
    const isIndex64 = cursor.isText("i64");
    const open = isIndex64 || cursor.isText("i32") ? 1 : 0;
    if (cursor.kindAfter(open) !== Token.Left) {
      section.raw(readMemoryType(cursor));
      return;
    }
    cursor.at += open;
    const pageLog2 = readPageSize(cursor);
    cursor.open("data");
    this.spaces.data.defineNameless();
    const bytes = readBytes(cursor);
    cursor.close();
    section.raw(memoryTypeOf(isIndex64, bytes.length, pageLog2));
    writeData(this.section(SectionId.Data), { memory: index, offset: zero(isIndex64) }, bytes);
  }

  #global(): void {
    const index = this.spaces.globals.define(this.#cursor);
    const imports = this.#inline(ExternKind.Global, index);
    const section = imports ?? this.section(SectionId.Global);
    this.#globalType(section);
    if (imports !== undefined) return;
    section.count++;
    this.#expression(section);
  }

  #globalType(out: Writer): void {
    const cursor = this.#cursor;
    const mutable = cursor.acceptOpen("mut");
    writeValType(out, readValType(cursor, this.spaces.types.space));
    out.byte(Number(mutable));
    if (mutable) cursor.close();
  }

  #tag(): void {
    const index = this.spaces.tags.define(this.#cursor);
    const imports = this.#inline(ExternKind.Tag, index);
    const section = imports ?? this.section(SectionId.Tag);
    if (imports === undefined) section.count++;
    this.#tagType(section);
  }

  #tagType(out: Writer): void {
    out.byte(0x00);
    out.u32(this.spaces.types.readUse(this.#cursor, new IndexSpace("parameter")));
  }

  #elem(): void {
    const cursor = this.#cursor;
    const { spaces } = this;
    spaces.elements.define(cursor);
    const isDeclarative = cursor.acceptWord("declare");
    const table = isDeclarative ? undefined : this.#target("table", spaces.tables);
    const isActive = !isDeclarative && (table !== undefined || (cursor.kind === Token.Left && !isRefTypeNext(cursor)));
    const offset = isActive ? this.#offset() : undefined;
    const isBare = offset !== undefined && (spaces.functions.isNext(cursor) || cursor.kind === Token.Right);
    const list = readElementList(cursor, spaces, this.#body, isBare ? undefined : readListType(cursor, spaces));
    const place = offset === undefined ? { isDeclarative } : { table: table ?? 0, offset };
    writeElements(this.section(SectionId.Element), place, list);
  }

  #data(): void {
    const cursor = this.#cursor;
    const { data, memories } = this.spaces;
    data.define(cursor);
    const memory = this.#target("memory", memories);
    const isActive = memory !== undefined || cursor.kind === Token.Left;
    const place = isActive ? { memory: memory ?? 0, offset: this.#offset() } : undefined;
    writeData(this.section(SectionId.Data), place, readBytes(cursor));
  }

  // Takes `(table index)` or `(memory index)`; before WebAssembly 2.0, a mere index.
  #target(word: string, space: IndexSpace): number | undefined {
    const cursor = this.#cursor;
    if (cursor.kind === Token.Number) return space.read(cursor);
    if (!cursor.acceptOpen(word)) return undefined;
    const index = space.read(cursor);
    cursor.close();
    return index;
  }

  // Constant expressions.

  #offset(): Uint8Array {
    const cursor = this.#cursor;
    const out = new Writer(16);
    this.#body.begin();
    if (cursor.acceptOpen("offset")) {
      this.#body.readSequence(out);
      cursor.close();
    } else this.#body.readFolded(out);
    out.opcode(Op.end);
    return out.from(0);
  }

  #expression(out: Writer): void {
    this.#body.begin();
    this.#body.readSequence(out);
    out.opcode(Op.end);
  }
}

const tableWithInit = Uint8Array.of(0x40, 0x00);
const externWords = ["func", "table", "memory", "global", "tag"];
const externNouns = ["function", "table", "memory", "global", "tag"];
