// Takes a string token, gives its bytes (specification: 6.3.3 Strings).
import { encodeUtf8 } from "../util/utf8-lossy.ts";

const escapes: Readonly<Record<string, number>> = {
  t: 0x09,
  n: 0x0a,
  r: 0x0d,
  '"': 0x22,
  "'": 0x27,
  "\\": 0x5c,
};

const unicode = /^u\{([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)\}/;

/** The bytes of a string with its quotes, or undefined where an escape is none. */
export function stringBytes(token: string): Uint8Array | undefined {
  const text = token.slice(1, -1);
  if (!text.includes("\\")) return encodeUtf8(text);
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  let pos = 0;
  while (pos < text.length) {
    const plainEnd = text.indexOf("\\", pos);
    const plain = encodeUtf8(text.slice(pos, plainEnd < 0 ? text.length : plainEnd));
    bytes.set(plain, length);
    length += plain.length;
    if (plainEnd < 0) break;
    const escaped = text[plainEnd + 1];
    const known = escapes[escaped];
    if (known !== undefined) {
      bytes[length++] = known;
      pos = plainEnd + 2;
    } else if (escaped === "u") {
      const match = unicode.exec(text.slice(plainEnd + 1, plainEnd + 64));
      const point = match === null ? -1 : Number.parseInt(match[1].replaceAll("_", ""), 16);
      if (!(point >= 0 && point < 0x110000) || (point >= 0xd800 && point < 0xe000)) return undefined;
      const encoded = encodeUtf8(String.fromCodePoint(point));
      bytes.set(encoded, length);
      length += encoded.length;
      pos = plainEnd + 2 + match![0].length - 1;
    } else {
      const high = hexDigit(text.charCodeAt(plainEnd + 1));
      const low = hexDigit(text.charCodeAt(plainEnd + 2));
      if (high < 0 || low < 0) return undefined;
      bytes[length++] = high * 16 + low;
      pos = plainEnd + 3;
    }
  }
  return bytes.slice(0, length);
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
