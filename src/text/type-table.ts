// Takes type definitions and type uses, gives the type section and indices into it (specification: 6.4.6–6.4.7 Types, 6.4.15 Type Uses).
import { ListWriter, type Writer } from "../binary/encode.ts";
import { TypeCode } from "../binary/type-codes.ts";
import { CompositeKind } from "../syntax/types.ts";
import type { Cursor } from "./cursor.ts";
import { IndexSpace } from "./index-space.ts";
import { Token } from "./lexer.ts";
import { readStorageType, readValType, type ValCode, writeValType, writeValTypes } from "./value-types.ts";

/** Parameters and results. */
export interface Signature {
  readonly params: readonly ValCode[];
  readonly results: readonly ValCode[];
}

/** What the rest of a module has to know of a defined type. */
interface TypeDef extends Signature {
  readonly kind: CompositeKind;
  /** Of a struct. */
  readonly fields: IndexSpace;
}

const none: Signature = { params: [], results: [] };

/** The types of a module: the defined ones, and those that type uses add behind them. */
export class TypeTable {
  readonly space: IndexSpace = new IndexSpace("type");
  readonly section: ListWriter = new ListWriter();
  readonly #defs: TypeDef[] = [];
  /** The first plain function type of each signature. */
  readonly #plain = new Map<string, number>();

  /** Takes a definition, or a recursion group of them, whose identifiers were declared before. */
  readDefinition(cursor: Cursor): void {
    this.section.count++;
    this.section.mark(cursor.place());
    if (!cursor.acceptOpen("rec")) {
      this.#readType(cursor, true);
      return;
    }
    let end = cursor.at;
    let size = 0;
    for (; cursor.tokens.kinds[end] === Token.Left; end = cursor.tokens.closings[end] + 1) size++;
    if (size !== 1) {
      this.section.byte(TypeCode.Rec);
      this.section.u32(size);
    }
    while (cursor.kind === Token.Left) this.#readType(cursor, size === 1);
    cursor.close();
  }

  /** The identifiers of a struct's fields, or undefined where the type is none. */
  fieldsOf(type: number): IndexSpace | undefined {
    const def = this.#defs[type];
    return def?.kind === CompositeKind.Struct ? def.fields : undefined;
  }

  /** The identifiers of fields of all structs that have some. */
  *namedFields(): Iterable<[type: number, ids: ReadonlyMap<number, string>]> {
    for (const [type, { fields }] of this.#defs.entries()) if (fields.ids.size > 0) yield [type, fields.ids];
  }

  /** Takes a type use. Identifiers of parameters go to `locals`; without one they are a mistake. */
  readUse(cursor: Cursor, locals?: IndexSpace): number {
    const { at } = cursor;
    const explicit = this.readExplicit(cursor);
    const inlineAt = cursor.at;
    const signature = readSignature(cursor, this.space, locals);
    if (explicit === undefined) return this.indexOf(signature);
    const def = this.#defs[explicit];
    if (cursor.at === inlineAt) {
      // Locals come after the parameters that the type has.
      if (locals !== undefined) locals.count = def?.params.length ?? 0;
      return explicit;
    }
    if (def === undefined) cursor.fail(`unknown type ${explicit}`, at);
    if (def.kind !== CompositeKind.Func || keyOf(def) !== keyOf(signature)) {
      cursor.fail("inline function type does not match its type", inlineAt);
    }
    return explicit;
  }

  /** Takes `(type index)`, if there is one. */
  readExplicit(cursor: Cursor): number | undefined {
    if (!cursor.acceptOpen("type")) return undefined;
    const index = this.space.read(cursor);
    cursor.close();
    return index;
  }

  /** Takes a block type and writes it. */
  readBlockType(cursor: Cursor, out: Writer): void {
    if (cursor.kind !== Token.Left) {
      out.byte(emptyBlock);
      return;
    }
    if (!cursor.isOpen("type") && !cursor.isOpen("param")) {
      const signature = readSignature(cursor, this.space, undefined);
      if (signature.results.length === 0) out.byte(emptyBlock);
      else if (signature.results.length === 1) writeValType(out, signature.results[0]);
      else out.typeIndex(this.indexOf(signature));
      return;
    }
    out.typeIndex(this.readUse(cursor));
  }

  /** The index of a plain function type, which is added where there is none. */
  indexOf(signature: Signature): number {
    const key = keyOf(signature);
    const known = this.#plain.get(key);
    if (known !== undefined) return known;
    const index = this.space.count++;
    this.section.count++;
    this.section.byte(TypeCode.Func);
    writeValTypes(this.section, signature.params);
    writeValTypes(this.section, signature.results);
    this.#add({ ...signature, kind: CompositeKind.Func, fields: noFields }, true);
    return index;
  }

  #add(def: TypeDef, isPlain: boolean): void {
    const index = this.#defs.push(def) - 1;
    if (!isPlain || def.kind !== CompositeKind.Func) return;
    const key = keyOf(def);
    if (!this.#plain.has(key)) this.#plain.set(key, index);
  }

  #readType(cursor: Cursor, isAlone: boolean): void {
    cursor.open("type");
    this.space.define(cursor);
    const isSub = cursor.acceptOpen("sub");
    const isFinal = !isSub || cursor.acceptWord("final");
    const supertypes: number[] = [];
    while (isSub && this.space.isNext(cursor)) supertypes.push(this.space.read(cursor));
    if (!isFinal || supertypes.length > 0) {
      this.section.byte(isFinal ? TypeCode.SubFinal : TypeCode.Sub);
      this.section.u32(supertypes.length);
      for (const supertype of supertypes) this.section.u32(supertype);
    }
    this.#add(this.#readComposite(cursor), isAlone && isFinal && supertypes.length === 0);
    if (isSub) cursor.close();
    cursor.close();
  }

