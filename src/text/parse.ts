// Takes a module in the text format, gives its binary form (specification: 6.6.13 Modules).
import type { Writer } from "../binary/encode.ts";
import { Cursor } from "./cursor.ts";
import { Token, tokenize } from "./lexer.ts";
import { ModuleText } from "./module.ts";
import { lineStarts, positionIn, type TextPosition } from "./text-error.ts";
import { writeModule } from "./write-module.ts";

/** The annotations that mean something to a module. */
export const annotations: ReadonlySet<string> = new Set(["custom", "name", "metadata.code.branch_hint"]);

/**
 * Parses a module in the text format and gives its binary form. Identifiers stay as names for people, in the name section.
 * @throws TextError for a mistake in the text.
 */
export function parse(wat: string): Uint8Array<ArrayBuffer> {
  return read(wat, false).finish();
}

/** A module's binary form, and what its bytes were in the text. */
export interface Assembled {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Where the instruction or the definition stands in the text that was written at a byte offset, as errors and stack frames tell it; undefined
   * where it stands nowhere, as a section's head does.
   */
  positionAt(offset: number): TextPosition | undefined;
}

/**
 * The same as `parse`, and a way from offsets in the binary back to the text.
 * @throws TextError for a mistake in the text.
 */
export function assemble(wat: string): Assembled {
  const out = read(wat, true);
  let starts: readonly number[] | undefined;
  return {
    bytes: out.finish(),
    positionAt(offset) {
      const place = out.placeAt(offset);
      return place < 0 ? undefined : positionIn(wat, (starts ??= lineStarts(wat)), place);
    },
  };
}

function read(wat: string, keepsPlaces: boolean): Writer {
  if (typeof wat !== "string") throw new TypeError("a module in the text format is a string");
  const cursor = new Cursor(tokenize(wat, annotations), 0, keepsPlaces);
  const isWrapped = cursor.acceptOpen("module");
  const out = readModule(cursor, isWrapped ? cursor.optionalId() : undefined);
  if (isWrapped) cursor.close();
  if (cursor.kind !== Token.End) cursor.fail();
  return out;
}

/** Takes the fields of a module. */
export function readModule(cursor: Cursor, name: string | undefined): Writer {
  const module = new ModuleText(cursor, name);
  module.read();
  return writeModule(module);
}
