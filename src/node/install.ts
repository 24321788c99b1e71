// The door `zerowasm/node/install`: as `zerowasm/js-api/install`, and where that is done Node's `WASI` is one for the guests of the new namespace.
import { createRequire, syncBuiltinESMExports } from "node:module";
import worker from "node:worker_threads";
import { installed } from "../js-api/install.ts";
import { WASI } from "./wasi.ts";

export { installed };

if (installed) {
  replaceWasi();
  followWorkers(import.meta.resolve?.("zerowasm/node/install"));
  syncBuiltinESMExports();
}

function replaceWasi(): void {
  const { emitWarning } = process;
  // Node warns that its own class may change, which nobody will use.
  process.emitWarning = () => {};
  try {
    createRequire(import.meta.url)("node:wasi").WASI = WASI;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Lets workers begin with this door that are given flags of their own, and so do not inherit the process's: those of packages of napi-rs. */
function followWorkers(door: string | undefined): void {
  if (door === undefined) return;
  worker.Worker = new Proxy(worker.Worker, {
    construct(target, [script, options, ...rest], newTarget) {
      const { execArgv } = (options as { readonly execArgv?: unknown } | undefined) ?? {};
      const given = Array.isArray(execArgv) ? { ...options, execArgv: ["--import", door, ...execArgv] } : options;
      return Reflect.construct(target, [script, given, ...rest], newTarget) as object;
    },
  });
}
