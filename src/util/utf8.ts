// Takes bytes in UTF-8, gives a string (specification: 5.2.4 Names; Unicode 15, 3.9: replacement of maximal subparts). By hand, because not every host
// has a TextDecoder.

const chunk = 4096; // below every host's limit of arguments

/** What stands for bytes that are not UTF-8. */
export const REPLACEMENT = 0xfffd;

/** The string of a byte range. Where the bytes are not UTF-8: undefined, or if it `isLossy`, U+FFFD for each malformed sequence. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number, isLossy = false): string | undefined {
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
      if (count === 0 || read < count) {
        if (!isLossy) return undefined;
        units.push(REPLACEMENT);
      } else if (point < 0x10000) units.push(point);
      else units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff));
    }
    if (units.length >= chunk) {
      text += String.fromCharCode.apply(undefined, units);
      units = [];
    }
  }
  return text + String.fromCharCode.apply(undefined, units);
}
