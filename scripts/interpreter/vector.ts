// Takes num/'s templates of vector instructions, gives the interpreter's opcodes for them. A vector is four words of the register file.

import type { Pair } from "../../src/num/op.ts";
import type { Lanes, LaneTemplate, VectorOp } from "../../src/num/vector-op.ts";
import { vectorOps } from "../../src/num/vector-ops.ts";
import type { CodeOp } from "./op.ts";
import { isRare } from "./rare-vectors.ts";
import { opcodeOf, type Signature, signatureOf } from "./signature.ts";

/** The word at which the first, second and third operand begins. */
const bases: Readonly<Record<string, string>> = { a: "x", b: "y", c: "z" };
/** Where a lane that is read more than once is kept. */
const kept: Readonly<Record<string, string>> = {
  ...{ a: "p", b: "q", c: "r", al: "al", ah: "ah", bl: "bl", bh: "bh" },
};

/** Lanes of a vector. */
const counts: Readonly<Record<Lanes, number>> = { i8: 16, u8: 16, i16: 8, u16: 8, i32: 4, i64: 2, f32: 4, f64: 2 };

/** An element of the register file: the view, and by how much a word's index is shifted to be its index. */
const views: Readonly<Record<Exclude<Lanes, "i64">, readonly [view: string, shift: string]>> = {
  i8: ["I8", " << 2"],
  u8: ["U8", " << 2"],
  i16: ["I16", " << 1"],
  u16: ["U16", " << 1"],
  i32: ["I", ""],
  f32: ["F", ""],
  f64: ["D", " >> 1"],
};

function element(lanes: Exclude<Lanes, "i64">, base: string, index: number | string): string {
  const [view, shift] = views[lanes];
  const start = shift === "" ? base : `(${base}${shift})`;
  return index === 0 ? `${view}[${shift === "" ? base : base + shift}]` : `${view}[${start} + ${index}]`;
}

/** A lane, or with `half` a word of it. */
function lane(lanes: Lanes, base: string, index: number | string, half: string): string {
  if (half === "w") return element("i32", base, index);
  if (half === "") return element(lanes as "i32", base, index);
  if (counts[lanes] !== 2) return element("i32", base, index);
  if (typeof index === "number") return element("i32", base, 2 * index + (half === "h" ? 1 : 0));
  if (index !== "i") throw new Error("no loop over other lanes of two words than its own");
  return element("i32", base, half === "h" ? "2 * i + 1" : "2 * i");
}

interface Value {
  readonly before: string;
  readonly value: string;
}

