// Functions that were compiled together, and how they are found again in a host's stack.
import type { CompiledCode } from "../../instance/convention.ts";
import type { Remake } from "../../instance/engine.ts";
import type { SuspensionSites } from "./suspend.ts";

/** What the generated code sees as `E`. */
export type Environment = Readonly<Record<string, unknown>>;

/** No function of compiled code goes on at a greater depth; a greater limit on frames makes no other source. */
export const DEEPEST = 5000;

/** In the place of a loop's label: the beginning of a function in pieces of whole i64 values. */
export const WHOLES = -2;

/** Lines of a function's source before its first instruction, for what it begins with. */
export const HEAD_LINES = 4;

export interface Chunk {
  /** Makes the functions for one instance. */
  readonly make: (E: Environment) => readonly CompiledCode[];
  /** Their indices, in the order in which they are made. */
  readonly functions: readonly number[];
  /** Functions outside the chunk that it calls. */
  readonly callees: readonly number[];
  /** Of functions that may be suspended: the calls of each. */
  suspension(place: number): SuspensionSites;
}

/** Chunks of a module as they are asked for. */
export interface ChunkSource {
  /** Whether they were compiled ahead of time, so that a host's stack has them under names of files. */
  readonly isGiven: boolean;
  /** The chunk that holds a function, or one function from the loop of a label on; which functions it was tried for. */
  chunkOf(index: number, label: number, asynchronous: boolean): Attempt;
  /**
   * A function by itself that takes over from what was compiled: in a form that has no view of a memory as a constant; or, with a label, in the form
   * for what is hot, from its beginning (-1) or the loop of the label on, where the variables are handed over; or `WHOLES`.
   */
  again(index: number, label: number | undefined, asynchronous: boolean): Chunk | null;
  /** Makes a function from text; null where no code is made from text. */
  readonly remake: Remake | null;
  /** Whether there is such code without compiling anything. */
  has(index: number, isLoop: boolean): boolean;
}

/** What came of an attempt to compile: no chunk, if none of its functions can be. */
export interface Attempt {
  readonly chunk: Chunk | null;
  readonly tried: readonly number[];
}

/** A chunk's source, as far as the stack of a trap needs it. */
export interface Traceable {
  readonly code: {
    readonly moduleName: string;
    readonly isEager: boolean;
    functionName(index: number): string | undefined;
  };
  /** Which line of a function's source a line of the chunk is. */
  lineIn(index: number, line: number): number;
  /** Whether what is called at a line of a function's source has taken the place of the function's frame. */
  isTailCall(index: number, line: number): boolean;
  /** The byte offset of the instruction at a line of a function's source. */
  offsetAt(index: number, line: number): number;
}

/** The chunks of each module, by number, as long as somebody holds them. */
const modules = new Map<number, WeakRef<readonly Traceable[]>>();
let registered = 0;
const forgotten =
  typeof FinalizationRegistry === "undefined"
    ? undefined
    : new FinalizationRegistry<number>((id) => void modules.delete(id));

/** Numbers a module's chunks, so that they are found in a host's stack as `zerowasm-` with the numbers of both, while the caller holds the list. */
export function register(chunks: readonly Traceable[]): number {
  const id = registered++;
  if (forgotten !== undefined) {
    modules.set(id, new WeakRef(chunks));
    forgotten.register(chunks, id);
  }
  return id;
}

export function sourceOf(module: number, chunk: number): Traceable | undefined {
  return modules.get(module)?.deref()?.[chunk];
}
