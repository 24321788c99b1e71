// Takes loads and stores of vectors, gives accesses to a DataView (specification: 4.6.8 Memory instructions).
import { type Expr, ExprKind, type Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import { effective, moved } from "./address.ts";
import type { FunctionEmitter } from "./emit.ts";
import { exactFloat, get, set, setDouble } from "./memory.ts";
import { before } from "./value.ts";
import { convert, four, ready, readyLanes, type Vector, vectorOf, wordVector } from "./vector.ts";
import { type LaneKind, vectorForm } from "./vector-form.ts";
import { naturalKind } from "./vector-kinds.ts";
import { byteOf, halfOf, withByte, withHalf } from "./vector-moves.ts";

/** Reads at a distance from an address. */
type Read = (getter: string, by: number) => string;

const getters: Readonly<Record<LaneKind, string>> = {
  [Num.I32]: "getInt32",
  [Num.F32]: "getFloat32",
  [Num.F64]: "getFloat64",
};

/** The vector that an instruction loads; where any form is as good, in the form `kind`. */
export function loadVector(e: FunctionEmitter, expr: Expr, kind: LaneKind, exact: boolean): Vector {
  const { writer } = e;
  const { op, a, b } = expr;
  let address = effective(e, a!, expr.n);
  if (b !== null && before(a!, b)) address = writer.keep(address);
  const into = b === null ? null : vectorOf(e, b, kind, exact);
  const view = e.memories.view(expr.lo);
  address = writer.keep(address);
  const read: Read = (getter, by) => writer.mark(expr.at) + get(view, getter, moved(address, by));
  if (op === Op["v128.load"]) return { kind, lanes: wholeLanes(e, kind, exact, read) };
  if (into !== null) return loadLane(e, expr, into, read);
  return loadSome(e, op, kind, exact, read);
}

function wholeLanes(e: FunctionEmitter, kind: LaneKind, exact: boolean, read: Read): readonly string[] {
  if (kind === Num.F64) return [0, 8].map((by) => read("getFloat64", by));
  return [0, 4, 8, 12].map((by) => (kind === Num.I32 ? read("getInt32", by) : readFloat(e, exact, read, by)));
}

/** An f32 as a number, with what says that it is a signalling NaN where it has to be `exact`. */
function readFloat(e: FunctionEmitter, exact: boolean, read: Read, by: number): string {
  return exact ? exactFloat(e, (getter) => read(getter, by)) : read("getFloat32", by);
}

function loadSome(e: FunctionEmitter, op: number, kind: LaneKind, exact: boolean, read: Read): Vector {
  const { writer } = e;
  const word = (by: number): string => writer.keep(read("getInt32", by));
  const isWord = (width: LaneKind): boolean => kind !== width;
  switch (op) {
    case Op["v128.load8x8_s"]:
    case Op["v128.load8x8_u"]: {
      const signed = op === Op["v128.load8x8_s"];
      const pairOf = (source: string, at: number): string =>
        `(${byteOf(source, at, signed)}${signed ? "&65535" : ""}|${byteOf(source, at + 1, signed)}<<16)`;
      return wordVector([word(0), word(4)].flatMap((source) => [pairOf(source, 0), pairOf(source, 2)]));
    }
    case Op["v128.load16x4_s"]:
    case Op["v128.load16x4_u"]: {
      const signed = op === Op["v128.load16x4_s"];
      return wordVector([word(0), word(4)].flatMap((source) => [halfOf(source, 0, signed), halfOf(source, 1, signed)]));
    }
    case Op["v128.load32x2_s"]:
    case Op["v128.load32x2_u"]: {
      const [low, high] = [word(0), word(4)];
      const above = (source: string): string => (op === Op["v128.load32x2_s"] ? `(${source}>>31)` : "0");
      return wordVector([low, above(low), high, above(high)]);
    }
    case Op["v128.load8_splat"]:
      return wordVector(four(writer.keep(`imul(${read("getUint8", 0)},16843009)`)));
    case Op["v128.load16_splat"]:
      return wordVector(four(writer.keep(`imul(${read("getUint16", 0)},65537)`)));
    case Op["v128.load32_splat"]:
      if (isWord(Num.F32)) return wordVector(four(word(0)));
      return { kind, lanes: four(writer.keep(readFloat(e, exact, read, 0), kind)) };
    case Op["v128.load32_zero"]:
      if (isWord(Num.F32)) return wordVector([word(0), "0", "0", "0"]);
      return { kind, lanes: [readFloat(e, exact, read, 0), "0", "0", "0"] };
    case Op["v128.load64_splat"]: {
      if (isWord(Num.F64)) {
        const [low, high] = [word(0), word(4)];
        return wordVector([low, high, low, high]);
      }
      const number = writer.keep(read("getFloat64", 0), kind);
      return { kind, lanes: [number, number] };
    }
    default: // v128.load64_zero
      if (isWord(Num.F64)) return wordVector([word(0), word(4), "0", "0"]);
      return { kind, lanes: [read("getFloat64", 0), "0"] };
  }
}

/** A load into one lane. */
function loadLane(e: FunctionEmitter, { op, hi: lane, b }: Expr, vector: Vector, read: Read): Vector {
  const { writer } = e;
  // What is replaced may still trap.
  const into = ready(e, b!, vector);
  const wide = op === Op["v128.load32_lane"] ? Num.F32 : op === Op["v128.load64_lane"] ? Num.F64 : Num.I32;
  if (wide === into.kind && wide !== Num.I32) {
    const source = wide === Num.F32 ? readFloat(e, true, read, 0) : read("getFloat64", 0);
    return { kind: wide, lanes: into.lanes.map((other, i) => (i === lane ? source : other)) };
  }
  const words = [...convert(e, into, Num.I32, true)];
  switch (op) {
    case Op["v128.load8_lane"]:
      words[lane >> 2] = withByte(words[lane >> 2]!, writer.keep(read("getUint8", 0)), lane & 3);
      break;
    case Op["v128.load16_lane"]:
      words[lane >> 1] = withHalf(words[lane >> 1]!, writer.keep(read("getUint16", 0)), lane & 1);
      break;
    case Op["v128.load32_lane"]:
      words[lane] = read("getInt32", 0);
      break;
    default:
      words[2 * lane] = read("getInt32", 0);
      words[2 * lane + 1] = read("getInt32", 4);
  }
  return wordVector(words);
}

/** A store of a vector or of one of its lanes. */
export function storeVector(e: FunctionEmitter, stmt: Stmt): void {
  const { writer } = e;
  const { n: memory, m: offset, a, b } = stmt;
  const expr = b!;
  const view = e.memories.view(memory);
  let address = effective(e, a!, offset);
  if (before(a!, b)) address = writer.keep(address);
  const isWhole = stmt.op === Op["v128.store"];
  const natural = naturalKind(expr, e.slotKinds) ?? Num.I32;
  // As numbers only what is no signalling NaN.
  const kind = isWhole && (natural !== Num.F32 || isArithmetic(expr)) ? natural : Num.I32;
  // No word is written before all are read.
  const sources = readyLanes(e, expr, kind);
  address = writer.keep(address);
  const write = (setter: string, by: number, source: string): void =>
    writer.line(set(view, setter, moved(address, by), source));
  if (!isWhole) return storeLane(stmt, sources, write);
  const isMoved = kind === Num.F64 && !isArithmetic(expr);
  const setter = getters[kind].replace("get", "set");
  // The last one first: where it is out of range nothing is written.
  for (let i = sources.length - 1; i >= 0; i--) {
    const by = (16 / sources.length) * i;
    if (isMoved) setDouble(e, view, moved(address, by), sources[i]!);
    else write(setter, by, sources[i]!);
  }
}

function storeLane(
  { op, list }: Stmt,
  words: readonly string[],
  write: (setter: string, by: number, source: string) => void,
): void {
  const lane = list[0]!;
  switch (op) {
    case Op["v128.store8_lane"]:
      return write("setInt8", 0, byteOf(words[lane >> 2]!, lane & 3, false));
    case Op["v128.store16_lane"]:
      return write("setInt16", 0, halfOf(words[lane >> 1]!, lane & 1, false));
    case Op["v128.store32_lane"]:
      return write("setInt32", 0, words[lane]!);
    default:
      write("setInt32", 4, words[2 * lane + 1]!);
      write("setInt32", 0, words[2 * lane]!);
  }
}

/** Whether the lanes are results of arithmetic on floats. */
function isArithmetic({ kind, op }: Expr): boolean {
  const to = kind === ExprKind.Numeric ? vectorForm(op)?.to : null;
  return to === "f32" || to === "f64";
}
