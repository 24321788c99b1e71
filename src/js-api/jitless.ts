// The door `zerowasm/js-api/jitless`: the namespace without the compiler, with the interpreter's closures for hosts that have no JIT.
import type { StoreConfig } from "../embedding.ts";
import { jitlessEngine } from "../jitless-engine.ts";
import { makeNamespace } from "./namespace.ts";
import type { WebAssemblyNamespace } from "./namespace-type.ts";
import type { WebAssembly } from "./type-names.ts";

/** A namespace with the default configuration, in the place of the host's. */
// biome-ignore lint/suspicious/noRedeclare: the value and the namespace of types are one name to users
const WebAssembly: WebAssemblyNamespace = createWebAssembly();

/**
 * Makes a separate namespace, with limits of its own.
 * @throws TypeError or RangeError for a wrong option.
 */
export function createWebAssembly(config?: StoreConfig): WebAssemblyNamespace {
  return makeNamespace(config, jitlessEngine);
}

export { WebAssembly };
export { fromMessage, type MemoryMessage, type ModuleMessage, toMessage } from "./message.ts";
export type * from "./namespace-type.ts";
export type * from "./types.ts";
