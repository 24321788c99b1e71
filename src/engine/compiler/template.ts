// Takes num/'s templates, gives source with the operands filled in (specification: 4.3 Numerics).

import { TrapCode } from "../../instance/trap.ts";
import type { NumericOp } from "../../num/op.ts";
import { numericOps } from "../../num/ops.ts";
import { instructions, opName } from "../../syntax/instructions.ts";
import { Num } from "../../syntax/types.ts";
import { Level } from "./level.ts";

/** A template cut at its operands: text, name, text, … */
export type Pieces = readonly string[];

/** A numeric instruction as the compiler prints it. */
export interface NumericForm {
  readonly params: readonly Num[];
  readonly result: Num;
  /** The value, or the low half of an i64. */
  readonly value: Pieces;
  /** The high half of an i64. */
  readonly high: Pieces | null;
  /** For a comparison, what holds where it is true. */
  readonly condition: Pieces | null;
  readonly guards: readonly { readonly condition: Pieces; readonly code: TrapCode }[];
  /** How often each operand occurs in all of these. */
  readonly uses: Readonly<Record<string, number>>;
  /** Whether operands perhaps are not read, as what stands before them decides it. */
  readonly isLazy: boolean;
  /** The value, where there is no more to it; else null. */
  readonly plain: PlainForm | null;
}

/** An instruction of words and numbers that traps on none, and reads each operand once: what stands before, between and behind them. */
export interface PlainForm {
  readonly before: string;
  readonly between: string;
  readonly behind: string;
  readonly level: Level;
  /** What each operand has to be at the least. */
  readonly operands: number;
  readonly isFloat: boolean;
  /** Whether the second operand is made unsigned: where it is a constant, it is printed as that. */
  readonly isUnsigned: boolean;
  /** The same without what makes an int32 of it, where there is such; of a comparison the condition. */
  readonly asWord: PlainForm | null;
}

/** What stands behind these is perhaps not computed. */
export const LAZY: RegExp = /&&|\|\||\?/;

const types: Readonly<Record<string, Num>> = { i32: Num.I32, i64: Num.I64, f32: Num.F32, f64: Num.F64 };
const trapCodes: Readonly<Record<string, TrapCode>> = {
  "integer divide by zero": TrapCode.DivideByZero,
  "integer overflow": TrapCode.IntegerOverflow,
  "invalid conversion to integer": TrapCode.InvalidConversion,
};

const OPERAND = /\$(al|ah|bl|bh|lo|a|b)/;

/** Compiled code knows its integers: here an unsigned comparison is one on unsigned numbers. */
export function unsigned(template: string): string {
  return template.replace(/\((\$\w+) \^ -2147483648\)/g, "$1 >>> 0");
}

function pieces(template: string): Pieces {
  return unsigned(template).replaceAll(" ", "").split(OPERAND);
}

function formOf(name: string, op: NumericOp): NumericForm {
  const [params, result] = instructions[name]![2]!.split("->") as [string, string];
  const value = typeof op.value === "string" ? op.value : op.value.lo;
  const condition = /^(.*) \? 1 : 0$/.exec(value)?.[1];
  const guards = (op.guards ?? []).map(([test, message]) => ({
    condition: pieces(test),
    code: trapCodes[message]!,
  }));
  const form = {
    params: params
      .trim()
      .split(" ")
      .map((type) => types[type]!),
    result: types[result.trim()]!,
    // Without branches: of carries half would be guessed wrong.
    value: pieces(condition === undefined ? value : `(${condition.replace(/([|&])\1/g, ")$1(")})|0`),
    high: typeof op.value === "string" ? null : pieces(op.value.hi),
    condition: condition === undefined ? null : pieces(condition),
    guards,
  };
  const uses: Record<string, number> = {};
  for (const list of [form.value, form.high ?? [], ...guards.map((guard) => guard.condition)]) {
    for (let i = 1; i < list.length; i += 2) uses[list[i]!] = (uses[list[i]!] ?? 0) + 1;
  }
  const isLazy = LAZY.test([form.value, form.high, form.condition].join());
  return { ...form, uses, isLazy, plain: plainForm(form, uses) };
}

function plainForm(
  { params, value, condition, guards }: Pick<NumericForm, "params" | "value" | "condition" | "guards">,
  { a, b = 1 }: Readonly<Record<string, number>>,
): PlainForm | null {
  const [before, one, between, other, behind = ""] = condition ?? value;
  const isUnary = params.length === 1;
  const isInOrder = one === "a" && other === (isUnary ? undefined : "b");
  if (guards.length > 0 || params.includes(Num.I64) || a !== 1 || b !== 1 || !isInOrder) return null;
  const end = isUnary ? between! : behind;
  const isCall = before !== "";
  const form = (last: string, asWord: PlainForm | null): PlainForm => ({
    before: before!,
    between: isUnary ? last : between!,
    behind: isUnary ? "" : last,
    level: isCall ? Level.Atom : Level.Operation,
    operands: isCall ? Level.Whole : Level.Atom | (OF_BITS.test(between!) ? Level.Word : 0),
    isFloat: params[0] !== Num.I32,
    isUnsigned: last.startsWith(">>>0"),
    asWord,
  });
  if (condition !== null) return form(`${end}|0`, form(end, null));
  return form(end, end.endsWith("|0") ? form(end.slice(0, -2), null) : null);
}

/** Operators of bits, which take any number modulo 2^32. */
const OF_BITS = /^(?:[&|^]|<<|>>)/;

const forms = new Map<number, NumericForm>();

/** The form of a numeric instruction; undefined for another one. */
export function numericForm(op: number): NumericForm | undefined {
  let form = forms.get(op);
  if (form === undefined) {
    const name = opName(op)!;
    const template = numericOps[name];
    if (template === undefined) return undefined;
    forms.set(op, (form = formOf(name, template)));
  }
  return form;
}

/** Fills a template's operands in. */
export function fill(list: Pieces, operands: Readonly<Record<string, string>>): string {
  let source = list[0]!;
  for (let i = 1; i < list.length; i += 2) source += operands[list[i]!]! + list[i + 1]!;
  return source;
}
