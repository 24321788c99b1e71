// Takes `(@custom "name" (before func) "bytes")`, gives a custom section and its place (specification: A.6.3 Custom Annotations).
import { SectionId } from "../binary/section-id.ts";
import { decodeUtf8 } from "../util/utf8.ts";
import type { Cursor } from "./cursor.ts";
import { Token } from "./lexer.ts";
import { readBytes } from "./segments.ts";
import { stringBytes } from "./string.ts";

/** A custom section, and before or after which section it stands. */
export interface Custom {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isBefore: boolean;
  readonly section: SectionId;
}

const sections: Readonly<Record<string, SectionId>> = {
  type: SectionId.Type,
  import: SectionId.Import,
  func: SectionId.Function,
  table: SectionId.Table,
  memory: SectionId.Memory,
  tag: SectionId.Tag,
  global: SectionId.Global,
  export: SectionId.Export,
  start: SectionId.Start,
  elem: SectionId.Element,
  datacount: SectionId.DataCount,
  code: SectionId.Code,
  data: SectionId.Data,
};

/** Takes the annotation. */
export function readCustom(cursor: Cursor): Custom {
  cursor.at++;
  if (cursor.kind !== Token.String) fail(cursor, "missing section name");
  const nameBytes = stringBytes(cursor.text);
  const name = nameBytes === undefined ? undefined : decodeUtf8(nameBytes, 0, nameBytes.length);
  if (name === undefined) fail(cursor, "malformed UTF-8 encoding");
  cursor.at++;
  const place = readPlace(cursor);
  const bytes = readBytes(cursor);
  if (!cursor.accept(Token.Right)) fail(cursor, "unexpected token");
  return { name, bytes, ...place };
}

function readPlace(cursor: Cursor): { isBefore: boolean; section: SectionId } {
  if (!cursor.accept(Token.Left)) return { isBefore: false, section: SectionId.Data };
  const isBefore = cursor.isText("before");
  if (!isBefore && !cursor.isText("after")) fail(cursor, "malformed placement");
  cursor.at++;
  const edge = isBefore ? "first" : "last";
  const word = cursor.text;
  if (word !== edge && !Object.hasOwn(sections, word)) fail(cursor, "malformed section kind");
  cursor.at++;
  if (!cursor.accept(Token.Right)) fail(cursor, "unexpected token");
  return { isBefore, section: word !== edge ? sections[word] : isBefore ? SectionId.Type : SectionId.Data };
}

function fail(cursor: Cursor, message: string): never {
  cursor.fail(`@custom annotation: ${message}`);
}
