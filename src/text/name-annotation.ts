// Takes `(@name "…")`, gives the name that stands in the name section in place of the identifier (specification: A.6.2 Name Annotations).
import type { Cursor } from "./cursor.ts";
import { Token } from "./lexer.ts";

/** Takes the name of an index, if it has one. */
export function acceptName(cursor: Cursor, names: Map<number, string>, index: number): void {
  const name = readName(cursor);
  if (name !== undefined) names.set(index, name);
}

/** Takes a name annotation, if there is one. */
export function readName(cursor: Cursor): string | undefined {
  if (cursor.kind !== Token.Annotation || !cursor.isText("(@name")) return undefined;
  cursor.at++;
  const name = cursor.name();
  cursor.close();
  return name;
}
