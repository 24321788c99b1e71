// Takes the data section, gives the data segments (specification: 5.5.14 Data section).
import { MalformedError } from "../api/errors.ts";
import { maxDataSegments } from "../syntax/limits.ts";
import { type ConstExpr, type DataSegment, type DataSegments, SegmentMode } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { readConstExpr } from "./const-expr.ts";
import { type Draft, note } from "./draft.ts";
import { type Reader, readCount } from "./reader.ts";

/** Reads the data section. */
export function readDataSection(reader: Reader, draft: Draft): DataTable {
  const count = readCount(reader, maxDataSegments, "data segments");
  const table = new DataTable(count);
  for (let i = table.readPlain(reader, 0); i < count; i = table.readPlain(reader, i + 1)) {
    table.addOther(i, readSegment(reader, draft));
  }
  return table;
}

function readSegment(reader: Reader, draft: Draft): DataSegment {
  const position = reader.pos;
  const kind = reader.u32();
  if (kind > 2) throw new MalformedError("malformed data segment kind", position);
  if (kind !== 0) note(draft, "bulk-memory", `data segment of kind ${kind}`, position);
  const memory = kind === 2 ? reader.u32() : 0;
  const offset = kind === 1 ? undefined : readConstExpr(reader, draft);
  const start = reader.skip(reader.byteLength());
  const mode = kind === 1 ? SegmentMode.Passive : SegmentMode.Active;
  return { mode, memory, offset, plainOffset: plainOf(offset), start, end: reader.pos, position };
}

function plainOf(expr: ConstExpr | undefined): number | undefined {
  return expr?.length === 1 && expr[0].op === Op["i32.const"] ? (expr[0].value as number) : undefined;
}

/** The data segments of a module, the plain ones as columns. */
export class DataTable implements DataSegments {
  readonly length: number;
  readonly positions: Uint32Array;
  readonly offsets: Int32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly others: DataSegment[] = [];
  // Index → the segment that is not plain.
  private readonly otherAt = new Map<number, DataSegment>();

  constructor(length: number) {
    this.length = length;
    this.positions = new Uint32Array(length);
    this.offsets = new Int32Array(length);
    this.starts = new Uint32Array(length);
    this.ends = new Uint32Array(length);
  }

  /**
   * Reads segments from an index on, up to one that is not plain (kind 0, and an offset that is just one `i32.const`), that has long numbers, or
   * that is cut; gives its index. A program from Go has 100,000: a loop that calls nothing is optimised early.
   */
  readPlain(reader: Reader, index: number): number {
    const { positions, offsets, starts, ends, length } = this;
    const { bytes, end } = reader;
    let { pos } = reader;
    for (; index < length; index++) {
      if (bytes[pos] !== 0 || bytes[pos + 1] !== Op["i32.const"]) break;
      let at = pos + 2;
      let byte = 0x80;
      let offset = 0;
      let shift = 0;
      for (; byte >= 0x80 && shift < 28; shift += 7) {
        byte = bytes[at++];
        offset |= (byte & 0x7f) << shift;
      }
      if (byte >= 0x80 || bytes[at++] !== Op.end) break;
      const unused = 32 - shift;
      let byteLength = 0;
      byte = 0x80;
      for (shift = 0; byte >= 0x80 && shift < 28; shift += 7) {
        byte = bytes[at++];
        byteLength |= (byte & 0x7f) << shift;
      }
      if (byte >= 0x80 || byteLength > end - at) break;
      positions[index] = pos;
      offsets[index] = (offset << unused) >> unused;
      starts[index] = at;
      ends[index] = pos = at + byteLength;
    }
    reader.pos = pos;
    return index;
  }

  addOther(index: number, segment: DataSegment): void {
    this.others.push(segment);
    this.otherAt.set(index, segment);
  }

  at(index: number): DataSegment {
    return this.otherAt.get(index) ?? new PlainData(this, index);
  }
}

class PlainData implements DataSegment {
  readonly plainOffset: number;
  readonly start: number;
  readonly end: number;
  readonly position: number;

  constructor({ offsets, starts, ends, positions }: DataTable, index: number) {
    this.plainOffset = offsets[index];
    this.start = starts[index];
    this.end = ends[index];
    this.position = positions[index];
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
