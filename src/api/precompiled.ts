// A module that was compiled ahead of time, as `zerowasm compile` writes it.

/** Functions of a module as JavaScript. */
export interface PrecompiledChunk {
  /** Makes the functions for one instance from what they refer to. */
  readonly make: (E: Readonly<Record<string, unknown>>) => readonly ((...values: unknown[]) => unknown)[];
  /** Indices of its functions, in the order in which they are made. */
  readonly functions: readonly number[];
  /** Indices of the functions outside that it calls. */
  readonly callees: readonly number[];
}

/** The default export of a module that `zerowasm compile` or `precompile` wrote: `compile` and `instantiate` take it for a binary. */
export interface PrecompiledModule {
  /** The version that compiled it: no other one runs it. */
  readonly zerowasm: string;
  /** The module's binary form, in base64. */
  readonly binary: string;
  /** Of the binary, so that functions are never run with another module's. */
  readonly checksum: string;
  readonly chunks: readonly PrecompiledChunk[];
}

/** An ES module, and how many functions the binary has: all that are no imports, and those of them that are JavaScript now. */
export interface PrecompiledSource {
  readonly source: string;
  readonly functions: number;
  readonly compiled: number;
}
