// The host module that the scripts import from (specification: interpreter/host/spectest.ml).
import type { Runtime } from "zerowasm";

/** Registers `spectest` in a runtime. */
export function registerSpectest(runtime: Runtime, hasSharedMemory: boolean): void {
  const module = runtime.hostModule("spectest");
  const ignore = (): void => {};
  module.function("print", {}, ignore);
  for (const type of ["i32", "i64", "f32", "f64"]) module.function(`print_${type}`, { params: [type] }, ignore);
  module.function("print_i32_f32", { params: ["i32", "f32"] }, ignore);
  module.function("print_f64_f64", { params: ["f64", "f64"] }, ignore);
  module.global("global_i32", { type: "i32" }, 666);
  module.global("global_i64", { type: "i64" }, 666n);
  module.global("global_f32", { type: "f32" }, 666.6);
  module.global("global_f64", { type: "f64" }, 666.6);
  module.table("table", { type: "funcref", min: 10, max: 20 });
  module.table("table64", { type: "funcref", min: 10, max: 20, index64: true });
  module.memory("memory", { min: 1, max: 2 });
  if (hasSharedMemory) module.memory("shared_memory", { min: 1, max: 2, shared: true });
  module.instantiate();
}
