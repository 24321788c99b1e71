// Takes an expression of type i64, gives the sources of its two int32 halves (specification: 4.3.2 Integer operations).
import { Effect, type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { putDouble } from "./floats.ts";
import { held } from "./magnitude.ts";
import { loadPair } from "./memory.ts";
import { referencePair } from "./references.ts";
import { fill } from "./template.ts";
import { before, condition, formOf, operands, plain, value } from "./value.ts";
import { extractPair } from "./vector-moves.ts";
import { halvesOf, isWide } from "./wide.ts";
import { int, isAtom, isLiteral, literalValue, type Pair, unprintable } from "./writer.ts";

/** The halves of an expression of type i64; those of a load in the variables `into`, if they are given. */
export function pair(e: FunctionEmitter, expr: Expr, into?: Pair): Pair {
  switch (expr.kind) {
    case ExprKind.Const:
      return { lo: int(expr.lo), hi: int(expr.hi) };
    case ExprKind.Slot: {
      const lo = e.writer.slot(expr.n, Num.I64);
      // Where it is the low half's sign, V8 need not find that out.
      return { lo, hi: !e.writer.isWide && held.has(expr.n) ? signOf(lo) : e.writer.high(expr.n) };
    }
    case ExprKind.Global:
      return e.globals.readPair(expr.n);
    case ExprKind.Load:
      return loadPair(e, expr, into);
    case ExprKind.MemorySize:
      return { lo: e.memories.pages(expr.n), hi: "0" };
    case ExprKind.Select:
      return select(e, expr);
    case ExprKind.Numeric:
      return numeric(e, expr);
    case ExprKind.Reference:
      return referencePair(e, expr);
    default:
      throw unprintable(expr.op);
  }
}

/** The high half of an i64 that is a word with its sign. */
export function signOf(lo: string): string {
  return `(${lo}>>31)`;
}

function select(e: FunctionEmitter, expr: Expr): Pair {
  let a = pair(e, expr.a!);
  if ((expr.a!.effects & Effect.Memory) !== 0) a = e.writer.keepPair(a);
  let b = pair(e, expr.b!);
  if ((expr.b!.effects & Effect.Memory) !== 0) b = e.writer.keepPair(b);
  const test = e.writer.keep(condition(e, expr.c!));
  return { lo: `(${test}?${a.lo}:${b.lo})`, hi: `(${test}?${a.hi}:${b.hi})` };
}

/** Codes of i64 instructions are so much greater than those of i32. */
const FROM_WORDS = Op["i64.add"] - Op["i32.add"];

/** The low half of an expression of type i64: the high half is computed only where it can trap. */
export function low(e: FunctionEmitter, expr: Expr, level: number): string {
  const { kind, op, a, b } = expr;
  if (kind !== ExprKind.Numeric || before(a!, b)) return pair(e, expr).lo;
  if (op === Op["i64.extend_i32_s"] || op === Op["i64.extend_i32_u"]) return value(e, a!, level);
  const isLeft = op === Op["i64.shl"] && b!.kind === ExprKind.Const && (b!.lo & 63) < 32;
  const isBitwise = op >= Op["i64.and"] && op <= Op["i64.xor"];
  const isWord = isLeft || isBitwise || (op >= Op["i64.add"] && op <= Op["i64.mul"]);
  return isWord ? plain(e, expr, formOf(op - FROM_WORDS).plain!, level, low) : pair(e, expr).lo;
}

function numeric(e: FunctionEmitter, expr: Expr): Pair {
  const { writer } = e;
  if (writer.isWide && isWide(expr)) return halvesOf(e, expr);
  switch (expr.op) {
    case Op["i64x2.extract_lane"]:
      return extractPair(e, expr);
    case Op["i64.reinterpret_f64"]: {
      if (expr.a!.kind === ExprKind.Load) return loadPair(e, expr.a!);
      putDouble(e, "XD", 0, expr.a!, expr);
      return writer.keepPair({ lo: "XI[0]", hi: "XI[1]" });
    }
    case Op["i64.and"]:
    case Op["i64.or"]:
    case Op["i64.xor"]: {
      let [a, b] = both(e, expr);
      // What stands beside a zero is not printed: it may trap all the same.
      if ((expr.effects & Effect.Memory) !== 0) [a, b] = [writer.keepPair(a), writer.keepPair(b)];
      return { lo: bitwise(expr.op, a.lo, b.lo), hi: bitwise(expr.op, a.hi, b.hi) };
    }
    case Op["i64.add"]:
      return add(e, ...both(e, expr));
    case Op["i64.sub"]:
      return subtract(e, ...both(e, expr));
    case Op["i64.mul"]:
      return multiply(e, ...both(e, expr));
    case Op["i64.shl"]:
    case Op["i64.shr_s"]:
    case Op["i64.shr_u"]:
    case Op["i64.rotl"]:
    case Op["i64.rotr"]:
      if (expr.b!.kind === ExprKind.Const) return shiftByConstant(e, expr.op, pair(e, expr.a!), expr.b!.lo & 63);
      break;
    case Op["i64.div_u"]:
    case Op["i64.rem_u"]: {
      const short = shortDivision(e, expr);
      if (short !== null) return short;
      break;
    }
    default:
  }
  return general(e, expr);
}

/** Both operands, the first one complete before the second begins where their traps could change places. */
function both(e: FunctionEmitter, expr: Expr): [Pair, Pair] {
  let a = pair(e, expr.a!);
  if (before(expr.a!, expr.b)) a = e.writer.keepPair(a);
  return [a, pair(e, expr.b!)];
}

function general(e: FunctionEmitter, expr: Expr): Pair {
  const { writer } = e;
  const form = formOf(expr.op);
  const filled = operands(e, expr, form);
  const lo = writer.keep(fill(form.value, filled));
  filled["lo"] = lo;
  const hi = fill(form.high!, filled);
  return { lo, hi: hi === `${lo}>>31` ? signOf(lo) : writer.keep(hi) };
}

function bitwise(op: number, a: string, b: string): string {
  if (op === Op["i64.and"]) {
    if (a === "0" || b === "0") return "0";
    if (a === "(-1)") return b;
    if (b === "(-1)") return a;
    return `(${a}&${b})`;
  }
  if (a === "0") return b;
  if (b === "0") return a;
  return `(${a}${op === Op["i64.or"] ? "|" : "^"}${b})`;
}

function sum(...terms: string[]): string {
  const rest = terms.filter((term) => term !== "0");
  if (rest.length === 0) return "0";
  return rest.length === 1 && isAtom(rest[0]!) ? rest[0]! : `(${rest.join("+")}|0)`;
}

function add(e: FunctionEmitter, a: Pair, b: Pair): Pair {
  const { writer } = e;
  if (b.lo === "0") return { lo: a.lo, hi: sum(a.hi, b.hi) };
  const al = writer.keep(a.lo);
  const lo = writer.keep(`${al}+${b.lo}|0`);
  return { lo, hi: sum(a.hi, b.hi, `((${lo}>>>0)<(${al}>>>0)|0)`) };
}

function subtract(e: FunctionEmitter, a: Pair, b: Pair): Pair {
  const { writer } = e;
  if (b.lo === "0") return { lo: a.lo, hi: b.hi === "0" ? a.hi : `(${a.hi}-${b.hi}|0)` };
  const al = writer.keep(a.lo);
  const bl = writer.keep(b.lo);
  const borrow = `((${al}>>>0)<(${bl}>>>0)|0)`;
  return {
    lo: `(${al}-${bl}|0)`,
    hi: b.hi === "0" ? `(${a.hi}-${borrow}|0)` : `(${a.hi}-${b.hi}-${borrow}|0)`,
  };
}

/** The constant that a rounded upper word has too much, so that it is no negative number, which would be rounded the other way. */
const ABOVE = 1073741824;

/**
 * The double product is near enough that rounding its upper part, after taking off the exact low word, is exact. Words are taken as signed: a JIT that
 * found unsigned ones to be small would fail later. What is surely a word comes last, as JavaScriptCore lets a sum run over beside one alone.
 */
function multiply(e: FunctionEmitter, a: Pair, b: Pair): Pair {
  const { writer } = e;
  const al = writer.keep(a.lo);
  const bl = writer.keep(b.lo);
  const lo = writer.keep(`imul(${al},${bl})`);
  const upper = `(${al}*2.3283064365386963e-10*${bl}-${lo}*2.3283064365386963e-10+${ABOVE}.5|0)`;
  return { lo, hi: sum(...above(a, al, bl), ...above(b, bl, al), `(${lo}>>31)`, upper, int(-ABOVE)) };
}

/** What a product's upper word is short of as its factor was taken as a signed word: nothing where it is one. */
function above(factor: Pair, lo: string, other: string): readonly string[] {
  const { hi } = factor;
  if (hi === signOf(factor.lo)) return [];
  const negative = isLiteral(lo) ? (literalValue(lo) < 0 ? other : "0") : `(${lo}>>31&${other})`;
  return [hi === "0" ? hi : `imul(${hi},${other})`, negative];
}

function shiftByConstant(e: FunctionEmitter, op: number, operand: Pair, count: number): Pair {
  if (count === 0) return operand;
  if (op === Op["i64.rotr"]) return shiftByConstant(e, Op["i64.rotl"], operand, 64 - count);
  const { lo, hi } = e.writer.keepPair(operand);
  const by = count & 31;
  const wide = count >= 32;
  switch (op) {
    case Op["i64.shl"]:
      if (wide) return { lo: "0", hi: by === 0 ? lo : `(${lo}<<${by})` };
      return { lo: `(${lo}<<${by})`, hi: hi === "0" ? `(${lo}>>>${32 - by})` : `(${hi}<<${by}|${lo}>>>${32 - by})` };
    case Op["i64.shr_u"]:
      if (wide) return { lo: by === 0 ? hi : shifted(hi, `>>>${by}`), hi: "0" };
      return { lo: hi === "0" ? `(${lo}>>>${by})` : `(${lo}>>>${by}|${hi}<<${32 - by})`, hi: shifted(hi, `>>>${by}`) };
    case Op["i64.shr_s"]:
      if (wide) return { lo: by === 0 ? hi : shifted(hi, `>>${by}`), hi: shifted(hi, ">>31") };
      return { lo: `(${lo}>>>${by}|${hi}<<${32 - by})`, hi: shifted(hi, `>>${by}`) };
    default: {
      const [x, y] = wide ? [hi, lo] : [lo, hi];
      if (by === 0) return { lo: x, hi: y };
      return { lo: `(${x}<<${by}|${y}>>>${32 - by})`, hi: `(${y}<<${by}|${x}>>>${32 - by})` };
    }
  }
}

function shifted(source: string, shift: string): string {
  return source === "0" ? "0" : `(${source}${shift})`;
}

/** Division of what is known to fit 32 bits. */
function shortDivision(e: FunctionEmitter, expr: Expr): Pair | null {
  const isShort = (child: Expr): boolean =>
    child.op === Op["i64.extend_i32_u"] ||
    (child.kind === ExprKind.Load && child.op === Op["i64.load32_u"]) ||
    (child.kind === ExprKind.Const && child.hi === 0);
  const { a, b } = expr;
  if (!isShort(a!) || b!.kind !== ExprKind.Const || b!.hi !== 0 || b!.lo === 0) return null;
  const { lo } = pair(e, a!);
  return { lo: `((${lo}>>>0)${expr.op === Op["i64.div_u"] ? "/" : "%"}${b!.lo >>> 0}|0)`, hi: "0" };
}
