// The door `zerowasm/js-api`: the WebAssembly namespace as hosts have it, over the engines of zerowasm.
import type { StoreConfig } from "../embedding.ts";
import { engines } from "../engines.ts";
import { makeNamespace } from "./namespace.ts";
import type { WebAssemblyNamespace } from "./namespace-type.ts";
import type { WebAssembly } from "./type-names.ts";

/** A namespace with the default configuration, in the place of the host's. */
// biome-ignore lint/suspicious/noRedeclare: the value and the namespace of types are one name to users
const WebAssembly: WebAssemblyNamespace = createWebAssembly();

/**
 * Makes a separate namespace, with an engine and limits of its own.
 * @throws TypeError or RangeError for a wrong option.
 */
export function createWebAssembly(config?: StoreConfig): WebAssemblyNamespace {
  return makeNamespace(config, engines);
}

export { WebAssembly };
export { fromMessage, type MemoryMessage, type ModuleMessage, toMessage } from "./message.ts";
export type * from "./namespace-type.ts";
export type * from "./types.ts";
