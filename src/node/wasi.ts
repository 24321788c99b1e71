// The door `zerowasm/node/wasi`: the class of Node's `node:wasi`, for guests of any `WebAssembly` namespace (Node: WebAssembly System Interface).
import { fstatSync } from "node:fs";
import { resolve, sep } from "node:path";
import { inspect, types } from "node:util";
import type { System } from "../api/system.ts";
import { errno } from "../wasi/abi.ts";
import { callables } from "../wasi/callable.ts";
import type { Caller, LinkedMount } from "../wasi/process.ts";
import { checkDescriptor, checkFunction, checkObject, checkType, checkUndefined, coded } from "./argument-error.ts";
import { type BufferMemory, ViewedMemory } from "./buffer-memory.ts";
import { clocks } from "./clocks.ts";
import { codeOf } from "./descriptor.ts";
import { hostDirectory } from "./host-directory.ts";
import { random } from "./random.ts";
import { BlockingInput, BlockingOutput } from "./stdio.ts";

/** What a guest is given of the process. */
export interface WASIOptions {
  /** Both have the functions of preview1; the name of the module that they are imported from is another. */
  readonly version: "unstable" | "preview1";
  /** Arguments, the program's name first. Default: none. */
  readonly args?: readonly string[] | undefined;
  /** Default: empty. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Directories of the host, by the paths at which the guest finds them. Default: none. */
  readonly preopens?: Readonly<Record<string, string>> | undefined;
  /** Whether `start` gives the code that the guest exits with; else the process ends with it. Default: true. */
  readonly returnOnExit?: boolean | undefined;
  /** Descriptors of the host. Default: 0, 1 and 2. */
  readonly stdin?: number | undefined;
  readonly stdout?: number | undefined;
  readonly stderr?: number | undefined;
}

/** A function that a guest imports. It gives an errno. */
export type WASIFunction = (...args: (number | bigint)[]) => number;

const modules = { unstable: "wasi_unstable", preview1: "wasi_snapshot_preview1" } as const;

// Packages with threads find the fields by what Node calls them: emnapi does the work of `start` and `initialize` itself.
const kBindingName = Symbol("kBindingName");
const kSetMemory = Symbol("kSetMemory");
const kStarted = Symbol("kStarted");
const kExitCode = Symbol("kExitCode");
const kInstance = Symbol("kInstance");

/** An instance's fields, which Node does not tell of. */
interface Fields {
  [kBindingName]: string;
  [kSetMemory]: (memory: unknown) => void;
  [kStarted]: boolean;
  [kExitCode]: number;
  [kInstance]: unknown;
}

/** The system of one instance. A guest reaches what it is given here, and nothing else. */
export class WASI {
  /** The functions, to be imported. */
  readonly wasiImport: Record<string, WASIFunction>;

  /**
   * @throws TypeError or RangeError with the `code` of Node's errors for a wrong option.
   * @throws Error with a `code` such as "UVWASI_ENOENT" where a directory or a descriptor is not there.
   */
  constructor(options: WASIOptions) {
    const given: unknown = options === undefined ? {} : options;
    checkObject(given, "options");
    const { version } = given;
    checkType(typeof version === "string", "options.version", "of type string", version);
    if (!Object.hasOwn(modules, version as string)) {
      const message = `The property 'options.version' unsupported WASI version. Received ${inspect(version)}`;
      throw coded(new TypeError(message), "ERR_INVALID_ARG_VALUE");
    }
    const guest = new Guest(systemOf(given));
    const { returnOnExit = true } = given;
    checkType(typeof returnOnExit === "boolean", "options.returnOnExit", "of type boolean", returnOnExit);
    this.wasiImport = importsOf(guest, (code) => {
      if (returnOnExit === false) process.exit(code);
      fieldsOf(this)[kExitCode] = code;
      throw kExitCode;
    });
    Object.assign<WASI, Fields>(this, {
      [kBindingName]: modules[version as keyof typeof modules],
      [kSetMemory]: (memory) => guest.setMemory(memory),
      [kStarted]: false,
      [kExitCode]: 0,
      [kInstance]: undefined,
    });
  }

  /** Does what `start` and `initialize` begin with, once: for guests that export their memory by another name, or import it. */
  finalizeBindings(instance: object, { memory = exportsOf(instance)?.["memory"] }: { memory?: unknown } = {}): void {
    const fields = fieldsOf(this);
    if (fields[kStarted]) throw coded(new Error("WASI instance has already started"), "ERR_WASI_ALREADY_STARTED");
    checkObject(instance, "instance");
    checkObject(instance["exports"], "instance.exports");
    fields[kSetMemory](memory);
    fields[kInstance] = instance;
    fields[kStarted] = true;
  }

