// Takes values as people write them, gives values of Wasm, and the way back.
import { floatOf } from "../text/float.ts";

/** The value of a text, or undefined where it is none of the type. */
export function parseValue(type: string, text: string): unknown {
  switch (type) {
    case "i32": {
      const value = parseInteger(text, 32n);
      return value === undefined ? undefined : Number(value);
    }
    case "i64":
      return parseInteger(text, 64n);
    case "f32":
    case "f64":
      return parseFloatText(text, type === "f32");
    case "v128":
      return parseVector(text);
    default:
      return text === "null" ? null : undefined;
  }
}

/** The text of a value. */
export function printValue(type: string, value: unknown): string {
  if (type === "f32" || type === "f64") return printFloat(value as number, type === "f32");
  if (value instanceof Uint8Array) return `0x${[...value].reverse().map(hexByte).join("")}`;
  if (value === null) return "null";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return type;
}

// Signed and unsigned numbers alike: both are how people write an integer of so many bits.
function parseInteger(text: string, bits: bigint): bigint | undefined {
  const [, sign, digits] = /^([+-]?)(0x[\da-f]+|\d+)$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = sign === "-" ? -BigInt(digits) : BigInt(digits);
  if (value >= 1n << bits || value < -(1n << (bits - 1n))) return undefined;
  return BigInt.asIntN(Number(bits), value);
}

function parseFloatText(text: string, isSingle: boolean): number | undefined {
  const [, sign, digits] = /^([+-]?)(.+)$/.exec(text.toLowerCase()) ?? [];
  const value = digits === undefined ? undefined : magnitudeOf(digits, isSingle);
  return value === undefined || sign !== "-" ? value : -value;
}

function magnitudeOf(digits: string, isSingle: boolean): number | undefined {
  if (digits === "inf" || digits === "infinity") return Number.POSITIVE_INFINITY;
  if (digits === "nan") return Number.NaN;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x[\da-f]+\.?[\da-f]*(?:p[+-]?\d+)?)$/.test(digits)) return undefined;
  return floatOf(digits.replace(/^\./, "0."), isSingle);
}

function parseVector(text: string): Uint8Array | undefined {
  const [, digits] = /^0x([\da-f]{1,32})$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const pairs = digits.padStart(32, "0").match(/../g)!;
  return Uint8Array.from(pairs.reverse(), (pair) => Number.parseInt(pair, 16));
}

function printFloat(value: number, isSingle: boolean): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0";
  if (!isSingle) return String(value);
  // The fewest digits that give the same single.
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
