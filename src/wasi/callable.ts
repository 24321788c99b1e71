// Takes nothing, gives the functions of WASI as a host calls them: with the guest that calls, and with values as engines have them (witx: functions).
import { type AbiType, coreTypes, type FunctionName, functions, type Parameter } from "./abi.ts";
import { args } from "./args.ts";
import { clock } from "./clock.ts";
import { fd } from "./fd.ts";
import type { Outcome, WasiFunction } from "./function.ts";
import { type HostLog, type LoggedFunction, type LogScope, logged } from "./log.ts";
import { path } from "./path.ts";
import { poll } from "./poll.ts";
import { proc } from "./proc.ts";
import { type Caller, Process } from "./process.ts";
import { random } from "./random.ts";
import { sock } from "./sock.ts";

/** One function of the table, for all guests: each is a process of its own, made at its first call. */
export interface WasiCallable {
  readonly name: FunctionName;
  readonly params: readonly ("i32" | "i64")[];
  readonly results: readonly "i32"[];
  readonly run: (caller: Caller, ...args: (number | bigint)[]) => unknown;
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

const scopes: readonly (readonly [prefix: string, scope: LogScope])[] = [
  ["clock_", "clock"],
  ["fd_", "filesystem"],
  ["path_", "filesystem"],
  ["poll_", "poll"],
  ["random_", "random"],
  ["sock_", "sock"],
];

/** All functions. Those of one list know the processes of one another. */
export function callables(moduleName: string, log?: HostLog): readonly WasiCallable[] {
  const processes = new WeakMap<Caller, Process>();
  const processOf = (caller: Caller): Process => {
    let process = processes.get(caller);
    if (process === undefined) processes.set(caller, (process = new Process(caller)));
    return process;
  };
  return (Object.keys(functions) as FunctionName[]).map((name) => {
    const types = (functions[name] as readonly Parameter[]).map(([, type]) => type);
    const implemented = implementation[name] as (process: Process, ...args: readonly unknown[]) => Outcome;
    const run = logged(log, calledOf(moduleName, name), (caller: Caller, ...args) =>
      implemented(processOf(caller), ...args),
    );
    return {
      name,
      params: types.map((type) => coreTypes[type]),
      results: name === "proc_exit" ? [] : ["i32"],
      run: (caller, ...args) => run(caller, ...unsigned(types, args)),
    };
  });
}

function calledOf(moduleName: string, name: FunctionName): LoggedFunction {
  const scope = scopes.find(([prefix]) => name.startsWith(prefix))?.[1] ?? "proc";
  return { moduleName, name, scope, parameters: functions[name], hasErrno: name !== "proc_exit" };
}

function unsigned(types: readonly AbiType[], args: readonly (number | bigint)[]): (number | bigint)[] {
  return args.map((arg, i) => {
    if (typeof arg === "number") return arg >>> 0;
    return types[i] === "filedelta" ? arg : BigInt.asUintN(64, arg);
  });
}
