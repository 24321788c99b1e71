// What compiling a module made, kept for later runtimes and processes.

/** Some functions of a module as source, and what goes with it. */
export interface CachedChunk {
  /** Which functions in which form, among the chunks of its module. */
  readonly key: string;
  /** Indices of its functions, in the order in which the source makes them. */
  readonly functions: readonly number[];
  /** Indices of the functions outside that it calls. */
  readonly callees: readonly number[];
  /** The first line of each function in the source, from 0. */
  readonly firstLines: readonly number[];
  readonly source: string;
  /** What the host's own compiler made of the source. */
  readonly code?: Uint8Array | undefined;
}

/** A module that was found to be valid. */
export interface CachedModule {
  /** What validation learned of each body, a byte each. */
  readonly facts: Uint8Array;
  readonly chunks: readonly CachedChunk[];
}

/** A script that gives a function of `E`. */
export interface Script {
  readonly run: (E: Readonly<Record<string, unknown>>) => unknown;
  /** The line of the source's first line as the host counts. */
  readonly firstLine: number;
  /** What the host's compiler made of it so far. */
  code(): Uint8Array | undefined;
}

/**
 * Where compiled modules are kept. Whoever can write there decides what code runs: entries are taken for what the runtime itself has
 * validated and compiled.
 */
export interface CompilationCache {
  /** A name for bytes that nobody can make other bytes for. */
  digest(bytes: Uint8Array): string;
  /** What is kept under a key; undefined where there is nothing. */
  load(key: string): CachedModule | undefined;
  /** Says that there is something new under a key; `take` gives it at whatever later time. */
  save(key: string, take: () => CachedModule): void;
  /** Makes a script of a function's body by what is in `code`; where there is none, the compiler makes the function itself. */
  readonly script?: (source: string, name: string, code: Uint8Array | undefined) => Script;
}

/** One module's part of a cache, as an engine sees it. */
export interface ModuleCache {
  readonly stored: ReadonlyMap<string, CachedChunk>;
  readonly script: CompilationCache["script"];
  /** Adds a chunk; it is asked for when the entry is written. */
  add(key: string, chunk: () => CachedChunk): void;
}
