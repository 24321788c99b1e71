// Takes an expression of type v128, gives the sources of its lanes: four words, or the numbers that they are (specification: 4.3.5 Vector operations).
import { wordsAt } from "../../ir/reader.ts";
import { Effect, type Expr, ExprKind } from "../../ir/tree.ts";
import { Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { fromWords } from "./floats.ts";
import { referenceWords } from "./references.ts";
import { condition } from "./value.ts";
import { computeVector } from "./vector-compute.ts";
import type { LaneKind } from "./vector-form.ts";
import { naturalKind } from "./vector-kinds.ts";
import { loadVector } from "./vector-memory.ts";
import { int, unprintable, vectorVariables } from "./writer.ts";

/** A vector as sources: of its words, or of its floats as numbers. */
export interface Vector {
  readonly kind: LaneKind;
  readonly lanes: readonly string[];
}

/**
 * The lanes of a vector in the form `kind`. Where they are not `exact`, a signalling NaN may come as a quiet one: it goes into arithmetic.
 */
export function lanes(e: FunctionEmitter, expr: Expr, kind: LaneKind, exact = true): readonly string[] {
  return convert(e, vectorOf(e, expr, kind, exact), kind, exact);
}

/** A vector in the form that is the cheapest; where all are the same, in the form `wanted`. */
export function vectorOf(e: FunctionEmitter, expr: Expr, wanted: LaneKind, exact: boolean): Vector {
  switch (expr.kind) {
    case ExprKind.Const:
      return { kind: wanted, lanes: constant(e, expr, wanted) };
    case ExprKind.Slot:
      return slotVector(e, expr.n);
    case ExprKind.Global:
      return wordVector(e.globals.readVector(expr.n));
    case ExprKind.Load:
      return loadVector(e, expr, naturalKind(expr, e.slotKinds) ?? wanted, exact);
    case ExprKind.Select:
      return select(e, expr, naturalKind(expr, e.slotKinds) ?? wanted, exact);
    case ExprKind.Numeric:
      return computeVector(e, expr, wanted, exact);
    case ExprKind.Reference:
      return wordVector(referenceWords(e, expr));
    default:
      throw unprintable(expr.op);
  }
}

/** The variables of a slot. */
export function slotVector(e: FunctionEmitter, slot: number): Vector {
  const kind = kindOfSlot(e, slot);
  return { kind, lanes: e.writer.vector(slot, kind) };
}

/** A parameter: its words, and what tells a JIT that they are int32. A slot of numbers begins as what they are. */
export function vectorParam(e: FunctionEmitter, slot: number): { params: readonly string[]; source: string } {
  const { writer } = e;
  const params = writer.vector(slot, Num.I32);
  const kind = kindOfSlot(e, slot);
  const from = (i: number): string =>
    kind === Num.F32 ? `fromBits(${params[i]})` : fromWords(params[2 * i]!, params[2 * i + 1]!);
  if (kind !== Num.I32) {
    vectorVariables(slot, kind).forEach((name, i) => {
      writer.declare(name, from(i));
    });
  }
  return { params, source: params.map((name) => `${name}=${name}|0;`).join("") };
}

/** Sets the variables of a slot. */
export function setVector(e: FunctionEmitter, slot: number, sources: readonly string[]): void {
  const { writer } = e;
  const { kind, lanes: variables } = slotVector(e, slot);
  // What a later lane reads is not overwritten by an earlier one.
  const ready = sources.map((source, i) => {
    if (source === variables[i] || !variables.slice(0, i).some((name) => source.includes(name))) return source;
    const kept = writer.temporary(kind);
    writer.line(`${kept}=${source};`);
    return kept;
  });
  const text = variables.map((name, i) => (ready[i] === name ? "" : `${name}=${ready[i]};`)).join("");
  if (text !== "") writer.line(text);
}

export function kindOfSlot(e: FunctionEmitter, slot: number): LaneKind {
  return e.slotKinds.get(slot) ?? Num.I32;
}

/** Sets a slot to the value of an expression. */
export function assignVector(e: FunctionEmitter, slot: number, expr: Expr): void {
  setVector(e, slot, lanes(e, expr, kindOfSlot(e, slot), e.floats.isSeen(slot, Num.V128)));
}

/** Sets a slot to four words, which may be read twice. */
export function setWords(e: FunctionEmitter, slot: number, words: readonly string[]): void {
  setVector(e, slot, convert(e, wordVector(words), kindOfSlot(e, slot), true));
}

/** Statements that leave a slot's vector as result `index`. */
export function vectorResult(e: FunctionEmitter, slot: number, index: number): string {
  const { kind, lanes } = slotVector(e, slot);
  const to = resultWords(index);
  return lanes
    .map((lane, i) => {
      if (kind === Num.F64) return `put(XD,0,${lane});${to[2 * i]}=XI[0];${to[2 * i + 1]}=XI[1];`;
      return `${to[i]}=${kind === Num.F32 ? `bits(${lane})` : lane};`;
    })
    .join("");
}

/** Where result `index` of a call is. */
export function resultWords(index: number): readonly string[] {
  return [0, 1, 2, 3].map((i) => `RV[${4 * index + i}]`);
}

/** The four words of an expression. */
export function words(e: FunctionEmitter, expr: Expr): readonly string[] {
  return lanes(e, expr, Num.I32);
}

/** Computes a vector now. */
export function keepLanes(e: FunctionEmitter, { kind, lanes }: Vector): Vector {
  return { kind, lanes: lanes.map((lane) => e.writer.keep(lane, kind)) };
}

/** The vector of an expression: computed now if it may trap, as it may not be read. */
export function ready(e: FunctionEmitter, { effects }: Expr, vector: Vector): Vector {
  return (effects & Effect.Memory) === 0 ? vector : keepLanes(e, vector);
}

/** Its lanes in the form `kind`. */
export function readyLanes(e: FunctionEmitter, expr: Expr, kind: LaneKind, exact = true): readonly string[] {
  return ready(e, expr, { kind, lanes: lanes(e, expr, kind, exact) }).lanes;
}

/** A vector of words. */
export function wordVector(lanes: readonly string[]): Vector {
  return { kind: Num.I32, lanes };
}

/** The same word or float in each of four lanes. */
export function four(source: string): readonly string[] {
  return [source, source, source, source];
}

/** The same vector in another form. */
export function convert(e: FunctionEmitter, vector: Vector, kind: LaneKind, exact: boolean): readonly string[] {
  const { writer } = e;
  if (vector.kind === kind) return vector.lanes;
  if (vector.kind !== Num.I32 && kind !== Num.I32)
    return convert(e, wordVector(convert(e, vector, Num.I32, true)), kind, exact);
  if (exact && kind === Num.F32) return vector.lanes.map((word) => `fromBits(${word})`);
  if (vector.kind === Num.F32) return vector.lanes.map((float) => `bits(${float})`);
  const take = (view: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => writer.keep(`${view}[${i}]`, kind));
  if (vector.kind === Num.F64) {
    writer.line(vector.lanes.map((lane, i) => `put(VD,${i},${lane});`).join(""));
    return take("VI", 4);
  }
  writer.line(vector.lanes.map((lane, i) => `VI[${i}]=${lane};`).join(""));
  return kind === Num.F32 ? take("VF", 4) : take("VD", 2);
}

function constant(e: FunctionEmitter, { n }: Expr, kind: LaneKind): readonly string[] {
  const words = wordsAt(e.tree.bytes, n);
  if (kind === Num.I32) return words.map(int);
  if (kind === Num.F32) return words.map((word) => e.constants.float(Num.F32, word, 0));
  return [0, 2].map((i) => e.constants.float(Num.F64, words[i]!, words[i + 1]!));
}

function select(e: FunctionEmitter, expr: Expr, kind: LaneKind, exact: boolean): Vector {
  const a = readyLanes(e, expr.a!, kind, exact);
  const b = readyLanes(e, expr.b!, kind, exact);
  const test = e.writer.keep(condition(e, expr.c!));
  return { kind, lanes: a.map((lane, i) => `(${test}?${lane}:${b[i]})`) };
}
