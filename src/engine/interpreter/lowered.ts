// The packed code of one function, before it has a place among that of its module.
import type { CodeSink } from "./code-sink.ts";
import type { Region } from "./regions.ts";

/** Packed code of one function; targets are relative until `relocate`. */
export class Lowered {
  readonly words: number[];
  readonly #targets: readonly number[];
  readonly linkWord: number;
  readonly paramWords: number;
  readonly frameWords: number;
  /** Pairs of a code position and the byte offset of the instruction there, ascending; empty unless asked for. */
  readonly positions: readonly number[];
  readonly regions: readonly Region[];
  /** Whether the switch of vectors does a part of it. */
  readonly vectors: boolean;

  constructor(sink: CodeSink, regions: readonly Region[], linkWord: number, paramWords: number, frameWords: number) {
    this.regions = regions;
    this.words = sink.words;
    this.vectors = sink.vectors;
    this.#targets = sink.targets;
    this.positions = sink.positions ?? [];
    this.linkWord = linkWord;
    this.paramWords = paramWords;
    this.frameWords = frameWords;
  }

  /** Makes the targets absolute for code that begins at `start`. */
  relocate(start: number): void {
    for (const at of this.#targets) this.words[at]! += start;
    for (const region of this.regions) {
      region.start += start;
      region.end += start;
      for (const handler of region.handlers) handler.target += start;
    }
  }
}

/** A function that is counted: its index, how many calls are counted at a time and how many turns of a loop, and how often they are begun anew. */
export interface Counts {
  readonly index: number;
  readonly calls: number;
  readonly turns: number;
  readonly times: number;
}

/** What decides how a tree is lowered. */
export interface LowerOptions {
  /** Opcodes that do the work of two: `pairs` or `closurePairs` of codes.generated.ts. */
  readonly pairs: ReadonlyMap<number, number>;
  /** Whether each opcode's byte offset is kept. */
  readonly positions: boolean;
  readonly counted: Counts | null;
}
