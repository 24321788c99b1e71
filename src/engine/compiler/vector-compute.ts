// Takes vector instructions that compute, gives source for each lane of their results, from num/'s templates (specification: 4.3.5).
import { Effect, type Expr } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { LAZY } from "./template.ts";
import { before, value } from "./value.ts";
import { keepLanes, lanes, type Vector } from "./vector.ts";
import {
  kindOfLanes,
  type LaneForm,
  type LaneKind,
  type LanePieces,
  type LaneRead,
  LOW,
  type VectorForm,
  vectorForm,
} from "./vector-form.ts";
import { naturalKind } from "./vector-kinds.ts";
import { byteOf, extract, halfOf, replace, shuffle, splat, swizzle } from "./vector-moves.ts";
import { isAtom, unprintable } from "./writer.ts";

/** The vector that an instruction gives. */
export function computeVector(e: FunctionEmitter, expr: Expr, wanted: LaneKind, exact: boolean): Vector {
  const { op } = expr;
  switch (op) {
    case Op["i8x16.splat"]:
    case Op["i16x8.splat"]:
    case Op["i32x4.splat"]:
    case Op["i64x2.splat"]:
    case Op["f32x4.splat"]:
    case Op["f64x2.splat"]:
      return splat(e, expr, wanted, exact);
    case Op["i8x16.replace_lane"]:
    case Op["i16x8.replace_lane"]:
    case Op["i32x4.replace_lane"]:
    case Op["i64x2.replace_lane"]:
    case Op["f32x4.replace_lane"]:
    case Op["f64x2.replace_lane"]:
      return replace(e, expr);
    case Op["i8x16.swizzle"]:
    case Op["i8x16.relaxed_swizzle"]:
      return swizzle(e, expr);
    case Op["i8x16.shuffle"]:
      return shuffle(e, expr, naturalKind(expr, e.slotKinds) ?? wanted);
    case Op["f32x4.abs"]:
    case Op["f32x4.neg"]:
    case Op["f64x2.abs"]:
    case Op["f64x2.neg"]: {
      const kind = naturalKind(expr, e.slotKinds)!;
      if (kind === Num.I32) break;
      const name = op === Op["f32x4.abs"] || op === Op["f64x2.abs"] ? "magnitude" : "negate";
      return { kind, lanes: lanes(e, expr.a!, kind).map((lane) => `${name}(${lane})`) };
    }
    case Op["f32x4.pmin"]:
    case Op["f32x4.pmax"]:
      return choose(e, expr, Num.F32, op === Op["f32x4.pmin"]);
    case Op["f64x2.pmin"]:
    case Op["f64x2.pmax"]:
      return choose(e, expr, Num.F64, op === Op["f64x2.pmin"]);
    default:
  }
  const form = vectorForm(op);
  if (form === undefined) throw unprintable(op);
  return new Templates(e, expr, form).vector();
}

/** The value of an instruction that takes vectors and gives none; an i64 is a matter of `extractPair`. */
export function vectorToScalar(e: FunctionEmitter, expr: Expr): string {
  const form = vectorForm(expr.op);
  return form === undefined ? extract(e, expr) : new Templates(e, expr, form).word();
}

/** One of the lanes, with all its bits. */
function choose(e: FunctionEmitter, { a, b }: Expr, kind: LaneKind, isMin: boolean): Vector {
  const first = keepLanes(e, { kind, lanes: lanes(e, a!, kind) }).lanes;
  const second = keepLanes(e, { kind, lanes: lanes(e, b!, kind) }).lanes;
  return {
    kind,
    lanes: first.map((x, i) => {
      const y = second[i]!;
      return isMin ? `(${y}<${x}?${y}:${x})` : `(${x}<${y}?${y}:${x})`;
    }),
  };
}

/** An instruction's templates, with its operands filled in. */
class Templates {
  readonly #e: FunctionEmitter;
  readonly #form: VectorForm;
  /** The lanes of the operands that are vectors; one source for one that is none. */
  readonly #operands: readonly (readonly string[])[];
  #low = "";

  constructor(e: FunctionEmitter, expr: Expr, form: VectorForm) {
    this.#e = e;
    this.#form = form;
    this.#operands = this.#evaluate(expr);
  }

