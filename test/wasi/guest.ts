// A stand-in for a guest: calls the functions of WASI by name, with a memory of one page, and without any engine.
import assert from "node:assert/strict";
import type { HostModuleBuilder, HostRuntime, Memory, Module, System } from "zerowasm";
import { Runtime } from "zerowasm";
import { type WasiOptions, wasi } from "zerowasm/wasi";

/** The errnos that tests name (witx: errno). */
export const errno = {
  success: 0,
  acces: 2,
  again: 6,
  badf: 8,
  busy: 10,
  canceled: 11,
  connreset: 15,
  exist: 20,
  fault: 21,
  fbig: 22,
  ilseq: 25,
  intr: 27,
  inval: 28,
  io: 29,
  isdir: 31,
  loop: 32,
  mfile: 33,
  nametoolong: 37,
  noent: 44,
  nospc: 51,
  nosys: 52,
  notconn: 53,
  notdir: 54,
  notempty: 55,
  notsock: 57,
  notsup: 58,
  nxio: 60,
  perm: 63,
  pipe: 64,
  rofs: 69,
  spipe: 70,
  xdev: 75,
} as const;

/** The first address outside of the memory. */
export const END = 65_536;

/** A host function as a builder was given it. */
interface Defined {
  readonly params: readonly string[];
  readonly results: readonly string[];
  readonly run: (caller: Module, ...args: (number | bigint)[]) => unknown;
}

/** What WASI defines, by name. */
export function definitions(options?: WasiOptions): ReadonlyMap<string, Defined> {
  const found = new Map<string, Defined>();
  const builder = {
    functionWithModule(name: string, type: { params: string[]; results: string[] }, run: Defined["run"]) {
      assert.ok(!found.has(name), name);
      found.set(name, { ...type, run });
      return builder;
    },
    instantiate: () => ({}) as Module,
  };
  const runtime: HostRuntime = {
    hostModule(name) {
      assert.equal(name, "wasi_snapshot_preview1");
      return builder as unknown as HostModuleBuilder;
    },
  };
  wasi.instantiate(runtime, options);
  return found;
}

/** A memory of one page. */
export function newMemory(): Memory {
  return new Runtime().hostModule("m").memory("memory", { min: 1, max: 4 }).instantiate().memory!;
}

/** A guest that was given a system. Arguments are as an engine hands them over: i32 and i64 are signed. */
export class Guest {
  readonly memory: Memory | undefined;
  closedWith: number | undefined;
  readonly #functions: ReadonlyMap<string, Defined>;
  readonly #atClose: ((exitCode: number) => void)[] = [];
  readonly #module: Module;

  constructor(system: System = {}, memory: Memory | undefined = newMemory(), options?: WasiOptions) {
    this.memory = memory;
    this.#functions = definitions(options);
    this.#module = {
      name: "guest",
      system,
      memory,
      timeLeft: Number.POSITIVE_INFINITY,
      closed: false,
      close: (exitCode: number) => {
        this.closedWith = exitCode;
        Object.defineProperty(this.#module, "closed", { value: true });
        for (const listener of this.#atClose) listener(exitCode);
      },
      onClose: (listener: (exitCode: number) => void) => {
        this.#atClose.push(listener);
      },
    } as Module;
  }

  /** A guest without a memory. */
  static withoutMemory(): Guest {
    const guest = new Guest();
    (guest.#module as { memory: undefined }).memory = undefined;
    return guest;
  }

  close(): void {
    this.#module.close(0);
  }

  /** Lets the guest's call have a deadline. */
  limit(timeLeft: () => number): void {
    Object.defineProperty(this.#module, "timeLeft", { get: timeLeft });
  }

  call(name: string, ...args: (number | bigint)[]): unknown {
    const { params, run } = this.#functions.get(name) ?? assert.fail(name);
    assert.equal(args.length, params.length, name);
    const given = args.map((arg, i) => (params[i] === "i32" ? Number(arg) | 0 : BigInt.asIntN(64, BigInt(arg))));
    return run(this.#module, ...given);
  }

  u8(address: number): number {
    return this.memory!.readUint8(address)!;
  }

  u16(address: number): number {
    return this.memory!.readUint16(address)!;
  }

  u32(address: number): number {
    return this.memory!.readUint32(address)!;
  }

  u64(address: number): bigint {
    return this.memory!.readUint64(address)!;
  }

  text(address: number, length: number): string {
    return this.memory!.readString(address, length)!;
  }

  /** Writes a list of buffers at `address`. */
  iovecs(address: number, ...buffers: readonly (readonly [address: number, length: number])[]): void {
    for (const [i, [buffer, length]] of buffers.entries()) {
      this.memory!.writeUint32(address + 8 * i, buffer);
      this.memory!.writeUint32(address + 8 * i + 4, length);
    }
  }
}
