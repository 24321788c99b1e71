// Takes an expression of one word, gives JavaScript source for its value; what must be computed first goes to the writer.

import { TrapCode } from "../../instance/trap.ts";
import { mayTrap } from "../../ir/shapes.ts";
import { Effect, type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { isRef, Num, type ValType } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { isArithmetic } from "./float-uses.ts";
import { floatBits, fromWords, operand } from "./floats.ts";
import { bracketed, LEVEL, Level } from "./level.ts";
import { asSigned } from "./maglev.ts";
import { fitsMask, isExactFloat, isInRange } from "./magnitude.ts";
import { bitsOf, load } from "./memory.ts";
import { low, pair } from "./pair.ts";
import { reference, referenceTest } from "./references.ts";
import { fill, type NumericForm, numericForm, type PlainForm } from "./template.ts";
import { truncation } from "./truncation.ts";
import { vectorToScalar } from "./vector-compute.ts";
import { int, unprintable } from "./writer.ts";

/** Whether an expression has an instruction whose trap is not that of memory: their order shows. */
export function hasGuard(expr: Expr | null): boolean {
  if (expr === null || (expr.effects & Effect.Memory) === 0) return false;
  if (expr.kind === ExprKind.Reference || (expr.kind === ExprKind.Numeric && mayTrap(expr.op))) return true;
  return hasGuard(expr.a) || hasGuard(expr.b) || hasGuard(expr.c);
}

/** Whether `a` has to be computed before `b` is begun, as both may trap in different ways. */
export function before(a: Expr, b: Expr | null): boolean {
  return (a.effects & Effect.Memory) !== 0 && hasGuard(b);
}

/**
 * The value of an expression of type i32, f32, f64 or of a reference, as a source of a level; with `Level.Word` any number that is the same modulo 2^32.
 * This and what it calls run mostly before the host has optimised them: what counts is how many functions are called for a node.
 */
export function value(e: FunctionEmitter, expr: Expr, level: number = Level.Atom): string {
  switch (expr.kind) {
    case ExprKind.Const:
      return constant(e, expr, level);
    case ExprKind.Slot:
      return e.writer.slot(expr.n, expr.type);
    case ExprKind.Global:
      return e.globals.read(expr.n, expr.type);
    case ExprKind.Load:
      return load(e, expr);
    case ExprKind.MemorySize:
      return e.memories.pages(expr.n);
    case ExprKind.Select:
      return select(e, expr, value, level);
    case ExprKind.Numeric: {
      const form = plainForms[expr.op];
      return form == null ? numeric(e, expr, level) : plain(e, expr, form, level);
    }
    case ExprKind.Reference:
      return reference(e, expr);
    default:
      throw unprintable(expr.op);
  }
}

/** The same computed now, where it is more than a name or a number. */
export function kept(e: FunctionEmitter, expr: Expr): string {
  return e.writer.keep(value(e, expr, expr.kind === ExprKind.Const ? Level.Atom : Level.Whole), expr.type);
}

function constant(e: FunctionEmitter, { type, lo, hi }: Expr, level: number): string {
  if (type === Num.I32) return lo < 0 ? bracketed(`${lo}`, Level.Operation, level) : `${lo}`;
  return isRef(type) ? "null" : e.constants.float(type, lo, hi);
}

/** Prints an expression. */
export type Print = (e: FunctionEmitter, expr: Expr, level: number) => string;

/** The one of two values that a condition tells, each as `print` has it, in a variable of the type `kept` where it cannot wait. */
export function select(
  e: FunctionEmitter,
  { type, a, b, c }: Expr,
  print: Print,
  level: number,
  kept: ValType = type,
): string {
  // Both are computed, whichever is taken; what cannot trap may wait.
  const side = (expr: Expr, least: Level): string => {
    const source = print(e, expr, least);
    return (expr.effects & Effect.Memory) === 0 ? source : e.writer.keep(source, kept);
  };
  // A value or nothing, as a sum may get: a mask, where a processor would have to guess.
  if (type === Num.I32 && b!.kind === ExprKind.Const && b!.lo === 0 && c!.op >= Op["i32.eqz"] && c!.op <= Op["f64.ge"])
    return bracketed(`${side(a!, Level.Atom)}&0-${value(e, c!)}`, Level.Operation, level);
  const sides = `?${side(a!, Level.Whole)}:${side(b!, Level.Whole)}`;
  return bracketed(condition(e, c!, Level.Operation) + sides, Level.Whole, level);
}

/** Source that is true or not zero where an i32 expression is not zero. */
export function condition(e: FunctionEmitter, expr: Expr, level: number = Level.Whole, negated = false): string {
  const { kind, op } = expr;
  let test: string | null = null;
  if (kind === ExprKind.Reference) test = referenceTest(e, expr);
  else if (kind === ExprKind.Numeric) {
    if (op === Op["i32.eqz"]) return condition(e, expr.a!, level, !negated);
    if (op === Op["i64.eqz"] || op === Op["i32.wrap_i64"]) {
      const word = wordOf(expr.a!);
      if (word !== null) return condition(e, word, level, negated !== (op === Op["i64.eqz"]));
    }
    const form = numericForm(op);
    if (form?.condition) {
      test = form.plain
        ? plain(e, compared(expr), form.plain.asWord!, Level.Whole)
        : fill(form.condition, operands(e, expr, form));
    }
  }
  if (test !== null) return negated ? `!(${test})` : bracketed(test, Level.Whole, level);
  return negated ? `!${bitsOf(e, expr)}` : bitsOf(e, expr, level);
}

/** The i32 that an i64 is made of, and is zero with; null where there is none. */
function wordOf(expr: Expr): Expr | null {
  const { op, a } = expr;
  if (op === Op["i64.extend_i32_u"] || op === Op["i64.extend_i32_s"]) return a;
  if (op < Op["i64.load8_s"] || op > Op["i64.load32_u"]) return null;
  // Loads of bytes and halves stand in the same order.
  const load = op < Op["i64.load32_s"] ? op - Op["i64.load8_s"] + Op["i32.load8_s"] : Op["i32.load"];
  return { ...expr, type: Num.I32, op: load };
}

/** The quick way for most instructions: the operands as `print` has them. */
export function plain(
  e: FunctionEmitter,
  expr: Expr,
  whole: PlainForm,
  level: number,
  print: Print = whole.isFloat ? operand : value,
): string {
  const { a, b } = expr;
  const form = (level & Level.Word) === 0 ? whole : (whole.asWord ?? whole);
  let source = print(e, a!, form.operands);
  if (b === null) source = form.before + source + form.between;
  else {
    if ((a!.effects & b.effects & Effect.Memory) !== 0 && hasGuard(b)) source = e.writer.keep(source, a!.type);
    source = form.before + source + form.between;
    if (form.isUnsigned && b.kind === ExprKind.Const) source += (b.lo >>> 0) + form.behind.slice(4);
    else source += print(e, b, form.operands) + form.behind;
  }
  return form.level < (level & LEVEL) ? `(${source})` : source;
}

/** Forms of instructions that need nothing else, as they are met. */
const plainForms: (PlainForm | null)[] = new Array(256).fill(null);

function numeric(e: FunctionEmitter, expr: Expr, level: number): string {
  const { op, a, b } = expr;
  switch (op) {
    case Op["i32.xor"]: {
      const last = maskedLast(expr);
      return last === expr ? plain(e, expr, formOf(op).plain!, level) : value(e, last, level);
    }
    case Op["i32.eq"]:
    case Op["i32.ne"]:
      return plain(e, compared(expr), formOf(op).plain!, level);
    case Op["i32.shr_u"]: {
      // What is shifted is an int32.
      const isShifted = b!.kind === ExprKind.Const && (b!.lo & 31) !== 0;
      return plain(e, expr, formOf(op).plain!, isShifted ? level | Level.Word : level);
    }
    case Op["i32.wrap_i64"]:
      return low(e, a!, level);
    case Op["i32.reinterpret_f32"]:
      return floatBits(e, a!, expr);
    case Op["f32.reinterpret_i32"]:
      return `fromBits(${value(e, a!, Level.Whole)})`;
    case Op["f64.reinterpret_i64"]: {
      const { lo, hi } = pair(e, a!);
      return fromWords(lo, hi.includes("XI[") ? e.writer.keep(hi) : hi);
    }
    case Op["f32.neg"]:
    case Op["f64.neg"]:
      return `negate(${value(e, a!, Level.Whole)})`;
    case Op["f32.abs"]:
    case Op["f64.abs"]:
      return `magnitude(${value(e, a!, Level.Whole)})`;
    case Op["f32.copysign"]:
    case Op["f64.copysign"]: {
      const x = before(a!, b) ? kept(e, a!) : value(e, a!, Level.Whole);
      return `copySign(${x},${value(e, b!, Level.Whole)})`;
    }
    case Op["i32.div_s"]:
    case Op["i32.div_u"]:
    case Op["i32.rem_s"]:
    case Op["i32.rem_u"]: {
      if (b!.kind === ExprKind.Const && b!.lo !== 0 && b!.lo !== -1)
        return bracketed(divideByConstant(e, expr), Level.Operation, level);
      break;
    }
    case Op["i32.rotl"]:
    case Op["i32.rotr"]:
      if (b!.kind === ExprKind.Const) return rotateByConstant(e, expr, level);
      break;
    case Op["f32.convert_i32_u"]:
      if (isInRange(expr)) return numeric(e, { ...expr, op: Op["f32.convert_i32_s"] }, level);
      break;
    case Op["i32.trunc_f32_s"]:
    case Op["i32.trunc_f32_u"]:
    case Op["i32.trunc_sat_f32_s"]:
    case Op["i32.trunc_sat_f32_u"]:
      return truncation(e, expr, level);
    default:
  }
  if (a!.type === Num.V128) return vectorToScalar(e, expr);
  const form = formOf(op);
  if (form.result === Num.F32) {
    // Functions of our own and what is no operator give an f32.
    const isGiven = form.plain === null || form.plain.before.startsWith("float");
    if (isGiven || isExactFloat(expr)) return arithmetic(e, expr, form, level);
    return `fround(${arithmetic(e, expr, form, Level.Whole)})`;
  }
  if (form.plain !== null) {
    plainForms[op] = form.plain;
    return value(e, expr, level);
  }
  if (form.condition === null) return arithmetic(e, expr, form, level);
  return bracketed(fill(form.value, operands(e, expr, form)), Level.Operation, level);
}

/** A result of arithmetic as its form has it, not rounded. */
export function arithmetic(e: FunctionEmitter, expr: Expr, form: NumericForm, level: number): string {
  if (form.plain !== null) return plain(e, expr, form.plain, level);
  return bracketed(fill(form.value, operands(e, expr, form)), Level.Whole, level);
}

/** The value of an f32 that is the result of arithmetic, for what rounds it by itself. */
export function unrounded(e: FunctionEmitter, expr: Expr): string {
  return isArithmetic(expr) ? arithmetic(e, expr, formOf(expr.op), Level.Whole) : value(e, expr, Level.Whole);
}

/** The xor of a byte that is masked and another one: masked last, since what an index is made of then has a step less between two loads. */
function maskedLast(expr: Expr): Expr {
  const { op, a, b } = expr;
  const mask = a!.op === Op["i32.and"] ? a!.b! : b!;
  const isLast = mask.kind === ExprKind.Const && b!.kind !== ExprKind.Const && fitsMask(b!, mask.lo);
  return isLast ? { ...a!, a: { ...a!, op, b: mask.lo <= 255 ? asSigned(b!) : b } } : expr;
}

/** Bytes are equal as signed numbers too, if both are read so. */
function compared(expr: Expr): Expr {
  const { op } = expr;
  if (op !== Op["i32.eq"] && op !== Op["i32.ne"]) return expr;
  const a = asSigned(expr.a!);
  const b = asSigned(expr.b!);
  return a.kind === ExprKind.Load && a.op === b.op ? { ...expr, a, b } : expr;
}

/** What the compiler knows of a numeric instruction. */
export function formOf(op: number): NumericForm {
  const form = numericForm(op);
  if (form === undefined) throw unprintable(op);
  return form;
}

/** A divisor that is a constant, neither zero nor minus one, needs no guards. */
function divideByConstant(e: FunctionEmitter, { op, a, b }: Expr): string {
  const x = kept(e, a!);
  const quotient = `(${x}>>>0)/${b!.lo >>> 0}|0`;
  if (op === Op["i32.div_u"]) return quotient;
  // JavaScriptCore calls a function for a remainder of what may be 2^31 and more.
  if (op === Op["i32.rem_u"]) return `${x}-Math.imul(${quotient},${b!.lo})|0`;
  return `${x}${op === Op["i32.div_s"] ? "/" : "%"}${int(b!.lo)}|0`;
}

function rotateByConstant(e: FunctionEmitter, { op, a, b }: Expr, level: number): string {
  const by = (op === Op["i32.rotl"] ? b!.lo : -b!.lo) & 31;
  if (by === 0) return value(e, a!, level);
  const x = kept(e, a!);
  return bracketed(`${x}<<${by}|${x}>>>${32 - by}`, Level.Operation, level);
}

/** Computes the operands of an instruction, checks its guards, and gives what its template's names stand for. */
export function operands(e: FunctionEmitter, expr: Expr, form: NumericForm): Record<string, string> {
  const { writer } = e;
  const filled: Record<string, string> = {};
  const { params, uses } = form;
  for (let i = 0; i < params.length; i++) {
    const child = i === 0 ? expr.a! : expr.b!;
    const name = i === 0 ? "a" : "b";
    const isTrap = (child.effects & Effect.Memory) !== 0;
    // A trap of an operand comes before those of the instruction, and of the second operand; and it comes though its value makes no difference.
    const early = isTrap && (form.isLazy || form.guards.length > 0 || (i === 0 && before(child, expr.b)));
    const isKept = (key: string): boolean => early || uses[key]! > 1;
    if (params[i] === Num.I64) {
      const { lo, hi } = pair(e, child);
      const low = `${name}l`;
      const high = `${name}h`;
      filled[low] = isKept(low) ? writer.keep(lo) : lo;
      if (uses[high] !== undefined) filled[high] = isKept(high) ? writer.keep(hi) : hi;
    } else filled[name] = isKept(name) ? writer.keep(operand(e, child, Level.Whole), params[i]) : operand(e, child);
  }
  const [first, second] = form.guards;
  // A NaN is not inside either.
  if (first?.code === TrapCode.InvalidConversion) {
    const code = `${fill(first.condition, filled)}?${first.code}:${second!.code}`;
    writer.lineAt(expr.at, `if(${fill(second!.condition, filled)})return trap(${code});`);
    return filled;
  }
  for (const { condition: test, code } of form.guards) {
    writer.lineAt(expr.at, `if(${fill(test, filled)})return trap(${code});`);
  }
  return filled;
}