  /** Computes the operands; what is read several times, or perhaps not at all although it may trap, now. */
  #evaluate({ a, b, c }: Expr): readonly (readonly string[])[] {
    const { writer } = this.#e;
    const kind = kindOfLanes(this.#form.from);
    const children = [a, b, c].filter((child) => child !== null);
    const uses = this.#uses();
    const isLazy = this.#form.lanes.some(({ value: text }) => text.some((piece) => LAZY.test(String(piece))));
    return children.map((child, i) => {
      const isVector = this.#form.vectors[i]!;
      const type = isVector ? kind : child.type;
      // Only f32 arithmetic makes any NaN a quiet one.
      const sources = isVector ? lanes(this.#e, child, kind, kind !== Num.F32) : [value(this.#e, child)];
      const early = children.slice(i + 1).some((later) => before(child, later));
      return sources.map((source, lane) => {
        const count = uses.get(`${i} ${lane}`) ?? 0;
        const isLost = (count === 0 || isLazy) && (child.effects & Effect.Memory) !== 0;
        return early || count > 1 || isLost ? writer.keep(source, type) : source;
      });
    });
  }

  /** How often each source is read. */
  #uses(): Map<string, number> {
    const uses = new Map<string, number>();
    for (const { before, value, high } of this.#form.lanes) {
      for (const piece of [...before, ...value, ...(high ?? [])]) {
        if (typeof piece === "string" || piece === LOW) continue;
        for (const at of this.#placesOf(piece)) {
          const key = `${piece.operand} ${at}`;
          uses.set(key, (uses.get(key) ?? 0) + 1);
        }
      }
    }
    return uses;
  }

  /** Which sources of an operand a template reads. */
  #placesOf({ operand, lane, half }: LaneRead): readonly number[] {
    if (!this.#form.vectors[operand]) return [0];
    if (half === "w") return [lane];
    switch (this.#form.from) {
      case "i8":
      case "u8":
        return [lane >> 2];
      case "i16":
      case "u16":
        return [lane >> 1];
      case "i64":
        return [2 * lane + (half === "h" ? 1 : 0)];
      default:
        return [lane];
    }
  }

  #read(piece: LaneRead): string {
    if (piece === LOW) return this.#low;
    const { operand, lane, half } = piece;
    const sources = this.#operands[operand]!;
    const source = sources[this.#placesOf(piece)[0]!]!;
    if (half === "w" || !this.#form.vectors[operand]) return source;
    switch (this.#form.from) {
      case "i8":
      case "u8":
        return byteOf(source, lane & 3, this.#form.from === "i8");
      case "i16":
      case "u16":
        return halfOf(source, lane & 1, this.#form.from === "i16");
      default:
        return source;
    }
  }

  #fill(pieces: LanePieces): string {
    let source = "";
    for (const piece of pieces) source += typeof piece === "string" ? piece : this.#read(piece);
    return source;
  }

  /** A lane's source; computed now where statements come before it. */
  #lane({ before, value: text, isInt }: LaneForm, kind: LaneKind, finish: (source: string) => string): string {
    const { writer } = this.#e;
    const filled = this.#fill(text);
    const source = isInt && kind === Num.I32 ? `(${filled})` : finish(filled);
    const statements = this.#fill(before);
    if (statements === "") return source;
    for (const name of ["t", "u", "v"]) writer.declare(name);
    const kept = writer.temporary(kind);
    writer.line(`${statements}${kept}=${source};`);
    return kept;
  }

  word(): string {
    return this.#lane(this.#form.lanes[0]!, Num.I32, asInt);
  }

  vector(): Vector {
    const { to, lanes: forms } = this.#form;
    switch (to) {
      case "f32":
        return {
          kind: Num.F32,
          lanes: forms.map((form) => this.#lane(form, Num.F32, (source) => `fround(${source})`)),
        };
      case "f64":
        return { kind: Num.F64, lanes: forms.map((form) => this.#lane(form, Num.F64, (source) => `(${source})`)) };
      case "i32":
        return { kind: Num.I32, lanes: forms.map((form) => this.#lane(form, Num.I32, asInt)) };
      case "i64":
        return { kind: Num.I32, lanes: forms.flatMap((form) => this.#pair(form)) };
      default:
        return { kind: Num.I32, lanes: this.#narrow(forms, to === "i8" || to === "u8" ? 8 : 16) };
    }
  }

  #pair(form: LaneForm): readonly string[] {
    const { writer } = this.#e;
    const hasStatements = this.#fill(form.before) !== "";
    const low = this.#lane(form, Num.I32, asInt);
    this.#low = form.high!.includes(LOW) ? writer.keep(low) : low;
    const high = this.#fill(form.high!);
    const source = isAtom(high) ? high : asInt(high);
    return [this.#low, hasStatements ? writer.keep(source) : source];
  }

  /** Words of narrow lanes. */
  #narrow(forms: readonly LaneForm[], width: 8 | 16): readonly string[] {
    const perWord = 32 / width;
    const mask = 2 ** width - 1;
    return [0, 1, 2, 3].map((word) => {
      const parts = forms.slice(word * perWord, (word + 1) * perWord).map((form, i) => {
        const lane = this.#lane(form, Num.I32, (source) => `(${source})`);
        if (i === perWord - 1) return `${lane}<<${width * i}`;
        return i === 0 ? `${lane}&${mask}` : `(${lane}&${mask})<<${width * i}`;
      });
      return `(${parts.join("|")})`;
    });
  }
}

function asInt(source: string): string {
  return `((${source})|0)`;
}
