// Takes the tries of a function while it is lowered, gives the ranges of its code with handlers, and where those are (specification: 4.6.4 Exception handling).
import { LABEL_RETURN, type TryStmt } from "../../ir/tree.ts";
import type { CodeSink } from "./code-sink.ts";

/** Positions from `start` up to `end`: what is thrown there goes to the first handler that takes it, then to those of `outer`. */
export interface Region {
  start: number;
  end: number;
  readonly outer: Region | null;
  readonly handlers: readonly RegionHandler[];
}

/** As `Handler`, with registers for slots. */
export interface RegionHandler {
  readonly tag: number;
  /** Where it goes on: a code position, or with closures a block. */
  target: number;
  readonly register: number;
  readonly exception: number;
}

/** The regions of one function, each after those around it. */
export class Regions {
  readonly #sink: CodeSink;
  readonly #register: (slot: number) => number;
  readonly list: Region[] = [];
  readonly #byLabel = new Map<number, Region>();
  /** Label of a return, where a handler needs one. */
  #returnLabel = -1;

  constructor(sink: CodeSink, register: (slot: number) => number) {
    this.#sink = sink;
    this.#register = register;
  }

  open({ label, outer, handlers }: TryStmt): void {
    // What is joined to an opcode before would be outside.
    this.#sink.seal();
    const region = {
      start: this.#sink.words.length,
      end: 0,
      outer: this.#byLabel.get(outer) ?? null,
      handlers: handlers.map(({ tag, label: target, slot, exception }) => ({
        tag,
        // The label, until the code is complete.
        target: target === LABEL_RETURN ? this.#return() : target,
        register: this.#register(slot),
        exception: exception < 0 ? -1 : this.#register(exception),
      })),
    };
    this.#byLabel.set(label, region);
    this.list.push(region);
  }

  close({ label }: TryStmt): void {
    this.#sink.seal();
    this.#byLabel.get(label)!.end = this.#sink.words.length;
  }

  /** Replaces labels by positions; called when the rest of the function is complete. */
  finish(): void {
    if (this.#returnLabel >= 0) {
      this.#sink.place(this.#returnLabel);
      this.#sink.ret();
    }
    for (const { handlers } of this.list) {
      for (const handler of handlers) handler.target = this.#sink.positionOf(handler.target);
    }
  }

  #return(): number {
    if (this.#returnLabel < 0) this.#returnLabel = this.#sink.newLabel();
    return this.#returnLabel;
  }
}

/** The innermost of a function's regions that holds a position. */
export function regionAt(regions: readonly Region[], position: number): Region | null {
  for (let i = regions.length - 1; i >= 0; i--) {
    const region = regions[i]!;
    if (position >= region.start && position < region.end) return region;
  }
  return null;
}
