// Takes a module in the text format, gives its binary form (specification: 6.6.13 Modules).
import { assemble } from "./assemble.ts";
import { Cursor } from "./cursor.ts";
import { Token, tokenize } from "./lexer.ts";
import { ModuleText } from "./module.ts";

/** The annotations that mean something to a module. */
export const annotations: ReadonlySet<string> = new Set(["custom", "name", "metadata.code.branch_hint"]);

/**
 * Parses a module in the text format and gives its binary form. Identifiers stay as names for people, in the name section.
 * @throws TextError for a mistake in the text.
 */
export function parse(wat: string): Uint8Array<ArrayBuffer> {
  if (typeof wat !== "string") throw new TypeError("a module in the text format is a string");
  const cursor = new Cursor(tokenize(wat, annotations));
  const isWrapped = cursor.acceptOpen("module");
  const bytes = readModule(cursor, isWrapped ? cursor.optionalId() : undefined);
  if (isWrapped) cursor.close();
  if (cursor.kind !== Token.End) cursor.fail();
  return bytes;
}

/** Takes the fields of a module. */
export function readModule(cursor: Cursor, name: string | undefined): Uint8Array<ArrayBuffer> {
  const module = new ModuleText(cursor, name);
  module.read();
  return assemble(module);
}
