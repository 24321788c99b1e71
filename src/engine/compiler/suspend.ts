// Takes a function that may be suspended at its calls, gives what of its variables an interpreter needs to go on (instance/suspension.ts).
import { takeArguments } from "../../instance/convention.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import type { FrameImage, SlotImage } from "../../instance/suspension.ts";
import type { FunctionTree, Stmt } from "../../ir/tree.ts";
import { f32Bits } from "../../num/float-bits.ts";
import { isRef, Num, slotsOf, type ValType } from "../../syntax/types.ts";
import type { LaneKind } from "./vector-form.ts";
import { vectorVariables } from "./writer.ts";

/** The words of a vector, in whichever form its variables were. */
function vectorWords(slot: number, read: (name: string, initial: unknown) => unknown): number[] {
  const words = new Int32Array(4);
  const lane = (kind: LaneKind, i: number): unknown => read(vectorVariables(slot, kind)[i]!, undefined);
  for (let i = 0; i < 4; i++) {
    const float = lane(Num.F32, i);
    const double = lane(Num.F64, i >> 1);
    const word = lane(Num.I32, i);
    if (float !== undefined) words[i] = f32Bits(float as number);
    else if (double !== undefined) takeArguments(Num.F64, [null, double], 1, words, i & 2);
    else if (word !== undefined) words[i] = word as number;
  }
  return [...words];
}

/** A slot and the variables that hold it: names are made once, as a call may be suspended often. */
interface Slot {
  readonly slot: number;
  readonly type: ValType;
  readonly low: string;
  readonly high: string;
}

function slotOf(slot: number, type: ValType): Slot {
  const letter = isRef(type) ? "r" : type === Num.I32 ? "i" : type === Num.I64 ? "l" : type === Num.F32 ? "f" : "d";
  return { slot, type, low: `${letter}${slot}`, high: `h${slot}` };
}

/** What a piece of a function (see outline.ts) says as it is left: its number, the call that it stands at, its variables. */
export interface Part {
  readonly piece: number;
  readonly site: number;
  readonly values: readonly unknown[];
}

/** The calls of one function, and the variables that its frame is written down from. */
export class SuspensionSites {
  readonly #index: number;
  readonly #locals: Slot[] = [];
  readonly #sites: { readonly offset: number; readonly window: number; readonly live: readonly Slot[] }[] = [];
  /** Place of each variable in what is saved. */
  #places: ReadonlyMap<string, number> = new Map();
  /** The same for each piece. */
  readonly #pieces: ReadonlyMap<string, number>[] = [];

  constructor(index: number, { locals }: FunctionTree) {
    this.#index = index;
    let slot = 0;
    for (const type of locals) {
      this.#locals.push(slotOf(slot, type));
      slot += slotsOf(type);
    }
  }

  /** Notes a call and gives its number, from 1. */
  add({ at, m, args }: Stmt): number {
    return this.#sites.push({ offset: at, window: m, live: args.map(({ n, type }) => slotOf(n, type)) });
  }

  get count(): number {
    return this.#sites.length;
  }

  /** Says which variables are saved, in what order. */
  setVariables(names: readonly string[]): void {
    this.#places = placesOf(names);
  }

  /** Says the same of a piece. */
  setPiece(number: number, names: readonly string[]): void {
    this.#pieces[number] = placesOf(names);
  }

  /** The frame that stands at a call: in a piece, where one is given, whose variables are the later ones. */
  imageOf(instance: ModuleInstance, site: number, values: readonly unknown[], part: Part | null): FrameImage {
    const { offset, window, live } = this.#sites[(part?.site ?? site) - 1]!;
    // What has no variable was never written.
    const read = (name: string, initial: unknown): unknown => {
      const inPiece = part === null ? undefined : this.#pieces[part.piece]!.get(name);
      if (inPiece !== undefined) return part!.values[inPiece];
      const place = this.#places.get(name);
      return place === undefined ? initial : values[place];
    };
    const slots = [...this.#locals, ...live].map((slot) => slotImage(slot, read));
    return { instance, index: this.#index, offset, window, slots };
  }
}

/** Places begin after a null: V8 would keep a list of nothing but doubles without the bits of NaNs. */
function placesOf(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, i) => [name, i + 1]));
}

const pair = new Int32Array(2);

function slotImage({ slot, type, low, high }: Slot, read: (name: string, initial: unknown) => unknown): SlotImage {
  if (isRef(type)) return { slot, type, words: [], ref: read(low, null) };
  if (type === Num.V128) return { slot, type, words: vectorWords(slot, read), ref: null };
  pair[1] = 0;
  takeArguments(type, [null, read(low, 0), read(high, 0)], 1, pair, 0);
  return { slot, type, words: [pair[0]!, pair[1]!], ref: null };
}
