// Takes bytes, gives element and data segments (specification: 5.5.12 Element section, 5.5.14 Data section).
import { InvalidError, MalformedError } from "../api/errors.ts";
import { maxSegmentElements } from "../syntax/limits.ts";
import { type ConstExpr, type DataSegment, type ElementSegment, SegmentMode } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { Heap, Ref, refType, type ValType } from "../syntax/types.ts";
import { readConstExpr } from "./const-expr.ts";
import type { Draft } from "./draft.ts";
import type { Reader } from "./reader.ts";
import { readRefType } from "./value-types.ts";

const isNotActive = 1;
const isDeclarative = 2; // with isNotActive; without: a table index follows
const hasExpressions = 4;

/** Reads one element segment, of kind 0 to 7. */
export function readElementSegment(reader: Reader, draft: Draft): ElementSegment {
  const position = reader.pos;
  const flags = reader.u32();
  if (flags > 7) throw new MalformedError("malformed elements segment kind", position);
  const active = (flags & isNotActive) === 0;
  const table = active && (flags & 2) !== 0 ? reader.u32() : 0;
  const offset = active ? readConstExpr(reader, draft) : undefined;
  const type = readElementType(reader, draft, flags);
  const mode = active
    ? SegmentMode.Active
    : (flags & isDeclarative) !== 0
      ? SegmentMode.Declarative
      : SegmentMode.Passive;
  const countAt = reader.pos;
  const count = reader.count();
  if (count > maxSegmentElements) {
    throw new InvalidError(`too many elements in a segment: more than ${maxSegmentElements}`, countAt);
  }
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
  const functions = new Uint32Array(count);
  const { referenced } = draft;
  for (let i = 0; i < count; i++) referenced.push((functions[i] = reader.u32()));
  return functions;
}

function readExpressions(reader: Reader, draft: Draft, count: number): ConstExpr[] {
  const expressions: ConstExpr[] = [];
  for (let i = 0; i < count; i++) expressions.push(readConstExpr(reader, draft));
  return expressions;
}

/** Reads one data segment, of kind 0 to 2. */
export function readDataSegment(reader: Reader, draft: Draft): DataSegment {
  const position = reader.pos;
  const kind = reader.u32();
  if (kind > 2) throw new MalformedError("malformed data segment kind", position);
  if (kind === 0 && reader.pos === position + 1) {
    const plainOffset = readPlainOffset(reader);
    if (plainOffset !== undefined) {
      const start = reader.skip(reader.byteLength());
      return new PlainData(plainOffset, start, reader.pos, position);
    }
  }
  const memory = kind === 2 ? reader.u32() : 0;
  const offset = kind === 1 ? undefined : readConstExpr(reader, draft);
  const start = reader.skip(reader.byteLength());
  const mode = kind === 1 ? SegmentMode.Passive : SegmentMode.Active;
  return { mode, memory, offset, plainOffset: plainOf(offset), start, end: reader.pos, position };
}

// Reads an expression that is just one `i32.const`; undefined, and nothing read, for any other.
function readPlainOffset(reader: Reader): number | undefined {
  const start = reader.pos;
  if (reader.byte() === Op["i32.const"]) {
    const value = reader.s32();
    if (reader.byte() === Op.end) return value;
  }
  reader.pos = start;
  return undefined;
}

function plainOf(expr: ConstExpr | undefined): number | undefined {
  return expr?.length === 1 && expr[0].op === Op["i32.const"] ? (expr[0].value as number) : undefined;
}

// A segment of kind 0 with a plain offset. Go's modules have 100,000: small objects that hold no others save the garbage collector 25 ms.
class PlainData implements DataSegment {
  readonly plainOffset: number;
  readonly start: number;
  readonly end: number;
  readonly position: number;

  constructor(plainOffset: number, start: number, end: number, position: number) {
    this.plainOffset = plainOffset;
    this.start = start;
    this.end = end;
    this.position = position;
  }

  get mode(): SegmentMode.Active {
    return SegmentMode.Active;
  }

  get memory(): number {
    return 0;
  }

  get offset(): ConstExpr {
    return [{ op: Op["i32.const"], value: this.plainOffset, offset: this.position + 1 }];
  }
}
