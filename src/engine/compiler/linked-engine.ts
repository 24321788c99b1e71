// Takes chunks of JavaScript that were compiled ahead of time, gives code that instances call: nothing here makes code from text.
import type { PrecompiledChunk } from "../../api/precompiled.ts";
import type { EngineCode, FallbackEngine, PrecompiledEngine } from "../../instance/engine.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { type Attempt, type Chunk, type ChunkSource, DEEPEST } from "./chunk.ts";
import { ChunkEngine } from "./chunk-engine.ts";
import type { CompilerSettings } from "./module-code.ts";

/** The engine of modules that were compiled ahead of time. What was not compiled stays with the interpreter. */
export class LinkedEngine extends ChunkEngine implements PrecompiledEngine {
  constructor(interpreter: FallbackEngine, { maxCallDepth }: CompilerSettings) {
    super(interpreter, { maxCallDepth, eager: true });
  }

  override prepare(module: ValidatedModule): EngineCode {
    return this.prepareChunks(module, []);
  }

  prepareChunks(module: ValidatedModule, chunks: readonly PrecompiledChunk[]): EngineCode {
    // A stricter limit on depth than the one in the source is the interpreter's to keep.
    const usable = this.settings.maxCallDepth < DEEPEST ? [] : chunks;
    return this.link(module, () => new GivenChunks(usable.map(chunkOf)));
  }
}

/** Chunks that are there from the start. */
class GivenChunks implements ChunkSource {
  readonly isGiven = true;
  readonly remake = null;
  readonly #byFunction = new Map<number, Chunk>();

  constructor(chunks: readonly Chunk[]) {
    for (const chunk of chunks) for (const index of chunk.functions) this.#byFunction.set(index, chunk);
  }

  has(index: number, isLoop: boolean): boolean {
    return !isLoop && this.#byFunction.has(index);
  }

  again(): null {
    return null;
  }

  chunkOf(index: number, label: number, asynchronous: boolean): Attempt {
    const chunk = label < 0 && !asynchronous ? (this.#byFunction.get(index) ?? null) : null;
    return { chunk, tried: chunk?.functions ?? [index] };
  }
}

function chunkOf({ make, functions, callees }: PrecompiledChunk): Chunk {
  return {
    make,
    functions,
    callees,
    suspension: () => {
      throw new Error("unreachable");
    },
  };
}
