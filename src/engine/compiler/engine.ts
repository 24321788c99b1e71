// Takes modules, compiles their functions to JavaScript as they turn hot (specification: 4.7.3 Invocation).
import type { ModuleCache } from "../../api/cache.ts";
import type { EngineCode } from "../../instance/engine.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { ChunkEngine } from "./chunk-engine.ts";
import { EmittedChunks } from "./emitted-chunks.ts";

/** Compiles what turns hot. */
export class Compiler extends ChunkEngine {
  override prepare(module: ValidatedModule): EngineCode {
    return this.link(module, (code) => new EmittedChunks(module, this.settings, code));
  }

  prepareCached(module: ValidatedModule, cache: ModuleCache): EngineCode {
    return this.link(module, (code) => new EmittedChunks(module, this.settings, code, cache));
  }
}