/** Puts what a template for lane `i` names in its place; lanes that it has numbers for are at `places` in a loop. */
function fill(
  template: string,
  op: VectorOp,
  { params }: Signature,
  i: number | string,
  places?: readonly string[],
): Value {
  let numbered = 0;
  const isVector = (letter: string): boolean => params["abc".indexOf(letter)] === "v128";
  const reads = new Map<string, { count: number; readonly key: string }>();
  const source = template
    .replace(/\$([abc])\[/g, (_, letter: string) => {
      const [view, shift] = views[op.from as "u8"];
      return `${view}[(${bases[letter]}${shift}) + `;
    })
    .replace(/\$([abc])(\d*)([lhw]?)(?![a-z])/g, (_, letter: string, index: string, half: string) => {
      if (!isVector(letter)) return bases[letter]!;
      const read = lane(op.from, bases[letter]!, index === "" ? i : (places?.[numbered++] ?? Number(index)), half);
      const known = reads.get(read);
      if (known === undefined) reads.set(read, { count: 1, key: letter + half });
      else known.count++;
      return read;
    })
    .replaceAll("$lo", "lo");
  const keys = [...reads.values()].filter(({ count }) => count > 1).map(({ key }) => key);
  let before = "";
  let text = source;
  for (const [read, { count, key }] of reads) {
    if (count === 1 || keys.indexOf(key) !== keys.lastIndexOf(key) || kept[key] === undefined) continue;
    before += `${kept[key]} = ${read}; `;
    text = text.replaceAll(read, kept[key]!);
  }
  const end = text.lastIndexOf("; ");
  return end < 0 ? { before, value: text } : { before: before + text.slice(0, end + 2), value: text.slice(end + 2) };
}

const isPair = (value: LaneTemplate): value is Pair => typeof value !== "string";

/** Both halves, of which the low one is in `lo`: together, so that both see what is kept. */
const joined = ({ lo, hi }: Pair): string => `${lo.replace(/(.*; )?/, "$1lo = ")}; ${hi}`;

/** A pair with its low half in `lo`. */
function fillPair(
  template: LaneTemplate,
  op: VectorOp,
  signature: Signature,
  i: number | string,
): { before: string; high: string } {
  const { before, value } = fill(joined(template as Pair), op, signature, i);
  return { before, high: value };
}

/** Each lane where it belongs at once: no lane that is still to be read is overwritten. */
function lanewise(op: VectorOp, signature: Signature, template: LaneTemplate): string {
  const to = op.to!;
  let body = "";
  for (let i = 0; i < counts[to]; i++) {
    if (isPair(template)) {
      const { before, high } = fillPair(template, op, signature, i);
      body += `${before}I[d + ${2 * i + 1}] = ${high}; I[d${i === 0 ? "" : " + 2"}] = lo; `;
    } else {
      const { before, value } = fill(template, op, signature, i);
      body += `${before}${element(to as "i32", "d", i)} = ${value}; `;
    }
  }
  return body;
}

/** Longer templates are printed once, in a loop: they would fill the function of all vectors, which V8 optimises up to a size only. */
const LONG = 60;

/** All lanes first into `e0`…, words or numbers, as they may lie where operands are still to be read. */
function gathered(op: VectorOp, signature: Signature, templates: readonly LaneTemplate[]): string {
  const to = op.to!;
  const perWord = Math.max(1, counts[to] / 4);
  const mask = perWord === 4 ? 255 : 65535;
  let body = "";
  let stores = "";
  templates.forEach((template, i) => {
    if (isPair(template)) {
      const { before, high } = fillPair(template, op, signature, i);
      body += `${before}e${2 * i + 1} = ${high}; e${2 * i} = lo; `;
      return;
    }
    const { before, value } = fill(template, op, signature, i);
    if (perWord === 1) body += `${before}e${i} = ${value}; `;
    else {
      const at = i % perWord;
      const word = `e${Math.floor(i / perWord)}`;
      const part =
        at === perWord - 1
          ? `(${value}) << ${(32 / perWord) * at}`
          : `((${value}) & ${mask}) << ${(32 / perWord) * at}`;
      body += at === 0 ? `${before}${word} = (${value}) & ${mask}; ` : `${before}${word} |= ${part}; `;
    }
  });
  const isFloat = to === "f32" || to === "f64";
  for (let i = 0; i < (to === "f64" ? 2 : 4); i++) {
    stores += `${element(isFloat ? to : "i32", "d", i)} = e${i}; `;
  }
  return body + stores;
}

const numbers = /\$[abc](\d+)/g;
const numbersIn = (text: string): number[] => Array.from(text.matchAll(numbers), ([, lane]) => Number(lane));

/** Where lane `i` reads, if lane `first` reads `at` and the next ones `step` further on each. */
function place(at: number, step: number, first: number): string {
  const by = at - step * first;
  const scaled = step === 1 ? "i" : `${step} * i`;
  if (step === 0) return String(at);
  return by === 0 ? scaled : `${scaled} ${by < 0 ? "-" : "+"} ${Math.abs(by)}`;
}

/** How many templates from `first` on differ only in the lanes they read, in steps. */
function runLength(texts: readonly string[], first: number): number {
  const at = (i: number): number[] => numbersIn(texts[i]!);
  const bare = (i: number): string => texts[i]!.replace(numbers, "");
  const follows = (i: number): boolean =>
    bare(i) === bare(first) &&
    at(i).every((lane, k) => lane - at(first)[k]! === (i - first) * (at(first + 1)[k]! - at(first)[k]!));
  let end = first + 1;
  while (end < texts.length && follows(end)) end++;
  return end - first;
}

/** As `gathered`, in loops for what is alike, through the words after the register file. */
function gatheredInLoops(op: VectorOp, signature: Signature, templates: readonly LaneTemplate[]): string {
  const texts = templates.map((template) => (isPair(template) ? joined(template) : template));
  let body = "";
  for (let first = 0, count = 0; first < texts.length; first += count) {
    count = runLength(texts, first);
    const [from, next] = [numbersIn(texts[first]!), numbersIn(texts[first + 1] ?? "")];
    const places = from.map((lane, k) => place(lane, count === 1 ? 0 : next[k]! - lane, first));
    const { before, value } = fill(texts[first]!, op, signature, "i", places);
    const store = isPair(templates[first]!)
      ? `I[S + 2 * i] = lo; I[S + 2 * i + 1] = ${value}`
      : `${element(op.to as "i32", "S", "i")} = ${value}`;
    body += `for (${first === 0 ? "i = 0" : ""}; i < ${first + count}; i++) { ${before}${store}; } `;
  }
  return `${body}I.copyWithin(d, S, S + 4)`;
}

/** As `lanewise`, in a loop over the lanes. */
function lanewiseLoop(op: VectorOp, signature: Signature, template: LaneTemplate): string {
  const lanes = `i = 0; i < ${counts[op.to!]}; i++`;
  if (isPair(template)) {
    const { before, high } = fillPair(template, op, signature, "i");
    return `for (${lanes}) { ${before}I[d + 2 * i + 1] = ${high}; I[d + 2 * i] = lo; }`;
  }
  const { before, value } = fill(template, op, signature, "i");
  return `for (${lanes}) { ${before}${element(op.to as "i32", "d", "i")} = ${value}; }`;
}

/** Source that is short, not fast: most of it is never run. */
const short = (op: VectorOp, signature: Signature): string =>
  Array.isArray(op.value)
    ? gatheredInLoops(op, signature, op.value)
    : lanewiseLoop(op, signature, op.value as LaneTemplate);

function vectorOp(instruction: string, op: VectorOp, form = ""): CodeOp {
  const name = instruction + form;
  const signature = signatureOf(instruction);
  const { params } = signature;
  const result = params.length + 1;
  const operands = params.map((type, i) => {
    const base = bases["abc"[i]!]!;
    if (type !== "v128" && form === CONSTANT) return `${base} = $${i + 1}; `;
    return type === "v128" ? `${base} = fp + $${i + 1}; ` : `${base} = I[fp + $${i + 1}]; `;
  });
  const body = operands.join("");
  const { value } = op;
  if (op.to === undefined) {
    const { before, value: text } = fill(value as string, op, signature, 0);
    return { name, length: result + 1, body: `${body}${before}I[fp + $${result}] = ${text}` };
  }
  const start = `${body}d = fp + $${result}; `;
  const plain = Array.isArray(value)
    ? start + gathered(op, signature, value)
    : start + lanewise(op, signature, value as LaneTemplate);
  if (isRare(name)) return { name, length: result + 1, body: start + short(op, signature), closureBody: plain };
  if (op.from !== "i32" || op.to !== "i32" || typeof value !== "string" || value.length < LONG)
    return { name, length: result + 1, body: plain };
  return { name, length: result + 1, body: start + lanewiseLoop(op, signature, value), closureBody: plain };
}

/** A comparison that is done by the opcode of another one with its operands exchanged. */
export function exchanged(name: string): string | undefined {
  if (vectorOps()[name] === undefined) return undefined;
  if (/\.gt(_[su])?$/.test(name)) return name.replace(".gt", ".lt");
  return /\.le(_[su])?$/.test(name) ? name.replace(".le", ".ge") : undefined;
}

const firstWith = new Map<VectorOp, string>();
for (const [name, op] of Object.entries(vectorOps())) if (!firstWith.has(op)) firstWith.set(op, name);

/** The instruction whose opcode does this one: most relaxed ones are others under another name. */
export function sameAs(name: string): string {
  return firstWith.get(vectorOps()[name]!) ?? name;
}

/** Ends the name of an opcode whose operand that is no vector is a constant: a shift's nearly always is. */
const CONSTANT = ".K";

/** The opcode of a shift by a constant, which other instructions do not have. */
export function byConstant(name: string): string | undefined {
  return /\.sh[lr](_[su])?$/.test(name) ? name + CONSTANT : undefined;
}

/** In the order of the instructions, so that the table from these to codes has few jumps. */
export function vectorNumericOps(): CodeOp[] {
  return Object.entries(vectorOps())
    .filter(([name]) => exchanged(name) === undefined && sameAs(name) === name)
    .sort(([a], [b]) => opcodeOf(a) - opcodeOf(b))
    .flatMap(([name, op]) => {
      const plain = vectorOp(name, op);
      return byConstant(name) === undefined ? [plain] : [plain, vectorOp(name, op, CONSTANT)];
    });
}
