// Takes a validated module, gives packed code that counts, and what it takes to come back into it from a tier's code.
import type { Tier } from "../../instance/engine.ts";
import { under } from "../../instance/meter.ts";
import { build } from "../../ir/build.ts";
import { wordsAt } from "../../ir/reader.ts";
import type { FunctionTree } from "../../ir/tree.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { Num, slotsOf } from "../../syntax/types.ts";
import type { Activation } from "./activation.ts";
import { Meta, ModuleCode } from "./code.ts";
import { Code, lengths } from "./codes.generated.ts";
import type { DispatchForm } from "./dispatch.ts";
import type { Counts } from "./lowered.ts";
import { compiled, hot, hotLoop } from "./tier.ts";

/**
 * A program that has just begun may end before compiling has paid what it calls a few hundred times: counts are begun anew in it so many times, and
 * once more for as many that it begins with, as a large one has more to begin.
 */
const TIMES = 3;
const ONCE_MORE = 1000;

/** Code whose hot functions and loops go on in a tier's. */
export class TieredCode extends ModuleCode {
  readonly tier: Tier;
  readonly #shapes = new Map<number, FrameShape>();
  /** Return addresses of calls, by byte offset. */
  readonly #returns = new Map<number, number>();

  /** How often a function or loop has been counted down so far. */
  counted = 0;

  constructor(module: ValidatedModule, form: DispatchForm, tier: Tier) {
    super(module, form);
    this.tier = tier;
  }

  protected override countsOf(index: number): Counts {
    const { tier } = this;
    const times = (TIMES + tier.beginning / ONCE_MORE) | 0;
    return { index, calls: tier.hotAfter(index, false), turns: tier.hotAfter(index, true), times };
  }

  override special(activation: Activation, C: Int32Array, at: number, next: number): boolean {
    switch (C[at]) {
      case Code.count:
      case Code.hot:
        return hot(activation, C, at, next);
      case Code.compiled:
        return compiled(activation, C[at + 2]!, next);
      case Code.countLoop:
      case Code.hotLoop:
        return hotLoop(activation, C, at, next);
      default:
        return super.special(activation, C, at, next);
    }
  }

  /** What a frame of a function looks like; the function is translated if it was not. */
  frameShape(index: number): FrameShape {
    let shape = this.#shapes.get(index);
    if (shape === undefined) {
      // In the middle of a suspension nothing ends.
      if (this.meta[index * Meta.Words] === 0) under(null, () => this.translate(index));
      shape = shapeOf(
        build(this.module, index),
        this.meta[index * Meta.Words + Meta.Link]!,
        this.meta[index * Meta.Words + Meta.Frame]!,
      );
      this.#shapes.set(index, shape);
    }
    return shape;
  }

  /** Where the call at a byte offset of a function returns to. */
  returnAddress(index: number, offset: number): number {
    let address = this.#returns.get(offset);
    if (address === undefined) this.#returns.set(offset, (address = this.#findReturn(index, offset)));
    return address;
  }

  #findReturn(index: number, offset: number): number {
    const { words, positions } = this.lower(index, true);
    for (let i = 0; i < positions.length; i += 2) {
      const at = positions[i]!;
      if (positions[i + 1] !== offset || !isCall(words[at]!)) continue;
      const position = this.startOf(index) + at + lengths[words[at]!]!;
      return this.form.addressOf(this, position);
    }
    throw new Error("unreachable");
  }
}

/** What it takes to make a frame that a function's code can go on with. */
export interface FrameShape {
  readonly linkWord: number;
  readonly frameWords: number;
  /** The register of a slot of the function's tree. */
  register(slot: number): number;
  /** The constants of loops, by register. */
  readonly constants: ReadonlyMap<number, readonly number[]>;
}

function shapeOf({ stackSlot, loopConstants, bytes }: FunctionTree, linkWord: number, frameWords: number): FrameShape {
  const constants = new Map<number, readonly number[]>();
  let slot = stackSlot;
  for (const { type, lo, hi, n } of loopConstants) {
    constants.set(2 * slot, type === Num.V128 ? wordsAt(bytes, n) : [lo, hi]);
    slot += slotsOf(type);
  }
  const shift = slot - stackSlot;
  return { linkWord, frameWords, constants, register: (at) => 2 * (at >= stackSlot ? at + shift : at) };
}

function isCall(code: number): boolean {
  return code === Code.call || code === Code.callImport || code === Code.callIndirect || code === Code.callRef;
}
