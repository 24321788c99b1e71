// Takes an expression, gives what is known of its value without knowing the operands (specification: 4.3.2 Integer operations, 4.3.3).
import { type Expr, ExprKind } from "../../ir/tree.ts";
import { f32FromBits } from "../../num/float-bits.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";

/** What lies between two numbers and is a multiple of a third, a power of two. */
type Range = readonly [min: number, max: number, unit: number];

/** An f32 holds so many multiples of a unit on either side of zero. */
const FLOAT_MULTIPLES = 2 ** 24;
/** Below it an f32 has fewer bits. */
const LEAST_UNIT = 2 ** -126;
const GREATEST = 2 ** 127;

const LEAST_INTEGER = -(2 ** 31);
const GREATEST_INTEGER = 2 ** 31 - 1;

/** Whether an expression of type f32 computes what an f32 holds as it is, so that nothing is rounded. */
export function isExactFloat(expr: Expr): boolean {
  return expr.kind === ExprKind.Numeric && rangeOf(expr) !== null;
}

/** Whether an i32 has no bits but those of a mask, which is a power of two less one. */
export function fitsMask(expr: Expr, mask: number): boolean {
  const [min, max] = rangeOf(expr)!;
  return min >= 0 && max <= mask && (mask & (mask + 1)) === 0;
}

/** The range of an i32, as a signed number, or of an f32 that is computed without rounding; null where that is not known. */
function rangeOf(expr: Expr): Range | null {
  const range = computed(expr);
  if (expr.type !== Num.F32) {
    const fits = range !== null && range[0] >= LEAST_INTEGER && range[1] <= GREATEST_INTEGER;
    return fits ? range : [LEAST_INTEGER, GREATEST_INTEGER, 1];
  }
  if (range === null) return null;
  const [min, max, unit] = range;
  const greatest = Math.max(-min, max);
  return greatest <= GREATEST && unit >= LEAST_UNIT && greatest / unit <= FLOAT_MULTIPLES ? range : null;
}

function computed({ kind, op, type, a, b, lo }: Expr): Range | null {
  if (kind === ExprKind.Const) return constantRange(type === Num.F32 ? f32FromBits(lo) : lo);
  if (kind === ExprKind.Load) return loaded[op] ?? null;
  const left = kind === ExprKind.Numeric ? rangeOf(a!) : null;
  if (left === null) return null;
  if (op === Op["f32.convert_i32_s"]) return left;
  if (op === Op["f32.convert_i32_u"]) return left[0] < 0 ? null : left;
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
    case Op["i32.and"]: {
      const masks = [left, right].filter(([min]) => min >= 0);
      return masks.length === 0 ? null : [0, Math.min(...masks.map(([, max]) => max)), 1];
    }
    case Op["i32.or"]:
    case Op["i32.xor"]:
      return left[0] < 0 || right[0] < 0 ? null : [0, left[1] + right[1], 1];
    case Op["i32.shr_u"]:
      return b!.kind === ExprKind.Const ? shifted(left, b!.lo & 31) : null;
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
  return [value, value, unit];
}

const loaded: Readonly<Record<number, Range>> = {
  [Op["i32.load8_u"]]: [0, 255, 1],
  [Op["i32.load8_s"]]: [-128, 127, 1],
  [Op["i32.load16_u"]]: [0, 65535, 1],
  [Op["i32.load16_s"]]: [-32768, 32767, 1],
};

function shifted([min, max]: Range, count: number): Range | null {
  if (min >= 0) return [min >>> count, max >>> count, 1];
  return count === 0 ? null : [0, 0xffffffff >>> count, 1];
}
