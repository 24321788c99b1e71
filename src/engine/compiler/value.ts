// Takes an expression of one word, gives JavaScript source for its value; what must be computed first goes to the writer.

import { TrapCode } from "../../instance/trap.ts";
import { mayTrap } from "../../ir/shapes.ts";
import { Effect, type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { isRef, Num, type ValType } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { isArithmetic } from "./float-uses.ts";
import { floatBits, fromWords, operand } from "./floats.ts";
import { asSigned } from "./maglev.ts";
import { fitsMask, isExactFloat } from "./magnitude.ts";
import { bitsOf, load } from "./memory.ts";
import { low, pair } from "./pair.ts";
import { reference, referenceTest } from "./references.ts";
import { fill, type NumericForm, numericForm, type PlainForm } from "./template.ts";
import { vectorToScalar } from "./vector-compute.ts";
import { int, isLiteral, literalValue, NotCompilable } from "./writer.ts";

/** Whether an expression has an instruction whose trap is not that of memory: their order shows. */
export function hasGuard(expr: Expr | null): boolean {
  if (expr === null || (expr.effects & Effect.Memory) === 0) return false;
  if (expr.kind === ExprKind.Reference || (expr.kind === ExprKind.Numeric && mayTrap(expr.op))) return true;
  return hasGuard(expr.a) || hasGuard(expr.b) || hasGuard(expr.c);
}

/** Whether `a` has to be computed before `b` is begun, as both may trap in different ways. */
export function before(a: Expr, b: Expr | null): boolean {
  return b !== null && (a.effects & Effect.Memory) !== 0 && hasGuard(b);
}

/** The value of an expression of type i32, f32, f64 or of a reference. */
export function value(e: FunctionEmitter, expr: Expr): string {
  switch (expr.kind) {
    case ExprKind.Const:
      return constant(e, expr);
    case ExprKind.Slot:
      return e.writer.slot(expr.n, expr.type);
    case ExprKind.Global:
      return e.globals.read(expr.n, expr.type);
    case ExprKind.Load:
      return load(e, expr);
    case ExprKind.MemorySize:
      return e.memories.pages(expr.n);
    case ExprKind.Select:
      return select(e, expr, value);
    case ExprKind.Numeric:
      return numeric(e, expr);
    case ExprKind.Reference:
      return reference(e, expr);
    default:
      throw new NotCompilable(`expression ${expr.kind}`);
  }
}

function constant(e: FunctionEmitter, { type, lo, hi }: Expr): string {
  if (isRef(type)) return "null";
  if (type === Num.I32) return int(lo);
  return e.constants.float(type, lo, hi);
}

/** The one of two values that a condition tells, each as `print` has it, in a variable of the type `kept` where it cannot wait. */
export function select(
  e: FunctionEmitter,
  { type, a, b, c }: Expr,
  print: (e: FunctionEmitter, expr: Expr) => string,
  kept: ValType = type,
): string {
  const { writer } = e;
  // Both are computed, whichever is taken; what cannot trap may wait.
  let first = print(e, a!);
  if ((a!.effects & Effect.Memory) !== 0) first = writer.keep(first, kept);
  let second = print(e, b!);
  if ((b!.effects & Effect.Memory) !== 0) second = writer.keep(second, kept);
  return `(${condition(e, c!)}?${first}:${second})`;
}

/** Source that is true or not zero where an i32 expression is not zero. */
export function condition(e: FunctionEmitter, expr: Expr, negated = false): string {
  if (expr.kind === ExprKind.Numeric) {
    if (expr.op === Op["i32.eqz"]) return condition(e, expr.a!, !negated);
    if (expr.op === Op["i64.eqz"] || expr.op === Op["i32.wrap_i64"]) {
      const word = wordOf(expr.a!);
      if (word !== null) return condition(e, word, negated !== (expr.op === Op["i64.eqz"]));
    }
    const form = numericForm(expr.op);
    if (form !== undefined && form.condition !== null) {
      if (form.plain !== null) return negated ? `!${plain(e, expr, form.plain)}` : plain(e, expr, form.plain);
      const test = fill(form.condition, operands(e, expr, form));
      return negated ? `!(${test})` : `(${test})`;
    }
  }
  const test = expr.kind === ExprKind.Reference ? referenceTest(e, expr) : null;
  if (test !== null) return negated ? `!(${test})` : `(${test})`;
  const source = bitsOf(e, expr);
  return negated ? `(${source}===0)` : source;
}

/** The i32 that an i64 is made of, and is zero with; null where there is none. */
function wordOf(expr: Expr): Expr | null {
  const { kind, op, a } = expr;
  if (kind === ExprKind.Numeric && (op === Op["i64.extend_i32_u"] || op === Op["i64.extend_i32_s"])) return a;
  if (kind !== ExprKind.Load || op < Op["i64.load8_s"] || op > Op["i64.load32_u"]) return null;
  // Loads of bytes and halves stand in the same order.
  const load = op < Op["i64.load32_s"] ? op - Op["i64.load8_s"] + Op["i32.load8_s"] : Op["i32.load"];
  return { ...expr, type: Num.I32, op: load };
}

function numeric(e: FunctionEmitter, expr: Expr): string {
  const { op } = expr;
  switch (op) {
    case Op["i32.xor"]:
      return plain(e, maskedLast(expr));
    case Op["i32.wrap_i64"]:
      return low(e, expr.a!);
    case Op["i32.reinterpret_f32"]:
      return floatBits(e, expr.a!, expr);
    case Op["f32.reinterpret_i32"]:
      return `fromBits(${value(e, expr.a!)})`;
    case Op["f64.reinterpret_i64"]: {
      const { lo, hi } = pair(e, expr.a!);
      return fromWords(lo, hi);
    }
    case Op["f32.neg"]:
    case Op["f64.neg"]:
      return `negate(${value(e, expr.a!)})`;
    case Op["f32.abs"]:
    case Op["f64.abs"]:
      return `magnitude(${value(e, expr.a!)})`;
    case Op["f32.copysign"]:
    case Op["f64.copysign"]: {
      const a = value(e, expr.a!);
      return `copySign(${a},${value(e, expr.b!)})`;
    }
    case Op["i32.div_s"]:
    case Op["i32.div_u"]:
    case Op["i32.rem_s"]:
    case Op["i32.rem_u"]: {
      const divided = divideByConstant(e, expr);
      if (divided !== null) return divided;
      break;
    }
    case Op["i32.rotl"]:
    case Op["i32.rotr"]: {
      const rotated = rotateByConstant(e, expr);
      if (rotated !== null) return rotated;
      break;
    }
    default:
  }
  if (expr.a!.type === Num.V128) return vectorToScalar(e, expr);
  const form = formOf(op);
  if (form.plain !== null && form.result !== Num.F32) {
    const source = plain(e, expr, form.plain);
    return form.condition === null ? source : `(${source}|0)`;
  }
  const filled = operands(e, expr, form);
  // In parentheses of its own: an "or" in it binds less than the one that makes it a number.
  if (form.condition !== null) return `((${fill(form.condition, filled)})|0)`;
  const source = `(${fill(form.value, filled)})`;
  return form.result === Num.F32 && !isExactFloat(expr) ? rounded(op, source) : source;
}

/** The value of an f32 that is the result of arithmetic, for what rounds it by itself. */
export function unrounded(e: FunctionEmitter, expr: Expr): string {
  const form = isArithmetic(expr) ? formOf(expr.op) : null;
  return form === null ? value(e, expr) : `(${fill(form.value, operands(e, expr, form))})`;
}

/** The xor of a byte that is masked and another one: masked last, since what an index is made of then has a step less between two loads. */
function maskedLast(expr: Expr): Expr {
  const { op, a, b } = expr;
  const mask = a!.op === Op["i32.and"] ? a!.b! : b!;
  const isLast = mask.kind === ExprKind.Const && b!.kind !== ExprKind.Const && fitsMask(b!, mask.lo);
  return isLast ? { ...a!, a: { ...a!, op, b: mask.lo <= 255 ? asSigned(b!) : b } } : expr;
}

/** Bytes are equal as signed numbers too. */
function compared(expr: Expr): Expr {
  const { op, a, b } = expr;
  const isTest = (op === Op["i32.eq"] || op === Op["i32.ne"]) && a!.op === b!.op;
  return isTest ? { ...expr, a: asSigned(a!), b: asSigned(b!) } : expr;
}

/** The quick way for most instructions. */
function plain(e: FunctionEmitter, expr: Expr, form: PlainForm = formOf(expr.op).plain!): string {
  const { a, b } = compared(expr);
  let first = operand(e, a!);
  if (b === null) return form.before + first + form.between;
  if (before(a!, b)) first = e.writer.keep(first, a!.type);
  if (form.isUnsigned && b.kind === ExprKind.Const)
    return `${form.before}${first}${form.between.slice(0, -1)}${b.lo >>> 0})`;
  return form.before + first + form.between + operand(e, b) + form.behind;
}

/** What the compiler knows of a numeric instruction. */
export function formOf(op: number): NumericForm {
  const form = numericForm(op);
  if (form === undefined) throw new NotCompilable(`instruction 0x${op.toString(16)}`);
  return form;
}

/** f32 results are rounded, where they are not of that precision already. */
function rounded(op: number, source: string): string {
  switch (op) {
    case Op["f32.ceil"]:
    case Op["f32.floor"]:
    case Op["f32.trunc"]:
    case Op["f32.nearest"]:
    case Op["f32.min"]:
    case Op["f32.max"]:
    case Op["f32.convert_i64_s"]:
    case Op["f32.convert_i64_u"]:
      return source;
    default:
      return `fround${source}`;
  }
}

/** A divisor that is a constant, neither zero nor minus one, needs no guards. */
function divideByConstant(e: FunctionEmitter, { op, a, b }: Expr): string | null {
  if (b!.kind !== ExprKind.Const || b!.lo === 0 || b!.lo === -1) return null;
  const x = e.writer.keep(value(e, a!));
  const quotient = `(${x}>>>0)/${b!.lo >>> 0}|0`;
  if (op === Op["i32.div_u"]) return `(${quotient})`;
  // JavaScriptCore calls a function for a remainder of what may be 2^31 and more.
  if (op === Op["i32.rem_u"]) return `(${x}-Math.imul(${quotient},${int(b!.lo)})|0)`;
  return `(${x}${op === Op["i32.div_s"] ? "/" : "%"}${int(b!.lo)}|0)`;
}

function rotateByConstant(e: FunctionEmitter, { op, a, b }: Expr): string | null {
  if (b!.kind !== ExprKind.Const) return null;
  const by = (op === Op["i32.rotl"] ? b!.lo : -b!.lo) & 31;
  if (by === 0) return value(e, a!);
  const x = e.writer.keep(value(e, a!));
  return `(${x}<<${by}|${x}>>>${32 - by})`;
}

/** Computes the operands of an instruction, checks its guards, and gives what its template's names stand for. */
export function operands(e: FunctionEmitter, expr: Expr, form: NumericForm): Record<string, string> {
  const { writer } = e;
  const filled: Record<string, string> = {};
  const children = [expr.a!, expr.b];
  const names = ["a", "b"] as const;
  form.params.forEach((type, i) => {
    const child = children[i]!;
    const name = names[i]!;
    // A trap of an operand comes before those of the instruction, and of the second operand; and it comes though its value makes no difference.
    const isGuarded = form.guards.length > 0 && (child.effects & Effect.Memory) !== 0;
    const early = isGuarded || (i === 0 && before(child, expr.b));
    const fillIn = (key: string, source: string): void => {
      const uses = form.uses[key] ?? 0;
      const isLost = form.lazy.has(key) && (child.effects & Effect.Memory) !== 0;
      filled[key] = early || uses > 1 || isLost ? writer.keep(source, type) : source;
    };
    if (type === Num.I64) {
      const halves = pair(e, child);
      fillIn(`${name}l`, halves.lo);
      if (form.uses[`${name}h`] !== undefined) fillIn(`${name}h`, halves.hi);
    } else fillIn(name, operand(e, child));
  });
  const [first, second] = form.guards;
  // A NaN is not inside either.
  if (first?.code === TrapCode.InvalidConversion) {
    const code = `${fill(first.condition, filled)}?${first.code}:${second!.code}`;
    writer.lineAt(expr.at, `if(${fill(second!.condition, filled)})return trap(${code});`);
    return filled;
  }
  for (const { condition: test, code } of form.guards) {
    // A guard on constants is decided now: `x / 3` cannot divide by zero.
    writer.lineAt(expr.at, `if(${fill(test, filled)})return trap(${code});`);
  }
  return filled;
}

/** A shift count of a constant, else -1. */
export function constantCount(source: string): number {
  return isLiteral(source) ? literalValue(source) & 63 : -1;
}
