// Takes numbers, types and instructions, gives their binary form: as little as tests need (specification: 5.2 Values, 5.4 Instructions).
import { instructions } from "#dist/syntax/instructions.js";

/** An instruction by name; with immediates a list: `["i32.const", 5]`, `["i32.load", offset]`, `["block", "i32"]`, clauses as bytes. */
export type Instr = Mnemonic | readonly [Mnemonic, ...unknown[]];

type Mnemonic = keyof typeof instructions & string;

/** What `instructions` says about immediates: the values of the const enum Imm that need more than LEB128. */
const names = instructions as unknown as Record<string, readonly [code: number, immediates: number, ...unknown[]]>;
const imm = {
  block: names["block"]![1],
  labels: names["br_table"]![1],
  i32: names["i32.const"]![1],
  i64: names["i64.const"]![1],
  f32: names["f32.const"]![1],
  f64: names["f64.const"]![1],
  heap: names["ref.null"]![1],
  tryTable: names["try_table"]![1],
  v128: names["v128.const"]![1],
  memory: ["i32.load8_u", "i32.load16_u", "i32.load", "i64.load", "v128.load"].map((name) => names[name]![1]),
};

const typeCodes: Record<string, number> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
  exnref: 0x69,
  exn: 0x69,
  func: 0x70,
  extern: 0x6f,
};

/** The byte of a value type or an abstract heap type. */
export function typeCode(type: string): number {
  return typeCodes[type] ?? fail(`no code for type ${type}`);
}

/** An unsigned LEB128 number. */
export function u32(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

/** The same for numbers that may be above 2^53. */
function u64(value: bigint): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return [...bytes, Number(value)];
}

/** A signed LEB128 number. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (; value < -0x40n || value > 0x3fn; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return [...bytes, Number(value & 0x7fn)];
}

/** A list with its length in front. */
export function list(items: readonly (readonly number[])[]): number[] {
  return [...u32(items.length), ...items.flat()];
}

/** Bytes with their number in front. */
export function sized(bytes: readonly number[]): number[] {
  // A body may be longer than a call has room for arguments.
  return u32(bytes.length).concat(bytes);
}

/** A name in UTF-8. */
export function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}

/** Instructions one after the other, without the last `end`. */
export function code(instrs: readonly Instr[]): number[] {
  return instrs.flatMap((instr) => {
    const [name, ...immediates] = typeof instr === "string" ? [instr] : instr;
    const [opcode, kind] = names[name]!;
    return [...opcodeBytes(opcode), ...immediateBytes(name, kind, immediates)];
  });
}

function opcodeBytes(opcode: number): number[] {
  if (opcode < 0x100) return [opcode];
  return opcode > 0xffff ? [opcode >> 12, ...u32(opcode & 0xfff)] : [opcode >> 8, ...u32(opcode & 0xff)];
}

function immediateBytes(name: string, kind: number, values: readonly unknown[]): number[] {
  const [value] = values;
  if (kind === imm.i32 || kind === imm.i64) return signed(BigInt(value as number | bigint));
  if (kind === imm.f32)
    return value instanceof Uint8Array ? [...value] : [...new Uint8Array(Float32Array.of(value as number).buffer)];
  if (kind === imm.f64)
    return value instanceof Uint8Array ? [...value] : [...new Uint8Array(Float64Array.of(value as number).buffer)];
  if (kind === imm.v128) return [...(value as Uint8Array)];
  if (kind === imm.block) return blockTypeBytes(value);
  if (kind === imm.heap) return typeOrIndex(value);
  if (kind === imm.tryTable) return [...blockTypeBytes(value), ...list(values.slice(1) as number[][])];
  if (kind === imm.labels) {
    const labels = values as number[];
    return [...u32(labels.length - 1), ...labels.flatMap(u32)];
  }
  if (imm.memory.includes(kind))
    return [...u32(imm.memory.indexOf(kind)), ...u64(BigInt((value as number | bigint | undefined) ?? 0))];
  // Indices; those left out are 0, as a memory's is nearly always.
  const needed =
    name.includes(".copy") || name === "memory.init" || name === "table.init" || name.endsWith("call_indirect") ? 2 : 1;
  const isPlain = instructionsWithoutImmediates.has(kind);
  const indices = values.length === 0 && !isPlain ? [0] : (values as number[]);
  while (!isPlain && indices.length < needed) indices.push(0);
  return indices.flatMap(u32);
}

const instructionsWithoutImmediates = new Set([names["nop"]![1]]);

function blockTypeBytes(type: unknown): number[] {
  return type === undefined ? [0x40] : typeOrIndex(type);
}

function typeOrIndex(value: unknown): number[] {
  return typeof value === "number" ? signed(BigInt(value)) : [typeCode(value as string)];
}

function fail(message: string): never {
  throw new Error(message);
}
