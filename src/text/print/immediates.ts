// Takes what follows an opcode, gives the text format's words (specification: 6.5 Instructions).
import { MalformedError } from "../../api/errors.ts";
import type { Reader } from "../../binary/reader.ts";
import { Imm } from "../../syntax/opcodes.ts";
import { arityOf } from "./arity.ts";
import type { CodeScope } from "./code-scope.ts";
import { float32Literal, float64Literal } from "./literals.ts";
import { heapType, valueType } from "./types.ts";

/** What an instruction's arity may depend on besides its opcode. */
export interface Facts {
  /** The index that comes first, or that of a branch's label: the last one of a list. */
  index: number;
  count: number;
  /** The arity of a block type. */
  block: number;
}

/** Reads the immediates of an instruction; gives their words, each behind a space. */
export function immediatesText(reader: Reader, code: CodeScope, imm: Imm, facts: Facts): string {
  const { ids } = code.scope;
  switch (imm) {
    case Imm.None:
      return "";
    case Imm.Block:
      return blockType(reader, code, facts);
    case Imm.TryTable:
      return blockType(reader, code, facts) + catches(reader, code);
    case Imm.Label:
      return ` ${code.labels.use((facts.index = reader.u32()))}`;
    case Imm.Labels:
      return labels(reader, code, facts);
    case Imm.Func:
      return ` ${ids.functions.use((facts.index = reader.u32()))}`;
    case Imm.Type:
      return ` ${ids.types.use((facts.index = reader.u32()))}`;
    case Imm.Tag:
      return ` ${ids.tags.use((facts.index = reader.u32()))}`;
    case Imm.TypeTable: {
      facts.index = reader.u32();
      const table = reader.u32();
      return `${table === 0 ? "" : ` ${ids.tables.use(table)}`} (type ${ids.types.use(facts.index)})`;
    }
    case Imm.TypeCount:
      facts.index = reader.u32();
      facts.count = reader.u32();
      return ` ${ids.types.use(facts.index)} ${facts.count}`;
    case Imm.Cast:
      return cast(reader, code, facts);
    case Imm.Local:
      return ` ${code.locals.use(reader.u32())}`;
    case Imm.Heap:
      return ` ${heapType(reader, code.scope)}`;
    case Imm.ValTypes:
      return resultTypes(reader, code);
    default:
      return imm >= Imm.Mem1
        ? memoryArgument(reader, code, imm)
        : (constantText(reader, imm) ?? indices(reader, code, imm));
  }
}

function blockType(reader: Reader, { scope }: CodeScope, facts: Facts): string {
  const position = reader.pos;
  const first = reader.byte();
  if (first === 0x40) return "";
  reader.pos = position;
  if ((first & 0xc0) === 0x40) {
    facts.block = arityOf(0, 1);
    return ` (result ${valueType(reader, scope)})`;
  }
  const index = reader.s33();
  if (index < 0) throw new MalformedError("malformed block type", position);
  const { params, results } = scope.signature(index);
  facts.block = arityOf(params.length, results.length);
  return scope.typeUse(index);
}

const catchWords = ["catch", "catch_ref", "catch_all", "catch_all_ref"];

function catches(reader: Reader, { scope, labels }: CodeScope): string {
  let text = "";
  for (let count = reader.count(); count > 0; count--) {
    const position = reader.pos;
    const kind = reader.byte();
    if (kind > 3) throw new MalformedError("malformed catch clause", position);
    const tag = kind < 2 ? ` ${scope.ids.tags.use(reader.u32())}` : "";
    text += ` (${catchWords[kind]}${tag} ${labels.use(reader.u32())})`;
  }
  return text;
}

function labels(reader: Reader, code: CodeScope, facts: Facts): string {
  let text = "";
  for (let count = reader.count(); count >= 0; count--) text += ` ${code.labels.use((facts.index = reader.u32()))}`;
  return text;
}

function cast(reader: Reader, { scope, labels }: CodeScope, facts: Facts): string {
  const flags = reader.byte();
  const label = labels.use((facts.index = reader.u32()));
  const from = heapType(reader, scope);
  const to = heapType(reader, scope);
  return ` ${label} (ref ${(flags & 1) === 0 ? "" : "null "}${from}) (ref ${(flags & 2) === 0 ? "" : "null "}${to})`;
}

