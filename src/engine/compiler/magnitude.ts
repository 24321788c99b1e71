// Takes an expression, gives what is known of its value without knowing the operands (specification: 4.3.2 Integer operations, 4.3.3).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { f32FromBits } from "../../num/float-bits.ts";
import { Op } from "../../syntax/opcodes.ts";

/** What lies between two numbers and is a multiple of a third, a power of two. */
interface Range {
  readonly min: number;
  readonly max: number;
  readonly unit: number;
}

/** An f32 holds so many multiples of a unit on either side of zero. */
const FLOAT_MULTIPLES = 2 ** 24;
/** Below it an f32 has fewer bits. */
const LEAST_UNIT = 2 ** -126;
const GREATEST = 2 ** 127;

const ANY_INTEGER: Range = { min: -(2 ** 31), max: 2 ** 31 - 1, unit: 1 };

/** Whether an expression of type f32 computes what an f32 holds as it is, so that nothing is rounded. */
export function isExactFloat(expr: Expr): boolean {
  return expr.kind === ExprKind.Numeric && rangeOf(expr) !== null;
}

/** The range of an f32 that is computed without rounding; null where that is not known. */
function rangeOf({ kind, op, a, b, lo }: Expr): Range | null {
  if (kind === ExprKind.Const) return constantRange(f32FromBits(lo));
  if (kind !== ExprKind.Numeric) return null;
  switch (op) {
    case Op["f32.convert_i32_s"]:
      return exact(integerRange(a!));
    case Op["f32.convert_i32_u"]: {
      const range = integerRange(a!);
      return range.min < 0 ? null : exact(range);
    }
    case Op["f32.add"]:
    case Op["f32.sub"]:
    case Op["f32.mul"]: {
      const left = rangeOf(a!);
      const right = left === null ? null : rangeOf(b!);
      if (right === null) return null;
      if (op === Op["f32.mul"]) return exact(product(left!, right));
      return exact(op === Op["f32.add"] ? sum(left!, right) : difference(left!, right));
    }
    default:
      return null;
  }
}

function constantRange(value: number): Range | null {
  if (!Number.isFinite(value)) return null;
  let unit = 1;
  if (value !== 0) {
    while (value % unit !== 0) unit /= 2;
    while (value % (unit * 2) === 0) unit *= 2;
  }
  return exact({ min: value, max: value, unit });
}

function exact(range: Range): Range | null {
  const greatest = Math.max(-range.min, range.max);
  return greatest <= GREATEST && range.unit >= LEAST_UNIT && greatest / range.unit <= FLOAT_MULTIPLES ? range : null;
}

function sum(a: Range, b: Range): Range {
  return { min: a.min + b.min, max: a.max + b.max, unit: Math.min(a.unit, b.unit) };
}

function difference(a: Range, b: Range): Range {
  return sum(a, { min: -b.max, max: -b.min, unit: b.unit });
}

function product(a: Range, b: Range): Range {
  const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
  return { min: Math.min(...corners), max: Math.max(...corners), unit: a.unit * b.unit };
}

function between(min: number, max: number): Range {
  return { min, max, unit: 1 };
}

/** The range of an i32, as a signed number. */
function integerRange({ kind, op, a, b, lo }: Expr): Range {
  if (kind === ExprKind.Const) return between(lo, lo);
  if (kind === ExprKind.Load) return loaded[op] ?? ANY_INTEGER;
  if (kind !== ExprKind.Numeric) return ANY_INTEGER;
  switch (op) {
    case Op["i32.and"]: {
      const masks = [integerRange(a!), integerRange(b!)].filter(({ min }) => min >= 0);
      return masks.length === 0 ? ANY_INTEGER : between(0, Math.min(...masks.map(({ max }) => max)));
    }
    case Op["i32.shr_u"]:
      return b!.kind === ExprKind.Const ? shifted(integerRange(a!), b!.lo & 31) : ANY_INTEGER;
    case Op["i32.add"]:
      return wrapped(sum(integerRange(a!), integerRange(b!)));
    case Op["i32.sub"]:
      return wrapped(difference(integerRange(a!), integerRange(b!)));
    case Op["i32.mul"]:
      return wrapped(product(integerRange(a!), integerRange(b!)));
    default:
      return ANY_INTEGER;
  }
}

const loaded: Readonly<Record<number, Range>> = {
  [Op["i32.load8_u"]]: between(0, 255),
  [Op["i32.load8_s"]]: between(-128, 127),
  [Op["i32.load16_u"]]: between(0, 65535),
  [Op["i32.load16_s"]]: between(-32768, 32767),
};

function shifted({ min, max }: Range, count: number): Range {
  if (min >= 0) return between(min >>> count, max >>> count);
  return count === 0 ? ANY_INTEGER : between(0, 0xffffffff >>> count);
}

function wrapped(range: Range): Range {
  return range.min >= ANY_INTEGER.min && range.max <= ANY_INTEGER.max ? range : ANY_INTEGER;
}
