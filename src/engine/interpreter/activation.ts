// One call from the host into guests: its explicit frames, from which it can be stopped and taken up (specification: 4.2.17 Call frames).
import type { FunctionInstance } from "../../instance/function.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { bodyBytes } from "../../syntax/module.ts";

/**
 * Bytes of functions whose calls and turns are interpreted once a guest goes on: as long as it takes to enter compiled code and to be suspended
 * there, 7 µs.
 */
const PATIENCE = 256;

/** Of so many suspensions in compiled code the first is followed by patience: the guest may meet promises more often now. */
const TRIED = 32;

/** Where to go on in the calling instance when a function of another instance returns. */
export interface CrossCall {
  readonly instance: ModuleInstance;
  readonly pc: number;
  readonly fp: number;
}

export class Activation {
  /** The instance whose code runs, its position and its frame: up to date whenever the dispatch loop is left. */
  instance: ModuleInstance;
  pc = 0;
  fp: number;
  /** Frames of this and all enclosing activations. */
  depth: number;
  readonly maxDepth: number;
  /** First word of its registers. */
  readonly base: number;
  readonly calls: CrossCall[] = [];
  /** Whether a host function's promise may suspend it. */
  readonly asynchronous: boolean;
  /**
   * Code position of the instruction that failed, in the frame at `fp`: set before an error leaves the dispatch loop, and while
   * control is outside of it. Else -1.
   */
  failedAt = -1;
  /** While suspended: the host function, its promise, and where its results go. */
  pending: { readonly callee: FunctionInstance; readonly promise: PromiseLike<unknown>; readonly at: number } | null =
    null;

  /** What is left of its patience. */
  #patience = 0;
  /** Suspensions in compiled code. */
  #late = 0;

  constructor(instance: ModuleInstance, base: number, depth: number, maxDepth: number, asynchronous: boolean) {
    this.instance = instance;
    this.base = base;
    this.fp = base;
    this.depth = depth;
    this.maxDepth = maxDepth;
    this.asynchronous = asynchronous;
  }

  /** Says that it goes on after a suspension. */
  goesOn(): void {
    if (this.#patience > 0 || this.#late++ % TRIED === 0) this.#patience = PATIENCE;
  }

  /** Whether a call of a function or a turn of its loop stays in the interpreter. */
  isPatient(index: number): boolean {
    this.#patience -= bodyBytes(this.instance.module, index);
    return this.#patience > 0;
  }
}

const noView = new DataView(new ArrayBuffer(0));
const noTable: readonly unknown[] = [];

/** The view of the first memory, or an empty one. */
export function firstView(instance: ModuleInstance): DataView {
  if (instance.memories.length === 0) return noView;
  const memory = instance.memories[0]!;
  memory.refresh();
  return memory.view;
}

/** The elements of the first table, or none. */
export function firstTable(instance: ModuleInstance): readonly unknown[] {
  return instance.tables.length === 0 ? noTable : instance.tables[0]!.elements;
}
