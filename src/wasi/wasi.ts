// Takes a runtime, gives the host module `wasi_snapshot_preview1` in it.
import type { HostRuntime } from "../api/host.ts";
import type { Module } from "../api/module.ts";
import { callables } from "./callable.ts";
import type { HostLog } from "./log.ts";

/** WASI preview1, over what each module was given of a system. */
export interface Wasi {
  /** Name of the host module, which guests import from. */
  readonly moduleName: "wasi_snapshot_preview1";
  /**
   * Makes the host module, once a runtime. Guests of the runtime find it by its name.
   * @throws LinkError where the name is taken.
   */
  instantiate(runtime: HostRuntime, options?: WasiOptions): Module;
}

/** What the host itself wants of WASI. */
export interface WasiOptions {
  /** Where each call of a guest is told of. Default: nowhere. */
  readonly log?: HostLog | undefined;
}

export const wasi: Wasi = {
  moduleName: "wasi_snapshot_preview1",

  instantiate(runtime, { log } = {}) {
    const builder = runtime.hostModule(wasi.moduleName);
    for (const { name, params, results, run } of callables(wasi.moduleName, log))
      builder.functionWithModule(name, { params, results }, run);
    return builder.instantiate();
  },
};
