// Takes constants and result patterns of a script, gives values as bits (specification: interpreter/README, Scripts).
import { Writer } from "../binary/encode.ts";
import type { Cursor } from "./cursor.ts";
import { readF32, readF64 } from "./float.ts";
import { readI64, readInt, readU32 } from "./integer.ts";
import { Token } from "./lexer.ts";
import { laneCount, readLane, readShape } from "./vector.ts";

/** A constant: i32 signed, i64 signed, floats as unsigned bits. */
export type Literal =
  | { readonly type: "i32" | "f32"; readonly bits: number }
  | { readonly type: "i64" | "f64"; readonly bits: bigint }
  | { readonly type: "v128"; readonly bytes: Uint8Array }
  | { readonly type: "null" }
  /** A value of the host, by number: `extern` where it is external, `host` where it is internal. */
  | { readonly type: "extern" | "host"; readonly number: number };

/** Which NaNs count: with the payload of the canonical one, or with its highest bit at least. */
export type Nan = "canonical" | "arithmetic";

/** What may stand after `ref.` in a result. */
export type RefKind = "null" | "func" | "extern" | "host" | "any" | "eq" | "i31" | "struct" | "array" | "exn";

/** What a result has to be. */
export type Pattern =
  | { readonly type: "i32"; readonly bits: number }
  | { readonly type: "i64"; readonly bits: bigint }
  | { readonly type: "f32"; readonly bits: number | Nan }
  | { readonly type: "f64"; readonly bits: bigint | Nan }
  /** `nans` has an entry for each lane. */
  | { readonly type: "v128"; readonly bytes: Uint8Array; readonly nans: readonly (Nan | undefined)[] }
  | { readonly type: "ref"; readonly kind: RefKind; readonly number: number | undefined }
  | { readonly type: "either"; readonly options: readonly Pattern[] };

const refKinds = new Set<string>([
  "null",
  "func",
  "extern",
  "host",
  "any",
  "eq",
  "i31",
  "struct",
  "array",
  "exn",
] satisfies RefKind[]);

/** Takes a constant. */
export function readLiteral(cursor: Cursor): Literal {
  const { at } = cursor;
  const pattern = readPattern(cursor);
  switch (pattern.type) {
    case "i32":
    case "i64":
      return pattern;
    case "f32":
      if (typeof pattern.bits === "number") return { type: "f32", bits: pattern.bits };
      break;
    case "f64":
      if (typeof pattern.bits === "bigint") return { type: "f64", bits: pattern.bits };
      break;
    case "v128":
      if (pattern.nans.every((nan) => nan === undefined)) return { type: "v128", bytes: pattern.bytes };
      break;
    case "ref":
      if (pattern.kind === "null") return { type: "null" };
      if ((pattern.kind === "extern" || pattern.kind === "host") && pattern.number !== undefined) {
        return { type: pattern.kind, number: pattern.number };
      }
  }
  return cursor.fail(undefined, at);
}

/** Takes a result pattern. */
export function readPattern(cursor: Cursor): Pattern {
  if (!cursor.accept(Token.Left)) cursor.fail();
  const { at } = cursor;
  const pattern = readInside(cursor, cursor.keyword()) ?? cursor.fail(undefined, at);
  cursor.close();
  return pattern;
}

function readInside(cursor: Cursor, word: string): Pattern | undefined {
  switch (word) {
    case "i32.const":
      return { type: "i32", bits: readInt(cursor, 32) };
    case "i64.const":
      return { type: "i64", bits: readI64(cursor) };
    case "f32.const":
      return { type: "f32", bits: readNan(cursor) ?? readF32(cursor) };
    case "f64.const":
      return { type: "f64", bits: readNan(cursor) ?? readF64(cursor) };
    case "v128.const":
      return readVectorPattern(cursor);
    case "either": {
      const options: Pattern[] = [];
      while (cursor.is(Token.Left)) options.push(readPattern(cursor));
      return { type: "either", options };
    }
  }
  const kind = word.startsWith("ref.") ? word.slice(4) : "";
  if (!refKinds.has(kind)) return undefined;
  const number = cursor.is(Token.Number) ? readU32(cursor) : undefined;
  // The heap type of a null, which says nothing about the value.
  if (kind === "null" && !cursor.is(Token.Right)) cursor.at++;
  return { type: "ref", kind: kind as RefKind, number };
}

function readNan(cursor: Cursor): Nan | undefined {
  const nan = cursor.isText("nan:canonical") ? "canonical" : cursor.isText("nan:arithmetic") ? "arithmetic" : undefined;
  if (nan !== undefined) cursor.at++;
  return nan;
}

function readVectorPattern(cursor: Cursor): Pattern {
  const out = new Writer(16);
  const shape = readShape(cursor);
  const nans: (Nan | undefined)[] = [];
  for (let i = laneCount(shape); i > 0; i--) {
    const nan = shape.startsWith("f") ? readNan(cursor) : undefined;
    nans.push(nan);
    if (nan === undefined) readLane(cursor, shape, out);
    else for (let byte = 16 / laneCount(shape); byte > 0; byte--) out.byte(0);
  }
  return { type: "v128", bytes: out.finish(), nans };
}
