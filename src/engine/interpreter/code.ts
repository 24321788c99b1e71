// Takes a validated module, gives its packed code function by function when first called, shared by all its instances.

import type { EngineCode } from "../../instance/engine.ts";
import { checkLimit } from "../../instance/meter.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { build } from "../../ir/build.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import type { Activation } from "./activation.ts";
import type { Closure } from "./closures.generated.ts";
import { Code } from "./codes.generated.ts";
import type { DispatchForm } from "./dispatch.ts";
import { lower } from "./lower.ts";
import type { Counts, Lowered } from "./lowered.ts";
import type { Region } from "./regions.ts";

/** Positions 0 and 1 of every module's code: leaving the activation, and returning to another instance. */
const RESERVED = 2;

/**
 * The words that `ModuleCode.meta` has of the function at `index`, from `index * Meta.Words` on. The first one, which is read without an addition, is
 * where its code begins, or 0 before it is translated. Offsets count words from the frame's beginning.
 */
export const enum Meta {
  /** Offset of the two words of the link. */
  Link = 1,
  /** Offset of the first local that is no parameter. */
  Locals,
  /** Size of the frame. */
  Frame,
  /** How many words they are. */
  Words,
}

export class ModuleCode implements EngineCode {
  readonly module: ValidatedModule;
  form: DispatchForm;
  /** Packed code of the functions translated so far. Replaced when it grows; an old array stays valid for what it holds. */
  words: Int32Array = Int32Array.of(Code.exit, Code.crossReturn);
  #used = RESERVED;
  /** What a call asks of each function: see `Meta`. */
  readonly meta: Int32Array;
  /** With closures: the blocks so far, and the code position of each. */
  readonly blocks: Closure[] = [];
  readonly blockStarts: number[] = [0, 1];
  /** Functions in the order of their code, and where each begins. */
  readonly #order: number[] = [];
  readonly #starts: number[] = [];
  readonly #regions: (readonly Region[])[] = [];
  /** Of functions that a stack led through: positions in their code, each with a byte offset. */
  readonly #positions = new Map<number, readonly number[]>();

  constructor(module: ValidatedModule, form: DispatchForm) {
    this.module = module;
    this.form = form;
    this.meta = new Int32Array(module.functions.length * Meta.Words);
  }

  attach(instance: ModuleInstance): void {
    instance.engineState = this;
  }

  close(): void {
    // Instances hold the code they run; nothing else does.
  }

  /** Translates the function at `index` and gives its entry. */
  translate(index: number): number {
    checkLimit();
    const lowered = this.lower(index, false);
    const { meta } = this;
    const start = this.#used;
    this.#order.push(index);
    this.#starts.push(start);
    this.#regions.push(lowered.regions);
    this.#used += lowered.words.length;
    lowered.relocate(start);
    const entry = this.form.add(this, lowered, start);
    meta[index * Meta.Words + Meta.Link] = lowered.linkWord;
    meta[index * Meta.Words + Meta.Locals] = lowered.paramWords;
    meta[index * Meta.Words + Meta.Frame] = lowered.frameWords;
    meta[index * Meta.Words] = entry;
    return entry;
  }

  protected lower(index: number, positions: boolean): Lowered {
    const { module, form } = this;
    return lower(build(module, index), module, { pairs: form.pairs, positions, counted: this.countsOf(index) });
  }

  /** What is counted in a function's code, if anything is. */
  protected countsOf(_index: number): Counts | null {
    return null;
  }

  /** Does an opcode that only some modules have in their code, as `outside`. */
  special(_activation: Activation, C: Int32Array, at: number, _next: number): boolean {
    throw new Error(`unknown opcode ${C[at]}`);
  }

  /** Adds words at a position of the packed code. */
  append(words: ArrayLike<number>, start: number): void {
    if (this.#used > this.words.length) {
      const grown = new Int32Array(Math.max(this.#used * 2, 4096));
      grown.set(this.words);
      this.words = grown;
    }
    this.words.set(words, start);
  }

  /** The code position of a return address. */
  positionOf(address: number): number {
    return this.form.positionOf(this, address);
  }

  /** Where the code of a function begins. */
  protected startOf(index: number): number {
    return this.#starts[this.#order.indexOf(index)]!;
  }

  /** The function whose code holds a position. */
  functionAt(position: number): number {
    return this.#order[this.#rankOf(position)]!;
  }

  /** The tries of the function whose code holds a position. */
  regionsAt(position: number): readonly Region[] {
    return this.#regions[this.#rankOf(position)]!;
  }

  #rankOf(position: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The byte offset of the instruction at a position, or of the last one before it. */
  offsetOf(position: number): number {
    const rank = this.#rankOf(position);
    const relative = position - this.#starts[rank]!;
    let offset = 0;
    // Translation is a function of the body: doing it again, this time with positions, costs nothing until a trap.
    const positions = this.#positions.get(rank) ?? this.lower(this.#order[rank]!, true).positions;
    this.#positions.set(rank, positions);
    for (let i = 0; i < positions.length && positions[i]! <= relative; i += 2) offset = positions[i + 1]!;
    return offset;
  }

  /** The link offset of a function's frame, by the function's index. */
  linkWord(functionIndex: number): number {
    return this.meta[functionIndex * Meta.Words + Meta.Link]!;
  }
}
