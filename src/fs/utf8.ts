// Takes text, gives its UTF-8 form: not every host has a TextEncoder.

/** The UTF-8 bytes of a text; a lone surrogate is written as U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const found = character.codePointAt(0)!;
    const point = found >= 0xd800 && found < 0xe000 ? 0xfffd : found;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else {
      const tail = [12, 6, 0].map((shift) => 0x80 | ((point >> shift) & 0x3f));
      bytes.push(0xf0 | (point >> 18), ...tail);
    }
  }
  return Uint8Array.from(bytes);
}
