// Takes bytes, gives element segments (specification: 5.5.12 Element section).
import { MalformedError } from "../api/errors.ts";
import { maxSegmentElements } from "../syntax/limits.ts";
import { type ConstExpr, type ElementSegment, SegmentMode } from "../syntax/module.ts";
import { Heap, Ref, refType, type ValType } from "../syntax/types.ts";
import { readConstExpr } from "./const-expr.ts";
import { type Draft, declaredOf, note } from "./draft.ts";
import { type Reader, readCount } from "./reader.ts";
import { readRefType } from "./value-types.ts";

const isNotActive = 1;
const isDeclarative = 2; // with isNotActive; without: a table index follows
const hasExpressions = 4;

/** Longer segments are not compared with the one before. */
const SHORT = 16;

/** Reads element segments. A short one with the bytes of the one before is the same object: a module may have millions of empty ones. */
export function elementReader(reader: Reader, draft: Draft): () => ElementSegment {
  let last: ElementSegment | undefined;
  let length = 0;
  return () => {
    const { bytes, pos, end } = reader;
    if (last !== undefined && length <= end - pos && isRepeated(bytes, last.position, pos, length)) {
      reader.pos += length;
      return last;
    }
    const segment = readElementSegment(reader, draft);
    length = reader.pos - pos;
    last = length <= SHORT ? segment : undefined;
    return segment;
  };
}

function isRepeated(bytes: Uint8Array, from: number, to: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[from + i] !== bytes[to + i]) return false;
  return true;
}

/** Reads one element segment, of kind 0 to 7. */
function readElementSegment(reader: Reader, draft: Draft): ElementSegment {
  const position = reader.pos;
  const flags = reader.u32();
  if (flags > 7) throw new MalformedError("malformed elements segment kind", position);
  if (flags !== 0) note(draft, "bulk-memory", `element segment of kind ${flags}`, position);
  const active = (flags & isNotActive) === 0;
  const table = active && (flags & 2) !== 0 ? reader.u32() : 0;
  const offset = active ? readConstExpr(reader, draft) : undefined;
  const type = readElementType(reader, draft, flags);
  const mode = active
    ? SegmentMode.Active
    : (flags & isDeclarative) !== 0
      ? SegmentMode.Declarative
      : SegmentMode.Passive;
  const count = readCount(reader, maxSegmentElements, "elements in a segment");
  const isList = (flags & hasExpressions) !== 0;
  const functions = isList ? undefined : readFunctions(reader, draft, count);
  const expressions = isList ? readExpressions(reader, draft, count) : undefined;
  return { mode, type, table, offset, functions, expressions, position };
}

function readElementType(reader: Reader, draft: Draft, flags: number): ValType {
  if ((flags & hasExpressions) !== 0) return (flags & 3) === 0 ? Ref.FuncNull : readRefType(reader, draft);
  if ((flags & 3) !== 0) {
    const position = reader.pos;
    if (reader.byte() !== 0) throw new MalformedError("malformed element kind", position);
  }
  return refType(Heap.Func, false);
}

function readFunctions(reader: Reader, draft: Draft, count: number): Uint32Array {
  const functions = reader.u32s(count);
  const declared = declaredOf(draft);
  for (let i = 0; i < count; i++) declared[functions[i]] = 1;
  return functions;
}

function readExpressions(reader: Reader, draft: Draft, count: number): ConstExpr[] {
  const expressions: ConstExpr[] = [];
  for (let i = 0; i < count; i++) expressions.push(readConstExpr(reader, draft));
  return expressions;
}
