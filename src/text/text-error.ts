// Takes a place in the source, gives its line and column, and the error of a mistake there, which shows the line.
import { TextError } from "../api/errors.ts";

const maxExcerpt = 100;

/** A place in a text: its line and its column in UTF-16 units, both from 1, and the line with a caret below the place. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
  readonly excerpt: string;
}

/** The error of a mistake at an offset of the source. */
export function textError(message: string, source: string, offset: number): TextError {
  const { line, column, excerpt } = positionIn(source, lineStarts(source, offset), offset);
  return new TextError(message, offset, line, column, excerpt);
}

/** Where the lines begin, up to the one that has an offset. */
export function lineStarts(source: string, end: number = source.length): number[] {
  const starts = [0];
  for (let i = 0; i < end; i++) {
    const code = source.charCodeAt(i);
    if (code !== 0x0a && code !== 0x0d) continue;
    if (code === 0x0d && source.charCodeAt(i + 1) === 0x0a) continue;
    starts.push(i + 1);
  }
  return starts;
}

/** What stands at an offset of the source, by where its lines begin. */
export function positionIn(source: string, starts: readonly number[], offset: number): TextPosition {
  let line = 0;
  for (let high = starts.length; line < high; ) {
    const middle = (line + high) >> 1;
    if (starts[middle]! <= offset) line = middle + 1;
    else high = middle;
  }
  const lineStart = starts[line - 1]!;
  let lineEnd = offset;
  const last = Math.min(source.length, offset + maxExcerpt);
  while (lineEnd < last && source[lineEnd] !== "\n" && source[lineEnd] !== "\r") lineEnd++;
  const column = offset - lineStart + 1;
  // Of a very long line, what is around the mistake.
  const from = Math.max(lineStart, Math.min(offset - (maxExcerpt >> 1), lineEnd - maxExcerpt));
  const excerpt = source.slice(from, Math.min(lineEnd, from + maxExcerpt));
  // Tabs stay, so that the caret stands below its character.
  const before = excerpt.slice(0, offset - from).replace(/[^\t]/g, " ");
  return { line, column, excerpt: `  ${excerpt}\n  ${before}^` };
}
