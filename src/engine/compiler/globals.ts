// Takes reads and writes of globals, gives their source, and what binds it (specification: 4.6.6 Variable instructions).

import type { Expr } from "../../ir/tree.ts";
import { isSharedGlobal, type ValidatedModule } from "../../syntax/module.ts";
import { isRef, Num, type ValType } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { numberOf, putDouble } from "./floats.ts";
import { Level } from "./level.ts";
import type { SharedArrays } from "./shared-arrays.ts";
import { value } from "./value.ts";
import { entries } from "./words.ts";
import type { Pair } from "./writer.ts";

/** The module's globals: numbers in the instance's words, the rest through its objects. */
export class Globals {
  readonly #module: ValidatedModule;
  readonly #arrays: SharedArrays;
  readonly #objects = new Set<number>();
  /** Whether the words are read as doubles. */
  #hasDoubles = false;

  constructor(module: ValidatedModule, arrays: SharedArrays) {
    this.#module = module;
    this.#arrays = arrays;
  }

  #object(index: number): string {
    this.#objects.add(index);
    return `g${index}`;
  }

  /** The word of a number. */
  #word(index: number, offset: number): string {
    if (!isSharedGlobal(this.#module, index)) return `${this.#arrays.name("G")}[${4 * index + offset}]`;
    const object = this.#object(index);
    return offset === 0 ? `${object}.words[${object}.at]` : `${object}.words[${object}.at+${offset}]`;
  }

  #doubles(): string {
    this.#hasDoubles = true;
    return this.#arrays.name("GD");
  }

  read(index: number, type: ValType): string {
    if (isRef(type)) return `${this.#object(index)}.ref`;
    if (type === Num.F64 && !isSharedGlobal(this.#module, index)) return `${this.#doubles()}[${2 * index}]`;
    const word = this.#word(index, 0);
    return type === Num.I32 ? word : numberOf(type, word, this.#word(index, 1));
  }

  readVector(index: number): readonly string[] {
    return [0, 1, 2, 3].map((offset) => this.#word(index, offset));
  }

  readPair(index: number): Pair {
    return { lo: this.#word(index, 0), hi: this.#word(index, 1) };
  }

  write(e: FunctionEmitter, index: number, expr: Expr): void {
    const { writer } = e;
    const { type } = expr;
    if (isRef(type)) return writer.line(`${this.#object(index)}.ref=${value(e, expr, Level.Whole)};`);
    if (type === Num.I32) return writer.line(`${this.#word(index, 0)}=${value(e, expr, Level.Whole | Level.Word)};`);
    if (type === Num.F64 && !isSharedGlobal(this.#module, index)) return putDouble(e, this.#doubles(), 2 * index, expr);
    const kept = entries(e, expr).map((word) => writer.keep(word));
    writer.line(kept.map((word, i) => `${this.#word(index, i)}=${word};`).join(""));
  }

  bindings(): string {
    const objects = [...this.#objects].map((index) => `const g${index}=E.globals[${index}];`);
    return `const G=E.globalWords${this.#hasDoubles ? ",GD=new Float64Array(G.buffer)" : ""};${objects.join("")}`;
  }
}