function resultTypes(reader: Reader, { scope }: CodeScope): string {
  let text = " (result";
  for (let count = reader.count(); count > 0; count--) text += ` ${valueType(reader, scope)}`;
  return `${text})`;
}

// Nothing for immediates that are no constants.
function constantText(reader: Reader, imm: Imm): string | undefined {
  switch (imm) {
    case Imm.I32:
      return ` ${reader.s32()}`;
    case Imm.I64:
      return ` ${reader.s64()}`;
    case Imm.F32:
      return ` ${float32Literal(word(reader))}`;
    case Imm.F64: {
      const lo = word(reader);
      return ` ${float64Literal(lo, word(reader))}`;
    }
    case Imm.V128:
      return ` i32x4 ${hex(word(reader))} ${hex(word(reader))} ${hex(word(reader))} ${hex(word(reader))}`;
    case Imm.Lanes: {
      const start = reader.skip(16);
      return ` ${reader.bytes.subarray(start, reader.pos).join(" ")}`;
    }
    case Imm.Lane2:
    case Imm.Lane4:
    case Imm.Lane8:
    case Imm.Lane16:
      return ` ${reader.byte()}`;
    case Imm.Fence:
      reader.byte();
      return "";
    default:
      return undefined;
  }
}

function word(reader: Reader): number {
  const { bytes } = reader;
  const at = reader.skip(4);
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

function hex(bits: number): string {
  return `0x${(bits >>> 0).toString(16).padStart(8, "0")}`;
}

// Tables and memories are not named where they are the first ones.
function indices(reader: Reader, { scope }: CodeScope, imm: Imm): string {
  const { ids } = scope;
  const first = reader.u32();
  switch (imm) {
    case Imm.Global:
      return ` ${ids.globals.use(first)}`;
    case Imm.Table:
      return first === 0 ? "" : ` ${ids.tables.use(first)}`;
    case Imm.Memory:
      return first === 0 ? "" : ` ${ids.memories.use(first)}`;
    case Imm.Data:
      return ` ${ids.data.use(first)}`;
    case Imm.Elem:
      return ` ${ids.elements.use(first)}`;
  }
  const second = reader.u32();
  switch (imm) {
    case Imm.TypeField:
      return ` ${ids.types.use(first)} ${ids.fields(first).use(second)}`;
    case Imm.TypeData:
      return ` ${ids.types.use(first)} ${ids.data.use(second)}`;
    case Imm.TypeElem:
      return ` ${ids.types.use(first)} ${ids.elements.use(second)}`;
    case Imm.TypeType:
      return ` ${ids.types.use(first)} ${ids.types.use(second)}`;
    case Imm.DataMemory:
      return `${second === 0 ? "" : ` ${ids.memories.use(second)}`} ${ids.data.use(first)}`;
    case Imm.ElemTable:
      return `${second === 0 ? "" : ` ${ids.tables.use(second)}`} ${ids.elements.use(first)}`;
    case Imm.MemoryMemory:
      return first === 0 && second === 0 ? "" : ` ${ids.memories.use(first)} ${ids.memories.use(second)}`;
    default: // Imm.TableTable
      return first === 0 && second === 0 ? "" : ` ${ids.tables.use(first)} ${ids.tables.use(second)}`;
  }
}

function memoryArgument(reader: Reader, { scope }: CodeScope, imm: Imm): string {
  const position = reader.pos;
  const flags = reader.u32();
  if (flags >= 0x80) throw new MalformedError("malformed memop flags", position);
  const memory = (flags & 0x40) === 0 ? 0 : reader.u32();
  const offset = reader.u64();
  const hasLane = imm >= Imm.MemLane1;
  const natural = imm - (hasLane ? Imm.MemLane1 : Imm.Mem1);
  const align = flags & 0x3f;
  return [
    memory === 0 ? "" : ` ${scope.ids.memories.use(memory)}`,
    offset === 0n ? "" : ` offset=${offset}`,
    align === natural ? "" : ` align=${2n ** BigInt(align)}`,
    hasLane ? ` ${reader.byte()}` : "",
  ].join("");
}
