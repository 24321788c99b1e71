// Takes num/'s templates of vector instructions, gives them cut at their operands (specification: 4.3.5 Vector operations).

import { isVector } from "../../ir/shapes.ts";
import type { Lanes, LaneTemplate, VectorOp } from "../../num/vector-op.ts";
import { vectorOps } from "../../num/vector-ops.ts";
import { instructions, opName } from "../../syntax/instructions.ts";
import { Num } from "../../syntax/types.ts";
import { unsigned } from "./template.ts";

/** How a vector stands in variables: four int32, four numbers of the precision of f32, or two numbers. */
export type LaneKind = Num.I32 | Num.F32 | Num.F64;

/** An operand's lane, or word of one, in a template. */
export interface LaneRead {
  readonly operand: number;
  readonly lane: number;
  readonly half: string;
}

/** In the high half of a result: the low half. */
export const LOW: LaneRead = { operand: -1, lane: 0, half: "" };

/** Text, lane, text, … */
export type LanePieces = readonly (string | LaneRead)[];

/** What gives one lane: statements, then its value; of an i64 the low half, and the high half. */
export interface LaneForm {
  readonly before: LanePieces;
  readonly value: LanePieces;
  readonly high: LanePieces | null;
  /** Whether `value` is an int32 as it stands. */
  readonly isInt: boolean;
}

export interface VectorForm {
  readonly from: Lanes;
  readonly to: Lanes | null;
  /** Whether each operand is a vector. */
  readonly vectors: readonly boolean[];
  /** One for each lane of the result; one alone where the result is an i32. */
  readonly lanes: readonly LaneForm[];
}

/** Lanes of a vector. */
export const laneCounts: Readonly<Record<Lanes, number>> = {
  i8: 16,
  u8: 16,
  i16: 8,
  u16: 8,
  i32: 4,
  i64: 2,
  f32: 4,
  f64: 2,
};

/** How a vector with such lanes stands in variables. */
export function kindOfLanes(lanes: Lanes): LaneKind {
  if (lanes === "f32") return Num.F32;
  return lanes === "f64" ? Num.F64 : Num.I32;
}

const READ = /\$(?:lo|([abc])(\d*)([lhw]?)(?![a-z]))/g;

function cut(template: string, own: number): LanePieces {
  const text = unsigned(template)
    .replaceAll(" ", "")
    .replaceAll("Math.imul", "imul")
    .replaceAll("Math.fround", "fround");
  const pieces: (string | LaneRead)[] = [];
  let end = 0;
  for (const match of text.matchAll(READ)) {
    const after = match.index + match[0].length;
    const [, letter, lane, half] = match;
    const read = { lane: lane === "" ? own : Number(lane), half: half! };
    pieces.push(text.slice(end, match.index), letter === undefined ? LOW : { operand: "abc".indexOf(letter), ...read });
    end = after;
  }
  pieces.push(text.slice(end));
  return pieces;
}

/** Whether the outermost operator of an expression is one of bits, so that its value is an int32. */
function isInt(text: string): boolean {
  let depth = 0;
  let outermost = "";
  for (const [token] of text.matchAll(/>>>|[<>=!]+|[()?|&^*+-]/g)) {
    if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (depth === 0) outermost += token;
  }
  return /[|&^]/.test(outermost) && !outermost.includes("?");
}

function laneForm(template: LaneTemplate, lane: number): LaneForm {
  const low = typeof template === "string" ? template : template.lo;
  const end = low.lastIndexOf("; ") + 1;
  return {
    before: cut(low.slice(0, end), lane),
    value: cut(low.slice(end), lane),
    isInt: isInt(low.slice(end)),
    high: typeof template === "string" ? null : cut(template.hi, lane),
  };
}

function formOf(name: string, { from, to, value }: VectorOp): VectorForm {
  const row = instructions[name]!;
  const vectors = row[2]!
    .split("->")[0]!
    .trim()
    .split(" ")
    .map((type) => type === "v128");
  const templates = value as readonly LaneTemplate[];
  const count = to === undefined ? 1 : laneCounts[to];
  const lanes = Array.from({ length: count }, (_, i) =>
    laneForm(Array.isArray(value) ? templates[i]! : (value as LaneTemplate), i),
  );
  return { from, to: to ?? null, vectors, lanes };
}

const forms = new Map<number, VectorForm>();

/** The form of a vector instruction that computes; undefined where it moves. */
export function vectorForm(op: number): VectorForm | undefined {
  let form = forms.get(op);
  if (form === undefined && isVector(op)) {
    const name = opName(op)!;
    const template = vectorOps()[name];
    if (template === undefined) return undefined;
    forms.set(op, (form = formOf(name, template)));
  }
  return form;
}
