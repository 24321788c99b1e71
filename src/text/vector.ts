// Takes the shape and the lanes of a vector, writes its 16 bytes (specification: 6.5.10 Vector Instructions).
import type { Writer } from "../binary/encode.ts";
import type { Cursor } from "./cursor.ts";
import { readF32, readF64 } from "./float.ts";
import { readI64, readInt } from "./integer.ts";
import { Token } from "./lexer.ts";

/** What a vector may be written as. */
export type Shape = "i8x16" | "i16x8" | "i32x4" | "i64x2" | "f32x4" | "f64x2";

const lanes: Readonly<Record<Shape, number>> = { i8x16: 16, i16x8: 8, i32x4: 4, i64x2: 2, f32x4: 4, f64x2: 2 };

/** Takes a vector. */
export function readVector(cursor: Cursor, out: Writer): void {
  const shape = readShape(cursor);
  for (let i = laneCount(shape); i > 0; i--) readLane(cursor, shape, out);
}

/** Takes a shape. */
export function readShape(cursor: Cursor): Shape {
  const { text } = cursor;
  if (!Object.hasOwn(lanes, text)) cursor.fail();
  cursor.at++;
  return text as Shape;
}

/** The number of lanes. */
export function laneCount(shape: Shape): number {
  return lanes[shape];
}

/** Takes a lane. */
export function readLane(cursor: Cursor, shape: Shape, out: Writer): void {
  if (cursor.kind !== Token.Number && cursor.kind !== Token.Keyword) cursor.fail("wrong number of lane literals");
  switch (shape) {
    case "i8x16":
      out.byte(readInt(cursor, 8) & 0xff);
      return;
    case "i16x8": {
      const value = readInt(cursor, 16);
      out.byte(value & 0xff);
      out.byte((value >> 8) & 0xff);
      return;
    }
    case "i32x4":
      out.bits32(readInt(cursor, 32));
      return;
    case "i64x2":
      out.bits64(readI64(cursor));
      return;
    case "f32x4":
      out.bits32(readF32(cursor));
      return;
    case "f64x2":
      out.bits64(readF64(cursor));
  }
}
