// Small guests that several tests need, each a module of its own.
import { type Instr, ModuleBuilder } from "./module-builder.ts";

const i32 = ["i32"] as const;

/** Exports `run`: a function with this body. */
export function single(params: readonly string[], results: readonly string[], ...body: readonly Instr[]): Uint8Array {
  const module = new ModuleBuilder();
  module.function({ params, results, export: "run" }, ...body);
  return module.build();
}

/** Imports `env.f` from i32 to i32 and exports `run`, which calls it and adds one. */
export function caller(): Uint8Array {
  const module = new ModuleBuilder();
  const f = module.importFunction("env", "f", { params: i32, results: i32 });
  module.function(
    { params: i32, results: i32, export: "run" },
    ["local.get", 0],
    ["call", f],
    ["i32.const", 1],
    "i32.add",
  );
  return module.build();
}

/** Exports `count`, which calls itself as often as its argument says, and `forever`, which never stops calling itself. */
export function recursive(): Uint8Array {
  const module = new ModuleBuilder();
  module.function(
    { params: i32, results: i32, export: "count", name: "count" },
    ["local.get", 0],
    "i32.eqz",
    ["if", "i32"],
    ["i32.const", 0],
    "else",
    ["local.get", 0],
    ["i32.const", 1],
    "i32.sub",
    ["call", 0],
    ["i32.const", 1],
    "i32.add",
    "end",
  );
  module.function({ export: "forever", name: "forever" }, ["call", 1]);
  return module.build();
}

/** Exports `increment`, which adds one to a variable and gives it; and the variable as `count`. */
export function counter(): Uint8Array {
  const module = new ModuleBuilder();
  const count = module.global("i32", true, [["i32.const", 0]], "count");
  module.function(
    { results: i32, export: "increment" },
    ["global.get", count],
    ["i32.const", 1],
    "i32.add",
    ["global.set", count],
    ["global.get", count],
  );
  return module.build();
}
