// Takes names, bytes and numbers, gives the text format's words for them (specification: 6.3 Values).

const idCharacters = /^[0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~]+$/;
// Quotes and backslashes end or escape; control characters and those that turn text around would not be seen.
const unseen = /["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The string literal of a text. */
export function quoted(text: string): string {
  return `"${text.replace(unseen, escapeOf)}"`;
}

function escapeOf(character: string): string {
  switch (character) {
    case '"':
    case "\\":
      return `\\${character}`;
    case "\n":
      return "\\n";
    case "\t":
      return "\\t";
    default:
      return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  }
}

/** The identifier of a name that is not empty: `$name`, or `$"a name"`. */
export function identifier(name: string): string {
  return idCharacters.test(name) ? `$${name}` : `$${quoted(name)}`;
}

const byteTexts: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  if (byte === 0x0a) return "\\n";
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, "0")}`;
});

const literalWidth = 80;

/** The string literals of a range of bytes, none of them longer than a line. */
export function byteLiterals(bytes: Uint8Array, start: number, end: number): readonly string[] {
  const literals: string[] = [];
  let text = "";
  for (let at = start; at < end; at++) {
    text += byteTexts[bytes[at]];
    // A literal that ends with a line of the guest's is easier to read.
    if (text.length >= literalWidth || (bytes[at] === 0x0a && text.length > literalWidth / 2)) {
      literals.push(`"${text}"`);
      text = "";
    }
  }
  if (text !== "" || literals.length === 0) literals.push(`"${text}"`);
  return literals;
}

const view = new DataView(new ArrayBuffer(8));

/** The literal of an f32 by its bits: the fewest decimal digits that give it back. */
export function float32Literal(bits: number): string {
  const fraction = bits & 0x7f_ffff;
  if (((bits >>> 23) & 0xff) === 0xff) {
    return special(bits < 0, fraction === 0, fraction === 0x40_0000, () => fraction.toString(16));
  }
  view.setUint32(0, bits);
  const value = view.getFloat32(0);
  if (value === 0) return decimal(value);
  view.setUint32(0, bits + 1);
  const above = (value + view.getFloat32(0)) / 2;
  view.setUint32(0, bits - 1);
  const below = (value + view.getFloat32(0)) / 2;
  for (let digits = 1; digits <= 9; digits++) {
    const number = Number(value.toPrecision(digits));
    // Half way between two f32 the decimal number itself decides, of which this is only the nearest f64.
    if (Math.fround(number) === value && number !== above && number !== below) return decimal(number);
  }
  return decimal(value);
}

/** The literal of an f64 by the halves of its bits. */
export function float64Literal(lo: number, hi: number): string {
  if (((hi >>> 20) & 0x7ff) === 0x7ff) {
    const high = hi & 0xf_ffff;
    return special(hi < 0, high === 0 && lo === 0, high === 0x8_0000 && lo === 0, () => {
      return ((BigInt(high) << 32n) | BigInt(lo >>> 0)).toString(16);
    });
  }
  view.setUint32(0, hi);
  view.setUint32(4, lo);
  return decimal(view.getFloat64(0));
}

function special(isNegative: boolean, isInfinite: boolean, isCanonical: boolean, payload: () => string): string {
  return `${isNegative ? "-" : ""}${isInfinite ? "inf" : isCanonical ? "nan" : `nan:0x${payload()}`}`;
}

function decimal(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
