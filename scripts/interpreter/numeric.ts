// Takes num/'s templates, gives the interpreter's opcodes for them in every operand form.

import { TrapCode } from "../../src/instance/trap.ts";
import type { NumericOp, Pair } from "../../src/num/op.ts";
import { numericOps } from "../../src/num/ops.ts";
import { type CodeOp, double, single, word } from "./op.ts";
import { bodies, shortcuts } from "./shortcuts.ts";
import { signatureOf } from "./signature.ts";

const trapCodes: Readonly<Record<string, number>> = {
  "integer divide by zero": TrapCode.DivideByZero,
  "integer overflow": TrapCode.IntegerOverflow,
  "invalid conversion to integer": TrapCode.InvalidConversion,
};

const isPair = (value: NumericOp["value"]): value is Pair => typeof value !== "string";
const letters = ["a", "b"] as const;

/** What computing an instruction takes: statements, then the value of its result. */
interface Computation {
  readonly before: string;
  /** Statements that trap. */
  readonly guards: string;
  readonly value: string | Pair;
  /** The next free operand number. */
  readonly next: number;
}

/** Binds the operands of an instruction to registers or constants and inlines its template. */
function compute(name: string, form: string, first = 1): Computation {
  const op = numericOps[name]!;
  const { params } = signatureOf(name);
  const uses = [
    ...(isPair(op.value) ? [op.value.lo, op.value.hi] : [op.value]),
    ...(op.guards ?? []).map(([c]) => c),
  ].join(" ");
  let before = "";
  let next = first;
  const names: Record<string, string> = {};
  params.forEach((type, index) => {
    const letter = letters[index]!;
    const constant = form[index] === "K";
    if (type === "i64") {
      if (constant) {
        before += `${letter}l = $${next}; ${letter}h = $${next + 1}; `;
        next += 2;
      } else {
        const at = letter === "a" ? "x" : "y";
        const usesHigh = uses.includes(`$${letter}h`);
        before += usesHigh
          ? `${at} = fp + $${next}; ${letter}l = I[${at}]; ${letter}h = I[${at} + 1]; `
          : `${letter}l = ${word(`$${next}`)}; `;
        next++;
      }
      names[`${letter}l`] = `${letter}l`;
      names[`${letter}h`] = `${letter}h`;
      return;
    }
    const read = constant
      ? `$${next}`
      : type === "i32"
        ? word(`$${next}`)
        : type === "f32"
          ? single(`$${next}`)
          : double(`$${next}`);
    next++;
    const count = uses.split(`$${letter}`).length - 1;
    if (count > 1) {
      const local = type === "i32" ? (letter === "a" ? "x" : "y") : letter === "a" ? "u" : "v";
      before += `${local} = ${read}; `;
      names[letter] = local;
    } else names[letter] = read;
  });
  const fill = (template: string) =>
    template.replace(/\$(al|ah|bl|bh|a|b)(?![a-z])/g, (_, key: string) => names[key]!).replaceAll("$lo", "lo");
  let guards = "";
  for (const [condition, message] of op.guards ?? [])
    guards += `if (${fill(condition)}) @fail(${trapCodes[message]}); `;
  const value = isPair(op.value) ? { lo: fill(op.value.lo), hi: fill(op.value.hi) } : fill(op.value);
  return { before, guards, value, next };
}

/** Stores a result to register `$n`. */
function store(value: string | Pair, result: string, n: number): string {
  if (typeof value !== "string") return `lo = ${value.lo}; d = fp + $${n}; I[d + 1] = ${value.hi}; I[d] = lo`;
  const register = result === "i32" ? word(`$${n}`) : result === "f32" ? single(`$${n}`) : double(`$${n}`);
  return `${register} = ${value}`;
}

/** The opcode that computes an instruction into a register. */
export function valueOp(name: string, form: string): CodeOp {
  const { result } = signatureOf(name);
  const { before, guards, value, next } = compute(name, form);
  const shortcut = shortcuts[name];
  const plain = guards + store(value, result, next);
  const quick = shortcut && store(shortcut.value, result, next);
  const body = shortcut ? `${before}if (${shortcut.when}) { ${quick}; } else { ${plain}; }` : before + plain;
  return { name: `${name}.${form}`, length: next + 1, body: bodies[`${name}.${form}`] ?? body };
}

/** The opcode that branches where a comparison holds, or does not. */
export function branchOp(name: string, form: string, negated = false): CodeOp {
  const { before, value, next } = compute(name, form);
  const test = (value as string).replace(/ \? 1 : 0$/, "");
  return {
    name: `${negated ? "brn" : "br"}.${name}.${form}`,
    length: next + 1,
    body: before,
    condition: negated ? `!(${test})` : test,
  };
}

/** The opcode for `outer(inner(…), …)`: the intermediate value never goes through a register. */
export function fusedOp(outer: string, inner: string, innerForm: string, outerForm: string): CodeOp {
  const first = compute(inner, innerForm);
  const local = signatureOf(inner).result === "i32" ? "w" : "t";
  const rest = compute(outer, outerForm, first.next - 1);
  // The outer template's first operand is the inner value: its register read is the one at `first.next - 1`.
  const type = signatureOf(outer).params[0]!;
  const at = `$${first.next - 1}`;
  const read = type === "i32" ? word(at) : type === "f32" ? single(at) : double(at);
  const inline = (source: string) => source.replaceAll(read, local);
  const value = rest.value as string;
  const rounded =
    signatureOf(inner).result === "f32" ? `Math.fround(${first.value as string})` : (first.value as string);
  return {
    name: `${outer}(${inner}.${innerForm}).${outerForm}`,
    length: rest.next + 1,
    body: `${first.before}${first.guards}${local} = ${rounded}; ${inline(rest.before + rest.guards)}${store(inline(value), signatureOf(outer).result, rest.next)}`,
  };
}

export const numericNames: readonly string[] = Object.keys(numericOps);
