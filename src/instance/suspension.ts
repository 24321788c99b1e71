// What a suspended call looks like while it unwinds: frames of compiled code as an interpreter can go on with them (specification: 4.2.17 Stack).
import type { ValType } from "../syntax/types.ts";
import type { FunctionInstance } from "./function.ts";
import type { ModuleInstance } from "./module.ts";

/** What a slot held: the words of a number, or a reference. */
export interface SlotImage {
  readonly slot: number;
  readonly type: ValType;
  readonly words: readonly number[];
  readonly ref: unknown;
}

/** A frame of compiled code that stands at a call. */
export interface FrameImage {
  readonly instance: ModuleInstance;
  readonly index: number;
  /** Byte offset of the call. */
  readonly offset: number;
  /** First slot of the call's arguments and results. */
  readonly window: number;
  /** Locals, and operands that are read after the call. */
  readonly slots: readonly SlotImage[];
}

/** Why a call is suspended: a host function gave a promise, or frames of the interpreter wait that compiled code called. */
export type Waiting =
  | { readonly callee: FunctionInstance; readonly promise: PromiseLike<unknown> }
  | { readonly activation: object };

/**
 * What is thrown through compiled code when a call is suspended: one object for the process, as no two calls unwind at a time. Each compiled
 * frame adds itself, the innermost first.
 */
export class Suspension {
  waiting: Waiting | null = null;
  frames: FrameImage[] = [];

  /** Begins to unwind. */
  begin(waiting: Waiting): never {
    this.waiting = waiting;
    this.frames = [];
    throw this;
  }

  /** Takes what was unwound; the outermost frame comes first. */
  take(): { readonly waiting: Waiting; readonly frames: readonly FrameImage[] } {
    const { waiting, frames } = this;
    this.waiting = null;
    this.frames = [];
    return { waiting: waiting!, frames: frames.reverse() };
  }
}

export const suspension: Suspension = new Suspension();
