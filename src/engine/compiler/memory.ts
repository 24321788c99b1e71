// Takes loads and stores, gives accesses to a DataView, whose own check of bounds is the trap (specification: 4.6.8 Memory instructions).
import { TrapCode } from "../../instance/trap.ts";
import { Effect, type Expr, ExprKind, type Stmt } from "../../ir/tree.ts";
import { opName } from "../../syntax/instructions.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import { effective, moved, place } from "./address.ts";
import { copiesBits } from "./bit-copies.ts";
import { unmoved } from "./constant-operand.ts";
import { elementAt, type Place } from "./element.ts";
import { prefersElements } from "./elements.ts";
import type { FunctionEmitter } from "./emit.ts";
import { isArithmetic } from "./float-uses.ts";
import { floatBits } from "./floats.ts";
import { Level } from "./level.ts";
import { hasMaglev, unsignedNumber } from "./maglev.ts";
import { low, pair } from "./pair.ts";
import { before, unrounded, value } from "./value.ts";
import { storeVector } from "./vector-memory.ts";
import { storeWide } from "./wide-memory.ts";
import { int, type Pair } from "./writer.ts";

const accessors = new Map<number, string>();

/** The accessor that does what an instruction's name says, little-endian: that of `i64.load16_u` is `getUint16`. */
function accessorOf(op: number): string {
  let accessor = accessors.get(op);
  if (accessor === undefined) {
    const [, type, all, action, bits = all, sign] = /^(.)(\d+)\.(load|store)(\d+)?(_u)?/.exec(opName(op)!)!;
    const kind = type === "f" ? "Float" : sign === undefined || bits === "32" ? "Int" : "Uint";
    accessor = (action === "load" ? "get" : "set") + kind + bits;
    accessors.set(op, accessor);
  }
  return accessor;
}

export function get(view: string, getter: string, address: string): string {
  return unsignedNumber(view, getter, `(${address + endOf(getter)}`);
}

export function set(view: string, setter: string, address: string, source: string): string {
  return `${view}.${setter}(${address},${source + endOf(setter)};`;
}

/** What ends the arguments of an accessor: bytes have no order. */
function endOf(accessor: string): string {
  return accessor.endsWith("8") ? ")" : ",true)";
}

const OUT_OF_BOUNDS = `trap(${TrapCode.MemoryBounds})`;

/** The value of a load of one word or of an f64. */
export function load(e: FunctionEmitter, expr: Expr): string {
  if (expr.op !== Op["f32.load"]) return loadWord(e, expr, accessorOf(expr.op));
  const view = e.memories.view(expr.lo);
  const address = e.writer.keep(place(e, expr.a!, expr.n, expr.lo));
  return exactFloat(e, (getter) => get(view, getter, address), e.writer.mark(expr.at));
}

/** An f32 that is read as a number. A signalling NaN does not survive as one: its bits go by words. `mark` comes first. */
export function exactFloat(e: FunctionEmitter, read: (getter: string) => string, mark = ""): string {
  const number = e.writer.keep(mark + read("getFloat32"), Num.F32);
  return `(${number}===${number}?${number}:fromBits(${read("getInt32")}))`;
}

/** The value of an expression; if it is the load of a byte, all that matters are its eight bits, or whether one is set. */
export function bitsOf(e: FunctionEmitter, expr: Expr, level: number = Level.Atom): string {
  const isByte = expr.op === Op["i32.load8_s"] || expr.op === Op["i32.load8_u"];
  return isByte ? loadWord(e, expr, hasMaglev() ? "getInt8" : accessorOf(expr.op), false) : value(e, expr, level);
}

/** A load by a getter of the view; of a byte that is an element the sign is extended where it matters. */
export function loadWord(e: FunctionEmitter, expr: Expr, getter: string, hasSign = true): string {
  const { writer } = e;
  const address = expr.a!;
  const memory = expr.lo;
  const mark = writer.mark(expr.at);
  const found = elementAt(e, getter, address, expr.n, memory, expr.hi);
  if (found === null) {
    const source = place(e, address, expr.n, memory);
    return mark + get(e.memories.view(memory), getter, source);
  }
  const [numbers, index, viewed] = found;
  const otherwise = viewed === null ? OUT_OF_BOUNDS : get(e.memories.view(memory), getter, viewed);
  const source = `${mark}${numbers}[${index}]??${otherwise}`;
  // V8 makes a call of an access to a view one of whose operands has two ends; and JavaScriptCore is slower where an end is such a call.
  const number = prefersElements() && viewed === null ? `(${source})` : writer.keep(source, expr.type);
  return hasSign && getter === "getInt8" ? `(${number}<<24>>24)` : number;
}

/** The halves of a load of an i64, or of the bits of an f64; in the variables `into`, if they are given. */
export function loadPair(e: FunctionEmitter, expr: Expr, into?: Pair): Pair {
  const { writer } = e;
  const view = e.memories.view(expr.lo);
  if (!isWhole(expr)) {
    const lo = writer.put(loadWord(e, expr, accessorOf(expr.op)), into?.lo);
    // Codes alternate between signed and unsigned.
    return { lo, hi: (expr.op & 1) === 0 ? `(${lo}>>31)` : "0" };
  }
  const address = writer.keep(effective(e, expr.a!, expr.n));
  const mark = writer.mark(expr.at);
  const lo = writer.put(mark + get(view, "getInt32", address), into?.lo);
  return { lo, hi: writer.put(mark + get(view, "getInt32", moved(address, 4)), into?.hi) };
}

