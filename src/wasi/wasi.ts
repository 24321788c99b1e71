// Takes a runtime, gives the host module `wasi_snapshot_preview1` in it.
import type { HostRuntime } from "../api/host.ts";
import type { Module } from "../api/module.ts";
import { type AbiType, coreTypes, type FunctionName, functions, type Parameter } from "./abi.ts";
import { args } from "./args.ts";
import { clock } from "./clock.ts";
import { fd } from "./fd.ts";
import type { Outcome, WasiFunction } from "./function.ts";
import { type HostLog, type LoggedFunction, type LogScope, logged } from "./log.ts";
import { path } from "./path.ts";
import { poll } from "./poll.ts";
import { proc } from "./proc.ts";
import { Process } from "./process.ts";
import { random } from "./random.ts";
import { sock } from "./sock.ts";

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

// Each function of the table: a missing one is a compile error.
const implementation: { readonly [F in FunctionName]: WasiFunction<F> } = {
  ...args,
  ...clock,
  ...fd,
  ...path,
  ...poll,
  ...proc,
  ...random,
  ...sock,
};

export const wasi: Wasi = {
  moduleName: "wasi_snapshot_preview1",

  instantiate(runtime, { log } = {}) {
    const builder = runtime.hostModule(wasi.moduleName);
    const processes = new WeakMap<Module, Process>();
    const processOf = (module: Module): Process => {
      let process = processes.get(module);
      if (process === undefined) processes.set(module, (process = new Process(module)));
      return process;
    };
    for (const name of Object.keys(functions) as FunctionName[]) {
      const types = (functions[name] as readonly Parameter[]).map(([, type]) => type);
      const implemented = implementation[name] as (process: Process, ...args: readonly unknown[]) => Outcome;
      const run = logged(log, calledOf(name), (caller, ...args) => implemented(processOf(caller), ...args));
      builder.functionWithModule(
        name,
        { params: types.map((type) => coreTypes[type]), results: name === "proc_exit" ? [] : ["i32"] },
        (caller: Module, ...args: (number | bigint)[]) => run(caller, ...unsigned(types, args)),
      );
    }
    return builder.instantiate();
  },
};

const scopes: readonly (readonly [prefix: string, scope: LogScope])[] = [
  ["clock_", "clock"],
  ["fd_", "filesystem"],
  ["path_", "filesystem"],
  ["poll_", "poll"],
  ["random_", "random"],
  ["sock_", "sock"],
];

function calledOf(name: FunctionName): LoggedFunction {
  const scope = scopes.find(([prefix]) => name.startsWith(prefix))?.[1] ?? "proc";
  return { moduleName: wasi.moduleName, name, scope, parameters: functions[name], hasErrno: name !== "proc_exit" };
}

function unsigned(types: readonly AbiType[], args: readonly (number | bigint)[]): (number | bigint)[] {
  return args.map((arg, i) => {
    if (typeof arg === "number") return arg >>> 0;
    return types[i] === "filedelta" ? arg : BigInt.asUintN(64, arg);
  });
}
