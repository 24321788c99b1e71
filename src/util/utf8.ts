// Takes bytes in UTF-8, gives a string (specification: 5.2.4 Names). By hand, because not every host has a TextDecoder.

const chunk = 4096; // below every host's limit of arguments

/** The string of a byte range, or undefined where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let units: number[] = [];
  let pos = start;
  while (pos < end) {
    const point = codePoint(bytes, pos, end);
    if (point < 0) return undefined;
    pos += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (point < 0x10000) units.push(point);
    else units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff));
    if (units.length >= chunk) {
      text += String.fromCharCode.apply(undefined, units);
      units = [];
    }
  }
  return text + String.fromCharCode.apply(undefined, units);
}

// The code point at a position, or -1: overlong forms, surrogates, values from 0x110000 and cut sequences are malformed.
function codePoint(bytes: Uint8Array, pos: number, end: number): number {
  const first = bytes[pos];
  if (first < 0x80) return first;
  if (first < 0xc2 || first > 0xf4) return -1;
  const count = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  if (pos + count >= end) return -1;
  let point = first & (0x3f >> count);
  for (let i = 1; i <= count; i++) {
    const byte = bytes[pos + i];
    if (byte >> 6 !== 2) return -1;
    point = (point << 6) | (byte & 0x3f);
  }
  if (count === 2) return point < 0x800 || point >> 11 === 0x1b ? -1 : point;
  return count === 3 && (point < 0x10000 || point > 0x10ffff) ? -1 : point;
}
