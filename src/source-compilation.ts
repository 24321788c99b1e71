// Takes what users give for a module, gives it prepared: bytes are copied, and a module that was compiled ahead of time is opened.
import type { PrecompiledModule } from "./api/precompiled.ts";
import { decode } from "./binary/decode.ts";
import { Compilation, type Engines, prepared } from "./compilation.ts";
import type { RuntimeSettings } from "./config.ts";
import type { PrecompiledEngine } from "./instance/engine.ts";
import type { PreparedModule } from "./instance/prepared-module.ts";
import { describeValue } from "./instance/value.ts";
import { isPrecompiled, openPrecompiled } from "./precompiled.ts";
import { validate } from "./valid/validate.ts";

/** A module's binary form. */
export type Binary = Uint8Array | ArrayBuffer;

/** The same, or a module that was compiled ahead of time. */
export type Source = Binary | PrecompiledModule;

/** What compiles the modules that users of one runtime give it. */
export class SourceCompilation extends Compilation {
  readonly #engines: Engines;
  #linked: PrecompiledEngine | undefined;

  constructor(settings: RuntimeSettings, engines: Engines) {
    super(settings, engines);
    this.#engines = engines;
  }

  /** Decodes, validates and prepares a module. Throws a MalformedError or an InvalidError. */
  compileSource(what: Source): PreparedModule {
    if (!isPrecompiled(what)) return this.compile(copyOf(what));
    const { bytes, chunks } = openPrecompiled(what);
    const engine = this.#linkedEngine();
    if (engine === undefined) return this.compile(bytes);
    const module = validate(decode(bytes), this.settings.features);
    return prepared(module, engine, engine.prepareChunks(module, chunks), this.settings);
  }

  /** What runs modules compiled ahead of time, unless the interpreter does; what was compiled counts nothing. */
  #linkedEngine(): PrecompiledEngine | undefined {
    const { engine, engineOptions, metering, profiler } = this.settings;
    if (engine === "interpreter" || metering !== false || profiler !== null) return undefined;
    this.#linked ??= this.#engines.linked?.(engineOptions);
    return this.#linked;
  }
}

// A plain Uint8Array of its own: bodies are read as late as their first call, long after they were validated.
function copyOf(binary: Binary): Uint8Array {
  if (ArrayBuffer.isView(binary)) return new Uint8Array(binary.buffer, binary.byteOffset, binary.byteLength).slice();
  const tag = Object.prototype.toString.call(binary);
  if (tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]") return new Uint8Array(binary).slice();
  throw new TypeError(
    `a module is given as a Uint8Array, an ArrayBuffer, or what compile returned, got ${describeValue(binary)}`,
  );
}
