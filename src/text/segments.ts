// Takes element and data segments, writes them as bytes (specification: 6.6.9 Element Segments, 6.6.8 Data Segments).
import { ListWriter, Writer } from "../binary/encode.ts";
import { Op } from "../syntax/opcodes.ts";
import type { Body } from "./body.ts";
import type { Cursor } from "./cursor.ts";
import { Token } from "./lexer.ts";
import type { Spaces } from "./spaces.ts";
import { readRefType, type ValCode, writeValType } from "./value-types.ts";

/** The elements of a segment; without a type, they are function indices. */
interface ElementList {
  readonly type: ValCode | undefined;
  readonly entries: ListWriter;
}

/** Where an element segment goes. */
export type ElementPlace = { readonly table: number; readonly offset: Writer } | { readonly isDeclarative: boolean };

const funcref: ValCode = 0x70;
const funcKind = 0x00;

const isNotActive = 1;
const isDeclarative = 2; // with isNotActive; without: a table index follows
const hasExpressions = 4;

/** Takes what a segment's elements are: undefined stands for functions by index. */
export function readListType(cursor: Cursor, { types }: Spaces): ValCode | undefined {
  return cursor.acceptWord("func") ? undefined : readRefType(cursor, types.space);
}

/** Takes elements up to a parenthesis: functions by index, which may have another type than that of all functions, or expressions. */
export function readElementList(
  cursor: Cursor,
  { functions }: Spaces,
  body: Body,
  type: ValCode | undefined,
  isIndices: boolean = type === undefined,
): ElementList {
  const list = new ListWriter();
  const isPlain = isIndices && (type === undefined || type === funcref);
  for (; cursor.kind !== Token.Right; list.count++) {
    if (isIndices) {
      if (!isPlain) list.opcode(Op["ref.func"]);
      list.u32(functions.read(cursor));
    } else if (cursor.acceptOpen("item")) {
      body.begin();
      body.readSequence(list);
      cursor.close();
    } else {
      body.begin();
      body.readFolded(list);
    }
    if (!isPlain) list.opcode(Op.end);
  }
  return { type: isPlain ? undefined : type, entries: list };
}

/** Writes an element segment, as an entry of its section that was begun. */
export function writeElements(section: ListWriter, place: ElementPlace, list: ElementList): void {
  const expressions = list.type === undefined ? 0 : hasExpressions;
  let hasType = true;
  if ("offset" in place) {
    hasType = place.table !== 0 || (expressions !== 0 && list.type !== funcref);
    section.u32(hasType ? expressions | 2 : expressions);
    if (hasType) section.u32(place.table);
    section.append(place.offset);
  } else section.u32(expressions | isNotActive | (place.isDeclarative ? isDeclarative : 0));
  if (hasType && list.type === undefined) section.byte(funcKind);
  else if (hasType) writeValType(section, list.type!);
  section.u32(list.entries.count);
  section.append(list.entries);
}

/** Takes strings up to a parenthesis as bytes. */
export function readBytes(cursor: Cursor): Uint8Array {
  const out = new Writer();
  while (cursor.kind === Token.String) out.raw(cursor.bytes());
  return out.view();
}

/** Writes a data segment, as an entry of its section that was begun; one without a place is passive. */
export function writeData(
  section: ListWriter,
  place: { readonly memory: number; readonly offset: Writer } | undefined,
  bytes: Uint8Array,
): void {
  if (place === undefined) section.u32(1);
  else {
    section.u32(place.memory === 0 ? 0 : 2);
    if (place.memory !== 0) section.u32(place.memory);
    section.append(place.offset);
  }
  section.sized(bytes);
}

/** The offset of a segment that stands in its table or memory. */
export function zero(isIndex64: boolean): Writer {
  const out = new Writer(3);
  out.raw(Uint8Array.of(isIndex64 ? Op["i64.const"] : Op["i32.const"], 0, Op.end));
  return out;
}
