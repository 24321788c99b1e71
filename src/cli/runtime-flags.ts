// The flags of commands that make a runtime.
import type { CompilationCache, CompiledModule, Profiler, Runtime, RuntimeConfig } from "../index.ts";
import { UsageError } from "./failure.ts";
import type { Arguments, Flag } from "./flags.ts";
import { limitFlags, meteringOf } from "./limit-flags.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export const featureFlags: Readonly<Record<"features", Flag>> = {
  features: { value: "LIST", help: "wasm1, wasm2, wasm3 (the default) or single features, by commas: wasm3,threads" },
};

export const runtimeFlags: Readonly<
  Record<
    | "engine"
    | "interpreter"
    | "dispatch"
    | "features"
    | "memory-limit"
    | "cache-dir"
    | "cache-limit"
    | "profile"
    | keyof typeof limitFlags,
    Flag
  >
> = {
  engine: { value: "auto|compiler|interpreter", help: "the engine; auto (the default) takes the fastest there is" },
  interpreter: { help: "the same as --engine interpreter, and loads nothing else" },
  dispatch: {
    value: "auto|switch|closures",
    help: "how the interpreter steps; auto (the default) finds out what is fast",
  },
  ...featureFlags,
  "memory-limit": {
    value: "SIZE",
    help: "greatest size of all memories: 64MiB, 1GiB, or a number of pages of 64 KiB",
  },
  ...limitFlags,
  profile: {
    value: "FILE",
    optional: true,
    help: "what each function did, to standard error; or to FILE, with stacks to FILE.folded",
  },
  "cache-dir": { value: "DIR", help: "keeps what was compiled in a directory of yours, for the next start" },
  "cache-limit": { value: "SIZE", help: "greatest size of that directory: 64MiB, 1GiB; 512MiB if nothing is said" },
};

/** A runtime as the flags ask for it. Throws a UsageError for a wrong value. */
export async function makeRuntime(args: Arguments<typeof runtimeFlags>, profiler?: Profiler): Promise<Runtime> {
  const config: Writable<RuntimeConfig> = { profiler };
  const engine = args.one("engine");
  if (engine !== undefined) config.engine = engine as NonNullable<RuntimeConfig["engine"]>;
  if (args.has("interpreter")) {
    if (engine !== undefined && engine !== "interpreter")
      throw new UsageError(`--interpreter and --engine ${engine} disagree`);
    config.engine = "interpreter";
  }
  const dispatch = args.one("dispatch");
  if (dispatch !== undefined) config.dispatch = dispatch as NonNullable<RuntimeConfig["dispatch"]>;
  const memoryLimit = args.one("memory-limit");
  if (memoryLimit !== undefined) config.memoryLimitPages = pagesOf(memoryLimit);
  const cacheDir = args.one("cache-dir");
  const cacheLimit = args.one("cache-limit");
  if (cacheDir !== undefined) config.cache = await cacheIn(cacheDir, cacheLimit);
  else if (cacheLimit !== undefined) throw new UsageError("--cache-limit needs --cache-dir");
  return runtimeOf({ ...config, ...meteringOf(args), ...featureConfig(args.one("features")) });
}

async function cacheIn(path: string, limit: string | undefined): Promise<CompilationCache> {
  const { directoryCache } = await import("../node/index.ts");
  const maxBytes = limit === undefined ? undefined : sizeOf(limit);
  if (Number.isNaN(maxBytes)) throw new UsageError(`--cache-limit ${limit}: write a size such as 64MiB`);
  try {
    return directoryCache(path, { maxBytes });
  } catch (error) {
    throw new UsageError(`--cache-dir ${path}: ${(error as Error).message}`);
  }
}

/** A runtime with a configuration. Throws a UsageError where the configuration is wrong. */
export async function runtimeOf(config: RuntimeConfig): Promise<Runtime> {
  const door = config.engine === "interpreter" ? import("../interpreter.ts") : import("../index.ts");
  const { Runtime, UnsupportedError } = await door;
  try {
    return new Runtime(config);
  } catch (error) {
    // The options of a configuration have the names of their flags.
    if (error instanceof TypeError) throw new UsageError(error.message.replace(/^(?=engine|dispatch)/, "--"));
    if (error instanceof UnsupportedError) throw new UsageError(error.message);
    throw error;
  }
}

/** The configuration of a `--features`. The runtime checks the names. */
export function featureConfig(list: string | undefined): Pick<RuntimeConfig, "features"> {
  if (list === undefined) return {};
  return { features: list.split(",").map((name) => name.trim()) as never };
}

const pageBytes = 65_536;
const maxPages = 65_536;
const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** Bytes of a size; NaN where it is none. */
function sizeOf(text: string, bare = Number.NaN): number {
  const [, digits, unit] = /^(\d+)(?:([kmg])(?:i?b)?)?$/i.exec(text) ?? [];
  return Number(digits) * (unit === undefined ? bare : units[unit.toLowerCase()]!);
}

function pagesOf(text: string): number {
  const pages = Math.floor(sizeOf(text, pageBytes) / pageBytes);
  if (Number.isNaN(pages))
    throw new UsageError(`--memory-limit ${text}: write a size such as 64MiB, or a number of pages`);
  if (pages > maxPages) throw new UsageError(`--memory-limit ${text} is more than 4GiB`);
  return pages;
}

/** Names of a module's exports of some kind, for messages. */
export function exportList({ exports }: CompiledModule, kind?: string): string {
  const names = exports.filter(({ extern }) => kind === undefined || extern.kind === kind).map(({ name }) => name);
  const shown = names.slice(0, 12).join(", ");
  if (names.length === 0) return "nothing";
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