/** A store. */
export function store(e: FunctionEmitter, stmt: Stmt): void {
  if (stmt.b!.type === Num.V128) return storeVector(e, stmt);
  if (storeWide(e, stmt)) return;
  const { writer } = e;
  const { op, n: memory, m: offset, type: align } = stmt;
  const base = stmt.a!;
  const source = stmt.b!;
  const setter = setterOf(e, stmt);
  const isElement = setter !== null && (prefersElements() || unmoved(base).kind === ExprKind.Slot);
  const found = isElement ? elementAt(e, setter, base, offset, memory, align) : null;
  if (found !== null) return storeElement(e, stmt, setter!, found);
  let address = (setter === null ? effective : place)(e, base, offset, memory);
  if (before(base, source)) address = writer.keep(address);
  if (setter === null) {
    const halves = op === Op["i64.store"] ? pair(e, source) : doubleBits(e, source)!;
    return storePair(e, memory, address, halves);
  }
  const view = e.memories.view(memory);
  const isMoved = op === Op["f64.store"] && !isNumber(source) && !isArithmetic(source) && !e.floats.isRounded(stmt);
  if (!isMoved) return writer.line(set(view, setter, address, stored(e, source, setter)));
  if ((base.effects & Effect.Memory) !== 0) address = writer.keep(address, Num.F64);
  setDouble(e, view, address, value(e, source, Level.Whole));
}

/** Stores an f64 with the bits that it has; the address may be read twice. */
export function setDouble({ writer, names }: FunctionEmitter, view: string, address: string, source: string): void {
  // What is made ahead of time may run on any host.
  if (copiesBits && names.steadiness !== null) return writer.line(set(view, "setFloat64", address, source));
  const number = writer.keep(source, Num.F64);
  writer.line(
    `${set(view, "setFloat64", address, number)}if(${number}!==${number})rewrite(${view},${address},${number});`,
  );
}

/** The JIT makes nothing of what is read but its check; what is no element is not written as one either. */
function storeElement(e: FunctionEmitter, stmt: Stmt, setter: string, [numbers, index, address]: Place): void {
  const { writer } = e;
  const element = `${numbers}[${address === null ? writer.keep(index) : index}]`;
  const source = writer.keep(stored(e, stmt.b!, setter), setter.startsWith("setF") ? Num.F64 : Num.I32);
  const instead = address === null ? `${OUT_OF_BOUNDS};` : set(e.memories.view(stmt.n), setter, address, source);
  writer.line(`${element}??${instead}${element}=${source};`);
}

/** The setter that a store goes by; null where it stores halves. */
function setterOf(e: FunctionEmitter, stmt: Stmt): string | null {
  const source = stmt.b!;
  switch (stmt.op) {
    case Op["i64.store"]:
    case Op["f64.store"]:
      // Bits that are only moved; what is made ahead of time may run on hosts that change some.
      if (isWhole(source) && copiesBits && e.names.steadiness !== null) return "setFloat64";
      return isNumber(source) || !hasBits(source) ? "setFloat64" : null;
    case Op["f32.store"]:
      // A setter rounds by itself.
      return isArithmetic(source) || e.floats.isRounded(stmt) ? "setFloat32" : "setInt32";
    default:
      return accessorOf(stmt.op);
  }
}

/** Whether an expression is a load of 64 bits. */
function isWhole({ op }: Expr): boolean {
  return op === Op["i64.load"] || op === Op["f64.load"];
}

/** What a setter is given. */
function stored(e: FunctionEmitter, source: Expr, setter: string): string {
  if (setter === "setFloat64" && source.kind === ExprKind.Const)
    return e.constants.float(Num.F64, source.lo, source.hi);
  if (setter === "setFloat32") return unrounded(e, source);
  if (source.type === Num.F32) return floatBits(e, source);
  if (source.type !== Num.I64)
    return setter === "setInt8" ? bitsOf(e, source, Level.Whole) : value(e, source, Level.Whole);
  return setter === "setFloat64" ? loadWord(e, source, "getFloat64") : low(e, source, Level.Whole);
}

/** Stores the halves of an i64. */
export function storePair(e: FunctionEmitter, memory: number, at: string, halves: Pair): void {
  const { writer, memories } = e;
  const view = memories.view(memory);
  const address = writer.keep(at);
  const lo = writer.keep(halves.lo);
  // The high half first: where it is out of range nothing is written.
  writer.line(set(view, "setInt32", moved(address, 4), halves.hi));
  writer.line(set(view, "setInt32", address, lo));
}

/** Whether 64 bits are those of a known double that is a finite number: all of it is stored at once. */
export function isNumber({ kind, hi }: Expr): boolean {
  return kind === ExprKind.Const && (hi & INFINITE) !== INFINITE;
}

/** The exponent of infinities and NaNs, in a high word. */
const INFINITE = 0x7ff00000;

/** Whether the bits of 64 are at hand. */
function hasBits({ kind, op, type }: Expr): boolean {
  return type === Num.I64 || kind === ExprKind.Load || kind === ExprKind.Const || op === Op["f64.reinterpret_i64"];
}

/** The bits of an f64 where they are at hand. */
export function doubleBits(e: FunctionEmitter, expr: Expr): Pair | null {
  if (expr.kind === ExprKind.Load) return loadPair(e, expr);
  if (expr.kind === ExprKind.Const) return { lo: int(expr.lo), hi: int(expr.hi) };
  if (expr.op === Op["f64.reinterpret_i64"]) return pair(e, expr.a!);
  return null;
}
