// What WASI knows of one module: a module is to WASI what a process is to a system.
import type { FileSystem, Mount, Mounts } from "../api/file-system.ts";
import type { Memory } from "../api/memory.ts";
import type { Module } from "../api/module.ts";
import type { Clock, Nanosleep, Random } from "../api/system.ts";
import { encodeUtf8 } from "../fs/utf8.ts";
import { fdflags } from "./abi.ts";
import { type Descriptor, Descriptors, HeldDirectory } from "./descriptors.ts";
import { SteppingClock, seededRandom } from "./stand-ins.ts";
import { inputOf, outputOf } from "./streams.ts";

/** A mount that follows absolute targets of links. */
export interface LinkedMount extends Mount {
  /** The path of the root in such targets, without a slash at its end: those that lead on from there are followed. Default: none are. */
  readonly rootOfLinks?: string;
}

/** What a guest is to WASI: a module, or what stands for one where the guest is another namespace's. */
export type Caller = Pick<Module, "name" | "system" | "memory" | "timeLeft" | "closed" | "close" | "onClose">;

/** The arguments, environment, clocks and descriptors of one module, made at its first call. */
export class Process {
  readonly module: Caller;
  /** Where pointers of the guest lead; undefined where the caller has no memory, so that every pointer is bad. */
  readonly memory: Memory | undefined;
  /** In UTF-8, with a NUL at the end. */
  readonly args: readonly Uint8Array[];
  /** `KEY=value` in UTF-8, with a NUL at the end. */
  readonly environ: readonly Uint8Array[];
  readonly clock: Clock;
  readonly nanosleep: Nanosleep;
  readonly random: Random;
  readonly descriptors: Descriptors;
  /** What ends when the module closes. */
  readonly waits: Set<() => void> = new Set();

  /** Throws a TypeError where an argument or variable cannot be handed to a program written in C, or `fs` is no file system. */
  constructor(module: Caller) {
    const { args = [], env = {}, stdin, stdout, stderr, fs, listeners = [], clock, random, nanosleep } = module.system;
    this.module = module;
    this.memory = module.memory;
    this.args = args.map((argument, i) => terminated(argument, `argument ${i}`));
    this.environ = Object.entries(env).map(([name, value]) => {
      if (name === "" || name.includes("=")) throw new TypeError(`"${name}" is no name of an environment variable`);
      return terminated(`${name}=${value}`, `environment variable ${name}`);
    });
    const stepping = new SteppingClock();
    this.clock = clock ?? stepping;
    this.nanosleep = nanosleep ?? ((nanoseconds) => stepping.advance(nanoseconds));
    this.random = random ?? seededRandom();
    this.descriptors = new Descriptors(inputOf(stdin), outputOf(stdout), outputOf(stderr));
    for (const [i, mount] of mountsOf(fs).entries()) this.descriptors.add(preopened(mount, BigInt(i + 1)));
    for (const listener of listeners) {
      this.descriptors.add({ kind: "listener", listener, flags: listener.nonblocking === true ? fdflags.nonblock : 0 });
    }
    module.onClose(() => {
      this.descriptors.closeAll();
      for (const end of this.waits) end();
    });
  }
}

function mountsOf(fs: FileSystem | Mounts | undefined): readonly LinkedMount[] {
  if (fs === undefined) return [];
  const mounts = "mounts" in fs ? fs.mounts : [{ path: "/", fs }];
  if (mounts.some(({ fs }) => fs.root === undefined)) throw new TypeError("fs is a file system, or mounts");
  return mounts;
}

// The root stays open when the guest closes it: another guest may have it too.
function preopened({ path, fs, rootOfLinks }: LinkedMount, dev: bigint): Descriptor {
  const held = new HeldDirectory(fs.root, dev, rootOfLinks).hold();
  return { kind: "directory", held, preopen: encodeUtf8(path), entries: undefined, flags: 0 };
}

function terminated(text: string, what: string): Uint8Array {
  if (text.includes("\0")) throw new TypeError(`${what} contains a NUL character`);
  return encodeUtf8(`${text}\0`);
}
