// Takes the fields of a module, gives its bytes (specification: 6.6 Modules).
// Three passes over the tokens: identifiers, types, and all the rest in order of the text, which is the order of the indices.
import { ListWriter, Writer } from "../binary/encode.ts";
import { SectionId } from "../binary/section-id.ts";
import { ExternKind, externNouns } from "../syntax/module.ts";
import { Body } from "./body.ts";
import type { Cursor } from "./cursor.ts";
import { type Custom, readCustom } from "./custom.ts";
import { declareField, eachField, spaceOf } from "./declare.ts";
import {
  defineData,
  defineElements,
  defineFunction,
  defineGlobal,
  defineMemory,
  defineTable,
  defineTag,
  writeGlobalType,
  writeTagType,
} from "./definitions.ts";
import { IndexSpace } from "./index-space.ts";
import { Token } from "./lexer.ts";
import { readMemoryType, readTableType } from "./limits.ts";
import { readName } from "./name-annotation.ts";
import type { FunctionNames } from "./name-section.ts";
import { Spaces } from "./spaces.ts";

/** Everything of a module that its text says. */
export class ModuleText {
  readonly cursor: Cursor;
  readonly body: Body;
  /** For one function after another. */
  readonly code: Writer = new Writer(1024);
  readonly spaces: Spaces = new Spaces();
  readonly customs: Custom[] = [];
  readonly functionNames: FunctionNames = { locals: new Map(), labels: new Map() };
  /** Function index → position in its body and value of each branch hint. */
  readonly branchHints: Map<number, readonly [position: number, value: number][]> = new Map();
  name: string | undefined;
  start: number | undefined;
  /** What the start function is marked with. */
  startPlace = -1;
  readonly #sections = new Map<SectionId, ListWriter>();
  /** What was defined first: imports come before all definitions. */
  #defined: string | undefined;
  /** Where the field begins that is read. */
  #place = -1;

  constructor(cursor: Cursor, name: string | undefined) {
    this.cursor = cursor;
    this.body = new Body(cursor, this.spaces);
    const said = readName(cursor);
    if (said !== undefined && cursor.isText("(@name")) cursor.fail("@name annotation: multiple module");
    this.name = said ?? name;
  }

  /** A section's entries; there may be none. */
  section(id: SectionId): ListWriter {
    if (id === SectionId.Type) return this.spaces.types.section;
    let section = this.#sections.get(id);
    if (section === undefined) this.#sections.set(id, (section = new ListWriter()));
    return section;
  }

  /** One more entry of a section, for the field that is read. */
  entry(id: SectionId): ListWriter {
    const section = this.section(id);
    section.count++;
    section.mark(this.#place);
    return section;
  }

  /** Takes all fields. */
  read(): void {
    const cursor = this.cursor;
    const start = cursor.at;
    eachField(cursor, () => declareField(cursor, this.spaces));
    cursor.at = start;
    eachField(cursor, () => {
      if (cursor.isOpen("type") || cursor.isOpen("rec")) this.spaces.types.readDefinition(cursor);
    });
    cursor.at = start;
    while (cursor.kind === Token.Left || cursor.kind === Token.Annotation) {
      if (cursor.kind === Token.Left) this.#field();
      else this.#annotation();
    }
  }

  /** Keeps the identifiers of a function's parameters and locals. */
  nameLocals(functionIndex: number, { ids }: IndexSpace): void {
    if (ids.size > 0) this.functionNames.locals.set(functionIndex, ids);
  }

  #annotation(): void {
    const cursor = this.cursor;
    if (cursor.isText("(@custom")) this.customs.push(readCustom(cursor));
    else if (cursor.isText("(@metadata.code.branch_hint")) {
      cursor.fail("@metadata.code.branch_hint annotation: not in a function");
    } else cursor.fail();
  }

  #field(): void {
    const cursor = this.cursor;
    if (cursor.isOpen("type") || cursor.isOpen("rec")) {
      cursor.skipGroup();
      return;
    }
    this.#place = cursor.place();
    cursor.at++;
    const { at } = cursor;
    const word = cursor.keyword();
    switch (word) {
      case "import":
        this.#import(at);
        break;
      case "func":
        defineFunction(this);
        break;
      case "table":
        defineTable(this);
        break;
      case "memory":
        defineMemory(this);
        break;
      case "global":
        defineGlobal(this);
        break;
      case "tag":
        defineTag(this);
        break;
      case "export":
        this.#export();
        break;
      case "start":
        if (this.start !== undefined) cursor.fail("multiple start sections", at);
        this.startPlace = this.#place;
        this.start = this.spaces.functions.read(cursor);
        break;
      case "elem":
        defineElements(this);
        break;
      case "data":
        defineData(this);
        break;
      default:
        cursor.fail(undefined, at);
    }
    cursor.close();
  }

  // Imports and exports, which may also stand inside of what they are about.

  #import(at: number): void {
    const cursor = this.cursor;
    const imports = this.#importNames(at);
    cursor.accept(Token.Left) || cursor.fail();
    const kindAt = cursor.at;
    switch (cursor.keyword()) {
      case "func": {
        const index = this.spaces.functions.define(cursor);
        const parameters = new IndexSpace("parameter");
        imports.byte(ExternKind.Func);
        imports.u32(this.spaces.types.readUse(cursor, parameters));
        this.nameLocals(index, parameters);
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
        writeGlobalType(this, imports);
        break;
      case "tag":
        this.spaces.tags.define(cursor);
        imports.byte(ExternKind.Tag);
        writeTagType(this, imports);
        break;
      default:
        cursor.fail(undefined, kindAt);
    }
    cursor.close();
  }

  #importNames(at: number): ListWriter {
    const cursor = this.cursor;
    if (this.#defined !== undefined) cursor.fail(`import after ${this.#defined}`, at);
    const imports = this.entry(SectionId.Import);
    imports.name(cursor.name());
    imports.name(cursor.name());
    return imports;
  }

  /** Takes inline exports and an inline import. Gives where the import's type has to go, or undefined for a definition. */
  readInline(kind: ExternKind, index: number): ListWriter | undefined {
    const cursor = this.cursor;
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
    const cursor = this.cursor;
    const name = cursor.name();
    cursor.accept(Token.Left) || cursor.fail();
    const kindAt = cursor.at;
    const word = cursor.keyword();
    const kind = externWords.indexOf(word);
    if (kind < 0) cursor.fail(undefined, kindAt);
    this.#writeExport(name, kind, spaceOf(this.spaces, word)!.read(cursor));
    cursor.close();
  }

  #writeExport(name: string, kind: ExternKind, index: number): void {
    const exports = this.entry(SectionId.Export);
    exports.name(name);
    exports.byte(kind);
    exports.u32(index);
  }
}

const externWords = ["func", "table", "memory", "global", "tag"];
