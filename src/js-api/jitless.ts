// The door `zerowasm/js-api/jitless`: the namespace without the compiler, with the interpreter's closures for hosts that have no JIT.
import type { RuntimeConfig } from "../config.ts";
import { jitlessEngine } from "../jitless-engine.ts";
import { makeNamespace, type WebAssemblyNamespace } from "./namespace.ts";

/** A namespace with the default configuration, in the place of the host's. */
export const WebAssembly: WebAssemblyNamespace = createWebAssembly();

/**
 * Makes a separate namespace, with limits of its own.
 * @throws TypeError for a wrong option.
 */
export function createWebAssembly(config?: RuntimeConfig): WebAssemblyNamespace {
  return makeNamespace(config, jitlessEngine);
}

export { fromMessage, type MemoryMessage, type ModuleMessage, toMessage } from "./message.ts";
export type * from "./types.ts";