  #readComposite(cursor: Cursor): TypeDef {
    const { section, space } = this;
    if (cursor.acceptOpen("func")) {
      section.byte(TypeCode.Func);
      const signature = readSignature(cursor, space, new IndexSpace("parameter"));
      writeValTypes(section, signature.params);
      writeValTypes(section, signature.results);
      cursor.close();
      return { ...signature, kind: CompositeKind.Func, fields: noFields };
    }
    if (cursor.acceptOpen("array")) {
      section.byte(TypeCode.Array);
      readFieldType(cursor, space, section);
      cursor.close();
      return { ...none, kind: CompositeKind.Array, fields: noFields };
    }
    cursor.open("struct");
    const fields = new IndexSpace("field");
    const types = new ListWriter();
    while (cursor.acceptOpen("field")) {
      if (cursor.isId()) {
        fields.declare(cursor);
        readFieldType(cursor, space, types);
      } else {
        for (; !cursor.is(Token.Right); fields.count++) readFieldType(cursor, space, types);
      }
      cursor.close();
    }
    cursor.close();
    section.byte(TypeCode.Struct);
    section.u32(fields.count);
    section.append(types);
    return { ...none, kind: CompositeKind.Struct, fields };
  }
}

const emptyBlock = 0x40;
const noFields = new IndexSpace("field");

function keyOf({ params, results }: Signature): string {
  return `${params.join()}>${results.join()}`;
}

/** Takes parameters and results. Identifiers go to `locals`, which counts the parameters; without one they are a mistake. */
export function readSignature(cursor: Cursor, types: IndexSpace, locals: IndexSpace | undefined): Signature {
  if (cursor.kind !== Token.Left) return none;
  const params: ValCode[] = [];
  while (cursor.acceptOpen("param")) {
    if (cursor.isId()) {
      if (locals === undefined) cursor.fail();
      locals.declare(cursor);
      params.push(readValType(cursor, types));
    } else {
      const before = params.length;
      while (!cursor.is(Token.Right)) params.push(readValType(cursor, types));
      if (locals !== undefined) locals.count += params.length - before;
    }
    cursor.close();
  }
  const results = readResults(cursor, types);
  // Out of order. Whether the signature fits its type does not matter any more.
  if (cursor.isOpen("param") || cursor.isOpen("type")) cursor.fail();
  return { params, results };
}

/** Takes results. */
export function readResults(cursor: Cursor, types: IndexSpace): ValCode[] {
  const results: ValCode[] = [];
  while (cursor.acceptOpen("result")) {
    while (!cursor.is(Token.Right)) results.push(readValType(cursor, types));
    cursor.close();
  }
  return results;
}

function readFieldType(cursor: Cursor, types: IndexSpace, out: Writer): void {
  const mutable = cursor.acceptOpen("mut");
  writeValType(out, readStorageType(cursor, types));
  out.byte(Number(mutable));
  if (mutable) cursor.close();
}
