// Takes the fields of a module, gives their identifiers an index (specification: 6.6.1 Indices): the first of the passes over a module.
import type { Cursor } from "./cursor.ts";
import type { IndexSpace } from "./index-space.ts";
import { Token } from "./lexer.ts";
import type { Spaces } from "./spaces.ts";

/** Visits each field that follows; between visits, the position is after the field. */
export function eachField(cursor: Cursor, visit: () => void): void {
  const { closings } = cursor.tokens;
  while (cursor.kind === Token.Left || cursor.kind === Token.Annotation) {
    const closing = closings[cursor.at];
    if (cursor.kind === Token.Left) visit();
    cursor.at = closing;
    if (!cursor.accept(Token.Right)) return;
  }
}

/** Declares the identifier of a field. What does not fit is left for the last pass to complain about. */
export function declareField(cursor: Cursor, spaces: Spaces): void {
  if (cursor.acceptOpen("rec")) {
    eachField(cursor, () => {
      if (cursor.acceptOpen("type")) spaces.types.space.declare(cursor);
    });
    return;
  }
  const closing = cursor.tokens.closings[cursor.at];
  cursor.at++;
  if (cursor.acceptWord("import")) {
    if (!cursor.accept(Token.String) || !cursor.accept(Token.String) || !cursor.accept(Token.Left)) return;
  }
  const space = spaceOf(spaces, cursor.text);
  if (space === undefined) return;
  cursor.at++;
  space.declare(cursor);
  if (space !== spaces.tables && space !== spaces.memories) return;
  // The segments that tables and memories may hold have indices too.
  for (; cursor.at < closing; cursor.at++) {
    if (cursor.isOpen("elem")) spaces.elements.count++;
    else if (cursor.isOpen("data")) spaces.data.count++;
    if (cursor.kind === Token.Left) cursor.at = cursor.tokens.closings[cursor.at];
  }
}

/** The indices of a kind of field. */
export function spaceOf(spaces: Spaces, field: string): IndexSpace | undefined {
  switch (field) {
    case "type":
      return spaces.types.space;
    case "func":
      return spaces.functions;
    case "table":
      return spaces.tables;
    case "memory":
      return spaces.memories;
    case "global":
      return spaces.globals;
    case "tag":
      return spaces.tags;
    case "elem":
      return spaces.elements;
    case "data":
      return spaces.data;
    default:
      return undefined;
  }
}
