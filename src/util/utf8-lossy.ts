// Takes bytes of a guest, gives text whatever they are, and the way back (Unicode 15, 3.9: replacement of maximal subparts).

const chunk = 4096; // below every host's limit of arguments
const replacement = 0xfffd;

/** The text of a byte range; each malformed sequence reads as U+FFFD. */
export function decodeUtf8Lossy(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let units: number[] = [];
  let pos = start;
  while (pos < end) {
    const first = bytes[pos++];
    if (first < 0x80) units.push(first);
    else {
      const count = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
      let point = first & (0x3f >> count);
      let read = 0;
      // Only the second byte has a narrower range: it excludes overlong forms, surrogates and what is above U+10FFFF.
      let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
      let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
      while (read < count && pos < end && bytes[pos] >= low && bytes[pos] <= high) {
        point = (point << 6) | (bytes[pos++] & 0x3f);
        read++;
        low = 0x80;
        high = 0xbf;
      }
      if (count === 0 || read < count) units.push(replacement);
      else if (point < 0x10000) units.push(point);
      else units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff));
    }
    if (units.length >= chunk) {
      text += String.fromCharCode.apply(undefined, units);
      units = [];
    }
  }
  return text + String.fromCharCode.apply(undefined, units);
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
      } else point = replacement;
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
