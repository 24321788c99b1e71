// Takes a message and a place in the source, gives the error that shows the line.
import { TextError } from "../api/errors.ts";

const maxExcerpt = 100;

/** The error of a mistake at an offset of the source. */
export function textError(message: string, source: string, offset: number): TextError {
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < offset; i++) {
    const code = source.charCodeAt(i);
    if (code !== 0x0a && code !== 0x0d) continue;
    if (code === 0x0d && source.charCodeAt(i + 1) === 0x0a) continue;
    line++;
    lineStart = i + 1;
  }
  let lineEnd = offset;
  while (lineEnd < source.length && source[lineEnd] !== "\n" && source[lineEnd] !== "\r") lineEnd++;
  const column = offset - lineStart + 1;
  // Of a very long line, what is around the mistake.
  const from = Math.max(lineStart, Math.min(offset - (maxExcerpt >> 1), lineEnd - maxExcerpt));
  const excerpt = source.slice(from, Math.min(lineEnd, from + maxExcerpt));
  // Tabs stay, so that the caret stands below its character.
  const before = excerpt.slice(0, offset - from).replace(/[^\t]/g, " ");
  return new TextError(message, offset, line, column, `  ${excerpt}\n  ${before}^`);
}
