// The layout of what is printed: indentation and the length of lines.

export const maxWidth = 100;
// Deeper nesting is not indented further: else the indentation of deep code would be most of the text.
const maxIndent = 24;
const indents: readonly string[] = Array.from({ length: maxIndent + 1 }, (_, depth) => "  ".repeat(depth));

/** The indentation of a depth of nesting. */
export function indentOf(depth: number): string {
  return indents[Math.min(depth, maxIndent)];
}

/** Words in lines of the usual length, each line at a depth. */
export function wrapped(words: readonly string[], depth: number): readonly string[] {
  const lines: string[] = [];
  const indent = indentOf(depth);
  let line = "";
  for (const word of words) {
    if (line === "") line = indent + word;
    else if (line.length + word.length < maxWidth) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}

/** A form that is closed on its line where all fits there, and else has the words in lines of their own. */
export function formLines(head: string, words: readonly string[], depth: number): readonly string[] {
  const start = indentOf(depth) + head;
  let width = start.length + 1;
  for (const word of words) width += word.length + 1;
  if (words.length === 0 || width <= maxWidth) return [`${[start, ...words].join(" ")})`];
  const lines = wrapped(words, depth + 1);
  return [start, ...lines.slice(0, -1), `${lines[lines.length - 1]})`];
}
