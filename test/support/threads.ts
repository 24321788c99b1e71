// Guests that share a memory: what each instruction of threads does, as functions, on a memory of one page that may grow to four.
import { type Instr, ModuleBuilder } from "./module-builder.ts";

/** The sizes of an access: its name, its type, its bytes. */
export const accesses = [
  { of: "i32", suffix: "", type: "i32", size: 4 },
  { of: "i64", suffix: "", type: "i64", size: 8 },
  { of: "i32", suffix: "8", type: "i32", size: 1 },
  { of: "i32", suffix: "16", type: "i32", size: 2 },
  { of: "i64", suffix: "8", type: "i64", size: 1 },
  { of: "i64", suffix: "16", type: "i64", size: 2 },
  { of: "i64", suffix: "32", type: "i64", size: 4 },
] as const;

export type Access = (typeof accesses)[number];

export const updates = ["add", "sub", "and", "or", "xor", "xchg"] as const;

/** The instruction of an action on an access: `i64.atomic.rmw8.add_u`. */
export function atomicName({ of, suffix }: Access, action: string): string {
  const sign = suffix === "" ? "" : "_u";
  if (action === "load") return `${of}.atomic.load${suffix}${sign}`;
  return action === "store" ? `${of}.atomic.store${suffix}` : `${of}.atomic.rmw${suffix}.${action}${sign}`;
}

const get = (index: number): Instr => ["local.get", index];
const addresses = ["i32"];

/** Exports each atomic instruction under its name; its memory is `env.memory` if that is asked for, else its own. */
export function atomicGuest(memory: "imported" | "shared" | "unshared" = "shared"): Uint8Array {
  const module = new ModuleBuilder();
  if (memory === "imported") module.importMemory("env", "memory", 1, 4, { shared: true });
  else module.memory(1, 4, "memory", { shared: memory === "shared" });
  const add = (name: string, params: readonly string[], results: readonly string[]): void => {
    const body = [
      ...params.map((_, i) => get(i)),
      [name, ...(name === "atomic.fence" ? [] : [0])],
    ] as unknown as Instr[];
    module.function({ params, results, export: name }, ...body);
  };
  for (const access of accesses) {
    const { type } = access;
    add(atomicName(access, "load"), addresses, [type]);
    add(atomicName(access, "store"), [...addresses, type], []);
    for (const action of updates) add(atomicName(access, action), [...addresses, type], [type]);
    add(atomicName(access, "cmpxchg"), [...addresses, type, type], [type]);
  }
  add("memory.atomic.wait32", [...addresses, "i32", "i64"], ["i32"]);
  add("memory.atomic.wait64", [...addresses, "i64", "i64"], ["i32"]);
  add("memory.atomic.notify", [...addresses, "i32"], ["i32"]);
  add("atomic.fence", [], []);
  module.function({ params: ["i32"], results: ["i32"], export: "grow" }, get(0), ["memory.grow"]);
  module.function({ results: ["i32"], export: "size" }, ["memory.size"]);
  module.function({ params: ["i32"], results: ["i32"], export: "i32.load" }, get(0), ["i32.load"]);
  return module.build();
}
