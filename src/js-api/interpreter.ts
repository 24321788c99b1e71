// The door `zerowasm/js-api/interpreter`: the namespace without the compiler, so that nothing in its import graph makes code from text.
import type { StoreConfig } from "../embedding.ts";
import { interpreterEngine } from "../interpreter-engine.ts";
import { makeNamespace, type WebAssemblyNamespace } from "./namespace.ts";

/** A namespace with the default configuration, in the place of the host's. */
export const WebAssembly: WebAssemblyNamespace = createWebAssembly();

/**
 * Makes a separate namespace, with limits of its own.
 * @throws TypeError or RangeError for a wrong option.
 */
export function createWebAssembly(config?: StoreConfig): WebAssemblyNamespace {
  return makeNamespace(config, interpreterEngine);
}

export { fromMessage, type MemoryMessage, type ModuleMessage, toMessage } from "./message.ts";
export type * from "./types.ts";
