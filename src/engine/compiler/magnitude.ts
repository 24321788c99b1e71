// Takes an expression, gives what is known of its value without knowing the operands (specification: 4.3.2 Integer operations, 4.3.3).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { f32FromBits } from "../../num/float-bits.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";

/** What lies between two numbers and is a multiple of a third, a power of two or zero where that is not known. */
type Range = readonly [min: number, max: number, unit: number];

/** An f32 holds so many multiples of a unit on either side of zero. */
const FLOAT_MULTIPLES = 2 ** 24;
/** Below it an f32 has fewer bits. */
const LEAST_UNIT = 2 ** -126;
const GREATEST = 2 ** 127;

const LEAST_INTEGER = -(2 ** 31);
const GREATEST_INTEGER = 2 ** 31 - 1;

/**
 * What is known of the integers that slots hold, at the place that is printed: one function is printed at a time. Of an i64 it is only that it is a word
 * with its sign.
 */
export const held: Map<number, Range> = new Map();

/** Notes what a slot is set to, by the instruction that gives such values, which holds until control may come from elsewhere. */
export function hold(slot: number, op: number): void {
  const range = loaded[op];
  if (range !== undefined) held.set(slot, range);
  else held.delete(slot);
}

/** Takes nothing for known of what slots hold. */
export function release(): void {
  if (held.size > 0) held.clear();
}

/** Whether an expression of type f32 computes what an f32 holds as it is, so that nothing is rounded. */
export function isExactFloat(expr: Expr): boolean {
  const range = expr.kind === ExprKind.Numeric ? computed(expr) : null;
  if (range === null) return false;
  const [min, max, unit] = range;
  const greatest = Math.max(-min, max);
  return greatest <= GREATEST && unit >= LEAST_UNIT && greatest / unit <= FLOAT_MULTIPLES;
}

/** Whether an i32 has no bits but those of a mask, which is a power of two less one. */
export function fitsMask(expr: Expr, mask: number): boolean {
  const [min, max] = rangeOf(expr)!;
  return min >= 0 && max <= mask && (mask & (mask + 1)) === 0;
}

/** Whether the operand of a conversion is a number in the range of an i32, which is signed if the code is even; for an unsigned one also below 2^31. */
export function isInRange({ op, a }: Expr): boolean {
  const range = rangeOf(a!);
  return range !== null && range[0] >= ((op & 1) === 0 ? LEAST_INTEGER : 0) && range[1] <= GREATEST_INTEGER;
}

/** The range of an i32, as a signed number, or of an f32, whose bounds may be infinite or NaNs; null where that is not known. */
function rangeOf(expr: Expr): Range | null {
  const range = computed(expr);
  if (expr.type !== Num.F32) {
    const fits = range !== null && range[0] >= LEAST_INTEGER && range[1] <= GREATEST_INTEGER;
    return fits ? range : [LEAST_INTEGER, GREATEST_INTEGER, 1];
  }
  // Rounding keeps the order, and gives multiples of the unit: those that it leaves out are followed by multiples of twice the unit.
  return range === null ? null : [Math.fround(range[0]), Math.fround(range[1]), range[2]];
}

function computed({ kind, op, type, a, b, n, lo }: Expr): Range | null {
  if (kind === ExprKind.Const) return constantRange(type === Num.F32 ? f32FromBits(lo) : lo);
  if (kind === ExprKind.Load) return loaded[op] ?? null;
  if (kind === ExprKind.Slot && type === Num.I32) return held.get(n) ?? null;
  const left = kind === ExprKind.Numeric ? rangeOf(a!) : null;
  if (left === null) return null;
  if (op === Op["f32.convert_i32_s"]) return left;
  if (op === Op["f32.convert_i32_u"]) return [0, greatestOf(left), 1];
  // What may be a NaN has no range.
  if (op === Op["f32.sqrt"]) return [Math.sqrt(left[0]), Math.sqrt(left[1]), 0];
  const right = b === null ? null : rangeOf(b);
  if (right === null) return null;
  switch (op) {
    case Op["i32.add"]:
    case Op["f32.add"]:
      return [left[0] + right[0], left[1] + right[1], Math.min(left[2], right[2])];
    case Op["i32.sub"]:
    case Op["f32.sub"]:
      return [left[0] - right[1], left[1] - right[0], Math.min(left[2], right[2])];
    case Op["i32.mul"]:
    case Op["f32.mul"]: {
      const corners = left.slice(0, 2).flatMap((one) => [one * right[0], one * right[1]]);
      return [Math.min(...corners), Math.max(...corners), left[2] * right[2]];
    }
    case Op["i32.and"]:
      return [0, Math.min(greatestOf(left), greatestOf(right)), 1];
    case Op["i32.or"]:
    case Op["i32.xor"]:
      return [0, greatestOf(left) + greatestOf(right), 1];
    case Op["i32.shr_u"]:
      return b!.kind === ExprKind.Const ? [0, greatestOf(left) >>> b!.lo, 1] : null;
    default:
      return null;
  }
}

/** The greatest that an i32 may be without its sign. */
function greatestOf([min, max]: Range): number {
  return min < 0 ? 2 ** 32 - 1 : max;
}

/** Zero is a multiple of any unit. */
function constantRange(value: number): Range {
  let unit = 2 ** 31;
  while (Math.abs(value % unit) > 0) unit /= 2;
  return [value, value, unit];
}

const loaded: Readonly<Record<number, Range>> = {
  [Op["i32.load8_u"]]: [0, 255, 1],
  [Op["i32.load8_s"]]: [-128, 127, 1],
  [Op["i32.load16_u"]]: [0, 65535, 1],
  [Op["i32.load16_s"]]: [-32768, 32767, 1],
  [Op["i64.extend_i32_s"]]: [LEAST_INTEGER, GREATEST_INTEGER, 1],
};