  /** Runs a program, which exports `_start`, to its end, and gives the code that it exits with. */
  start(instance: object): number {
    this.finalizeBindings(instance);
    const { _start, _initialize } = exportsOf(fieldsOf(this)[kInstance])!;
    checkFunction(_start, "instance.exports._start");
    checkUndefined(_initialize, "instance.exports._initialize");
    try {
      _start();
    } catch (error) {
      if (error !== kExitCode) throw error;
    }
    return fieldsOf(this)[kExitCode];
  }

  /** Prepares a library, which may export `_initialize`, for calls. */
  initialize(instance: object): void {
    this.finalizeBindings(instance);
    const { _start, _initialize } = exportsOf(fieldsOf(this)[kInstance])!;
    checkUndefined(_start, "instance.exports._start");
    if (_initialize === undefined) return;
    checkFunction(_initialize, "instance.exports._initialize");
    _initialize();
  }

  /** What such a guest is instantiated with. */
  getImportObject(): Record<string, Record<string, WASIFunction>> {
    return { [fieldsOf(this)[kBindingName]]: this.wasiImport };
  }
}

function fieldsOf(wasi: WASI): Fields {
  return wasi as unknown as Fields;
}

function exportsOf(instance: unknown): Readonly<Record<string, unknown>> | undefined {
  return (instance as { readonly exports?: Readonly<Record<string, unknown>> } | null | undefined)?.exports;
}

/** What stands for the module whose functions call: it is never closed, as a `WASI` is not. */
class Guest implements Caller {
  readonly name = "";
  readonly timeLeft: number = Number.POSITIVE_INFINITY;
  readonly closed = false;
  readonly system: System;
  #memory: ViewedMemory | undefined;

  constructor(system: System) {
    this.system = system;
  }

  get memory(): ViewedMemory | undefined {
    return this.#memory;
  }

  setMemory(memory: unknown): void {
    const found = memory as BufferMemory | null | undefined;
    if (!types.isAnyArrayBuffer(found?.buffer) || typeof found?.grow !== "function") {
      const message = '"instance.exports.memory" property must be a WebAssembly.Memory object';
      throw coded(new TypeError(message), "ERR_INVALID_ARG_TYPE");
    }
    this.#memory = new ViewedMemory(found);
  }

  close(): void {}

  onClose(): void {}
}

function importsOf(guest: Guest, exit: (code: number) => never): Record<string, WASIFunction> {
  const imports: Record<string, WASIFunction> = {};
  for (const { name, params, run } of callables(modules.preview1)) {
    const typesOfParams = params.map((type) => (type === "i64" ? "bigint" : "number"));
    imports[name] = (...args) => {
      if (args.length !== typesOfParams.length || args.some((arg, i) => typeof arg !== typesOfParams[i])) {
        return errno.inval;
      }
      if (name === "proc_exit") return exit(Number(args[0]) >>> 0);
      if (guest.memory !== undefined) return run(guest, ...args) as number;
      throw coded(new Error("wasi.start() has not been called"), "ERR_WASI_NOT_STARTED");
    };
  }
  return imports;
}

/** What the options give. Text ends where a C program would see its end. */
function systemOf(options: Readonly<Record<string, unknown>>): System {
  const { args = [], env = {}, preopens = {}, stdin = 0, stdout = 1, stderr = 2 } = options;
  checkType(Array.isArray(args), "options.args", "an instance of Array", args);
  checkObject(env, "options.env");
  checkObject(preopens, "options.preopens");
  checkDescriptor(stdin, "options.stdin");
  checkDescriptor(stdout, "options.stdout");
  checkDescriptor(stderr, "options.stderr");
  const variables = Object.entries(env).filter(([name, value]) => /^[^=\0]+$/.test(name) && value !== undefined);
  return {
    ...clocks,
    random,
    args: (args as readonly unknown[]).map(text),
    env: Object.fromEntries(variables.map(([name, value]) => [name, text(value)])),
    ...opened(() => {
      for (const fd of [stdin, stdout, stderr]) fstatSync(fd);
      const mounts = Object.entries(preopens).map(([path, real]): LinkedMount => {
        // Links of the host are absolute to the host, whatever the guest calls the directory.
        const rootOfLinks = resolve(String(real)).replaceAll(sep, "/").replace(/\/$/, "");
        return { path, fs: hostDirectory(String(real)), rootOfLinks };
      });
      return { fs: { mounts } };
    }),
    stdin: new BlockingInput(stdin),
    stdout: new BlockingOutput(stdout),
    stderr: new BlockingOutput(stderr),
  };
}

function text(value: unknown): string {
  return String(value).split("\0", 1)[0]!;
}

/** Opens what a guest is given. */
function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    const name = String(codeOf(error)).slice(1).toLowerCase();
    if (!Object.hasOwn(errno, name)) throw error;
    const code = `UVWASI_E${name.toUpperCase()}`;
    const number = errno[name as keyof typeof errno];
    throw coded(Object.assign(new Error(`${code}, uvwasi_init`), { errno: number, syscall: "uvwasi_init" }), code);
  }
}
