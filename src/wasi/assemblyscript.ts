// Takes a runtime, gives the host module `env` that AssemblyScript's programs import: abort, trace and seed.
import { ExitError } from "../api/errors.ts";
import type { HostModuleBuilder, HostRuntime } from "../api/host.ts";
import type { Memory } from "../api/memory.ts";
import type { Module } from "../api/module.ts";
import { isPromise } from "../fs/eventual.ts";
import { encodeUtf8 } from "../fs/utf8.ts";
import { type HostLog, logged } from "./log.ts";
import { surroundings } from "./surroundings.ts";

/** What AssemblyScript's programs import where nothing else was chosen for them. */
export interface AssemblyScript {
  /**
   * Makes the host module `env`, once a runtime.
   * @throws LinkError where the name is taken.
   */
  instantiate(runtime: HostRuntime, options?: { readonly log?: HostLog | undefined }): Module;
  /** Adds the functions to a host module of your own. */
  addTo(builder: HostModuleBuilder, options?: { readonly log?: HostLog | undefined }): void;
}

const failureCode = 255;
const maxBytes = 1 << 20; // of a text: a guest may have gigabytes that are none

export const assemblyscript: AssemblyScript = {
  instantiate(runtime, options) {
    const builder = runtime.hostModule("env");
    assemblyscript.addTo(builder, options);
    return builder.instantiate();
  },

  addTo(builder, { log } = {}) {
    const of = surroundings();
    const base = { moduleName: "env", hasErrno: false } as const;

    // Says why on standard error, and closes the module: its state is broken.
    const abort = (caller: Module, ...[message, file, line, column]: (number | bigint)[]): unknown => {
      const text = textAt(caller.memory, Number(message));
      const bytes = encodeUtf8(`${text} at ${textAt(caller.memory, Number(file))}:${line}:${column}\n`);
      const exit = (): never => {
        caller.close(failureCode);
        throw new ExitError(failureCode, caller.name);
      };
      const written = of(caller).stderr.write(bytes);
      return isPromise(written) ? written.then(exit) : exit();
    };
    const position = [
      ["message", "pointer"],
      ["fileName", "pointer"],
      ["lineNumber", "size"],
      ["columnNumber", "size"],
    ] as const;
    builder.functionWithModule(
      "abort",
      { params: ["i32", "i32", "i32", "i32"] },
      logged(log, { ...base, name: "abort", scope: "proc", parameters: position }, unsigned(abort)),
    );

    const trace = (caller: Module, message: number | bigint, count: number | bigint, ...values: unknown[]): unknown => {
      const shown = values.slice(0, Math.min(Number(count), values.length));
      const text = `trace: ${textAt(caller.memory, Number(message))}${shown.length > 0 ? ` ${shown.join(",")}` : ""}\n`;
      return of(caller).stderr.write(encodeUtf8(text));
    };
    const values = [0, 1, 2, 3, 4].map((i) => [`arg${i}`, "f64"] as const);
    builder.functionWithModule(
      "trace",
      { params: ["i32", "i32", "f64", "f64", "f64", "f64", "f64"] },
      logged(
        log,
        { ...base, name: "trace", scope: "proc", parameters: [["message", "pointer"], ["nArgs", "size"], ...values] },
        unsigned(trace),
      ),
    );

    // Its bits are what a program's random numbers begin with.
    const seed = (caller: Module): number => {
      const words = new Uint32Array(2);
      of(caller).random(new Uint8Array(words.buffer));
      return (words[0]! >>> 11) * 2 ** 32 + words[1]!;
    };
    const run = logged(log, { ...base, name: "seed", scope: "random", parameters: [] }, seed);
    builder.functionWithModule("seed", { results: ["f64"] }, (caller) => run(caller) as number);
  },
};

/** The same with numbers of i32 as they are meant. What the function gives is nothing, or a promise of that. */
function unsigned(run: (caller: Module, ...args: never[]) => unknown) {
  return (caller: Module, ...args: (number | bigint)[]): unknown => {
    const [first, second, ...more] = args as number[];
    return run(caller, ...([first! >>> 0, second! >>> 0, ...more] as never[]));
  };
}

/** A string of AssemblyScript: UTF-16, its length in bytes in front of it. */
function textAt(memory: Memory | undefined, address: number): string {
  if (address === 0) return "";
  const length = memory?.readUint32(address - 4);
  const bytes = length === undefined ? undefined : memory!.subarray(address, length & ~1);
  if (bytes === undefined) return "(no text)";
  let text = "";
  for (let at = 0; at < bytes.length && at < maxBytes; at += 2)
    text += String.fromCharCode(bytes[at]! | (bytes[at + 1]! << 8));
  return text;
}
