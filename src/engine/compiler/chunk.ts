// Functions that were compiled together, and how they are found again in a host's stack.
import type { CompiledCode } from "../../instance/convention.ts";
import type { ModuleNames } from "./names.ts";

/** What the generated code sees as `E`. */
export type Environment = Readonly<Record<string, unknown>>;

export interface Chunk {
  /** Makes the functions for one instance. */
  readonly make: (E: Environment) => readonly CompiledCode[];
  /** Their indices, in the order in which they are made. */
  readonly functions: readonly number[];
  readonly names: ModuleNames;
}

/** A chunk's source, as far as the stack of a trap needs it. */
export interface Traceable {
  readonly code: { readonly moduleName: string; functionName(index: number): string | undefined };
  /** The byte offset of the instruction at a line of a function's source. */
  offsetAt(index: number, line: number): number;
}

/** By number. What no instance uses any more may be collected, on hosts that can say so. */
const sources: (() => Traceable | undefined)[] = [];

/** Numbers a source, so that its functions can be found in a host's stack. */
export function register(source: Traceable): number {
  const { code } = source;
  if (typeof WeakRef === "undefined") sources.push(() => undefined);
  else {
    const reference = new WeakRef(code);
    const { offsetAt } = source;
    sources.push(() => {
      const alive = reference.deref();
      return alive && { code: alive, offsetAt };
    });
  }
  return sources.length - 1;
}

export function sourceOf(id: number): Traceable | undefined {
  return sources[id]?.();
}

/** Under which name a host's stack has a source. */
export function sourceName(id: number): string {
  return `zerowasm-${id}`;
}
