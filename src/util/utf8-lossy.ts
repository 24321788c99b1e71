// Takes bytes of a guest, gives text whatever they are, and the way back (Unicode 15, 3.9).
import { decodeUtf8, REPLACEMENT } from "./utf8.ts";

/** The text of a byte range; each malformed sequence reads as U+FFFD. */
export function decodeUtf8Lossy(bytes: Uint8Array, start: number, end: number): string {
  return decodeUtf8(bytes, start, end, true)!;
}

/** The UTF-8 form of a text; a lone surrogate is written as U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point >= 0xd800 && point < 0xe000) {
      const next = point < 0xdc00 ? text.charCodeAt(i + 1) : 0;
      if (next >= 0xdc00 && next < 0xe000) {
        point = ((point - 0xd7c0) << 10) | (next & 0x3ff);
        i++;
      } else point = REPLACEMENT;
    }
    if (point < 0x80) bytes[at++] = point;
    else {
      if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6);
      else {
        if (point < 0x10000) bytes[at++] = 0xe0 | (point >> 12);
        else {
          bytes[at++] = 0xf0 | (point >> 18);
          bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
        }
        bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      }
      bytes[at++] = 0x80 | (point & 0x3f);
    }
  }
  return bytes.slice(0, at);
}
