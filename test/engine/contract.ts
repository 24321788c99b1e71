// What every engine and every form of dispatch has to do, as one suite (specification: 4.7 Modules, 4.2.2 Results).
import { describe } from "node:test";
import { Runtime, type RuntimeConfig } from "zerowasm";
import { aggregates } from "./contract/aggregates.ts";
import { atomics } from "./contract/atomics.ts";
import { calls } from "./contract/calls.ts";
import { casts } from "./contract/casts.ts";
import { catching } from "./contract/catching.ts";
import { crossing } from "./contract/crossing.ts";
import { exceptions } from "./contract/exceptions.ts";
import { legacyExceptions } from "./contract/legacy-exceptions.ts";
import { lifecycle } from "./contract/lifecycle.ts";
import { limits } from "./contract/limits.ts";
import { linking } from "./contract/linking.ts";
import { memories } from "./contract/memories.ts";
import { metering } from "./contract/metering.ts";
import { operandOrder } from "./contract/operand-order.ts";
import { references } from "./contract/references.ts";
import { resumption } from "./contract/resumption.ts";
import { rounding } from "./contract/rounding.ts";
import { suspension } from "./contract/suspension.ts";
import { tailCalls } from "./contract/tail-calls.ts";
import { traps } from "./contract/traps.ts";
import { values } from "./contract/values.ts";
import { vectors } from "./contract/vectors.ts";

/** Makes a fresh runtime of the engine under test. */
export type NewRuntime = (config?: RuntimeConfig) => Runtime;

/** Registers the suite for one engine configuration; `make` gives a runtime for it and what a test adds. */
export function contract(
  engine: RuntimeConfig,
  name: string = `${engine.engine} ${engine.dispatch ?? ""}${engine.eager === true ? "eager" : ""}`,
  make: (config: RuntimeConfig) => Runtime = (config) => new Runtime(config),
): void {
  const newRuntime: NewRuntime = (config) => make({ ...engine, ...config });
  const parts = {
    calls,
    references,
    aggregates,
    casts,
    tailCalls,
    values,
    rounding,
    linking,
    crossing,
    memories,
    traps,
    operandOrder,
    exceptions,
    legacyExceptions,
    catching,
    limits,
    vectors,
  };
  const more = { metering, suspension, resumption, lifecycle, atomics };
  describe(name, () => {
    for (const [title, part] of Object.entries({ ...parts, ...more })) describe(title, () => part(newRuntime));
  });
}
